"""Secrets of every shape and every way of writing them down, made anew in each run: none stands in a file of ours."""

from __future__ import annotations

import base64
import random
import string

ALNUM = string.ascii_letters + string.digits
_draw = random.Random(20261121)  # every run plants the same secrets, none of which stands in this file


def drawn(length: int, alphabet: str = ALNUM) -> str:
    """Return random characters with at least one digit among them, as issued keys have."""
    return "7" + "".join(_draw.choices(alphabet, k=length - 1))


HEX = string.digits + "abcdef"
UPPER = string.ascii_uppercase + string.digits
URLSAFE = ALNUM + "-_"


def pem(kind: str, lines: int, newline: str) -> str:
    """Return something that looks like a private key."""
    body = newline.join(drawn(64, ALNUM + "+/") for _ in range(lines))
    rule = "-" * 5
    return f"{rule}BEGIN {kind}PRIVATE KEY{rule}{newline}{body}{newline}{rule}END {kind}PRIVATE KEY{rule}"


def jwt() -> str:
    """Return something that looks like a JSON web token."""
    head, body = (base64.urlsafe_b64encode(text).decode().rstrip("=") for text in (b'{"alg":"HS256"}', b'{"sub":"42"}'))
    return f"{head}.{body}.{drawn(43, URLSAFE)}"


TOKENS = {
    "anthropic": "sk-" + "ant-api03-" + drawn(90, URLSAFE),
    "openai": "sk-" + drawn(48),
    "openai project": "sk-" + "proj-" + drawn(100, URLSAFE),
    "openrouter": "sk-" + "or-v1-" + drawn(64, HEX),
    "google": "AI" + "za" + drawn(35, URLSAFE),
    "google oauth": "ya29" + "." + drawn(60, URLSAFE),
    "aws id": "AK" + "IA" + drawn(16, UPPER),
    "aws session id": "AS" + "IA" + drawn(16, UPPER),
    "github classic": "gh" + "p_" + drawn(36),
    "github app": "gh" + "s_" + drawn(36),
    "github fine": "github" + "_pat_" + drawn(22) + "_" + drawn(59),
    "gitlab": "gl" + "pat-" + drawn(20, URLSAFE),
    "slack bot": "xo" + "xb-" + drawn(12, string.digits) + "-" + drawn(12, string.digits) + "-" + drawn(24),
    "slack app": "xa" + "pp-1-" + drawn(11, UPPER) + "-" + drawn(13, string.digits) + "-" + drawn(64, HEX),
    "stripe": "sk" + "_live_" + drawn(24),
    "stripe restricted": "rk" + "_test_" + drawn(24),
    "npm": "np" + "m_" + drawn(36),
    "pypi": "py" + "pi-AgEIcHlwaS5vcmc" + drawn(80, URLSAFE),
    "huggingface": "h" + "f_" + drawn(34),
    "azure client secret": drawn(3) + "8Q" + "~" + drawn(34, URLSAFE),
    "twilio": "S" + "K" + drawn(32, HEX),
    "sendgrid": "S" + "G." + drawn(22, URLSAFE) + "." + drawn(43, URLSAFE),
    "jwt": jwt(),
    "databricks": "da" + "pi" + drawn(32, HEX),
    "groq": "gs" + "k_" + drawn(52),
    "vault": "hv" + "s." + drawn(24),
}

WORD = "hunter" + "2"
PHRASE = "correct horse " + "battery staple"

# How a secret is written down: the text around `{}`, and the secret.
WRITTEN: list[tuple[str, str]] = [
    ("password: {} why is it refused?", "hunter2" * 2),
    ("with the password: {}! Basic auth fails", "hunter2" * 2),
    ('password = "{}"', WORD),
    ("password = '{}'", "S3cr" + "et!"),
    ('    db_password: str = "{}"', WORD),
    ('let password: &str = "{}";', WORD),
    ('const apiKey: string = "{}";', drawn(32)),
    ("export const clientSecret = `{}`;", drawn(40, URLSAFE)),
    ('var apiToken = "{}"', drawn(32, HEX)),
    ('private static final String SECRET_KEY = "{}";', drawn(50)),
    ('#define API_KEY "{}"', drawn(32)),
    ('os.environ["API_KEY"] = "{}"', drawn(32)),
    ('client = Client(api_key="{}", timeout=3)', drawn(32)),
    ('connect(host, user="app", password="{}")', WORD),
    ('if password == "{}":', WORD),
    ('define("DB_PASSWORD", "{}");', WORD),
    ("'password' => '{}',", WORD),
    ('request.header("X-Api-Key", "{}")', drawn(32)),
    ("DB_PASSWORD={}", WORD),
    ("export API_TOKEN={}", drawn(32)),
    ("SECRET_KEY={}", drawn(40, ALNUM + "!@^*-+")),
    ('export DJANGO_SECRET_KEY="{}"', drawn(50)),
    ("# OLD_PASSWORD={}", WORD),
    ("ENV API_KEY {}", drawn(32)),
    ("docker run -e DB_PASSWORD={} app", WORD),
    ("password: {}", WORD),
    ("  api_key: {}", drawn(32)),
    ('  clientSecret: "{}"', drawn(32)),
    ("password: |\n  {}\n", WORD),
    ('{{"password": "{}"}}', WORD),
    ('{{"apiKey":"{}","user":"ada"}}', drawn(32)),
    ('"{{\\"password\\": \\"{}\\"}}"', WORD),
    ("[db]\npassword = {}\n", WORD),
    ("spring.datasource.password={}", WORD),
    ("aws_secret_access_key = {}", drawn(40, ALNUM + "+/")),
    ("machine example.org login ada password {}", drawn(12)),
    ("<password>{}</password>", WORD),
    ('<add name="ApiKey" value="{}" />', drawn(32)),
    ("postgres://app:{}@db.internal:5432/shop", WORD),
    ("redis://:{}@cache:6379/0", drawn(20)),
    ("https://ada:{}@git.example.org/repo.git", drawn(20)),
    ("mongodb+srv://app:{}@cluster0.example.net/?w=majority", "p4ss" + "w%40rd"),
    ("Server=db;Database=shop;User Id=sa;Password={};Encrypt=true", WORD),
    ("AccountName=shop;AccountKey={};EndpointSuffix=core.windows.net", drawn(86, ALNUM + "+/") + "=="),
    ("https://api.example.org/v1?access_token={}&page=2", drawn(32)),
    ("Authorization: Bearer {}", drawn(40, URLSAFE)),
    ('curl -H "Authorization: Basic {}" https://example.org', base64.b64encode(b"ada:love" + b"lace1815").decode()),
    ('headers = {{"Authorization": "Bearer {}"}}', drawn(40)),
    ("curl -H 'X-Api-Key: {}' https://example.org", drawn(32)),
    ("tool --password {} --verbose", WORD),
    ("tool --api-key={}", drawn(32)),
    ("My password is {}, why does the login fail?", WORD),
    ('password = (\n    "{}"\n)', WORD),
    ('password = """{}"""', WORD),
    ('"password":\n    "{}"', WORD),
    ("passphrase = '{}'", PHRASE),
    ('auth = "{}"', drawn(30)),
    ("signing_key: {}", drawn(44, ALNUM + "+/")),
    ('passwd := "{}"', "mysecret" + "password"),
    ('val password = "{}"', "pa" + '\\"ss' + "word1"),
]

KEYS = {
    "rsa": pem("RSA ", 26, "\n"),
    "openssh": pem("OPENSSH ", 6, "\n"),
    "windows line ends": pem("EC ", 4, "\r\n"),
    "on one line": '{"private_key": "' + pem("", 26, "\\n") + '\\n"}',
}
