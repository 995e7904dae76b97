"""Secrets never leave: every shape and every way of writing them down is masked, and what only looks alike stays."""

from __future__ import annotations

import base64
import random
import string
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optafly.privacy.masking import mask

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


@pytest.mark.parametrize("name", TOKENS)
@pytest.mark.parametrize("place", ["{}", "x = '{}'", "see {} for it", "KEY={}\n", "(`{}`)", "日本{}語 {}"])
def test_a_known_token_is_masked_wherever_it_stands(name: str, place: str) -> None:
    masked, found = mask(place.replace("{}", f" {TOKENS[name]} " if "日" in place else TOKENS[name]), "prompt")
    assert TOKENS[name] not in masked
    assert found


@pytest.mark.parametrize(("template", "secret"), WRITTEN)
def test_a_secret_is_masked_however_it_is_written_down(template: str, secret: str) -> None:
    masked, found = mask(template.format(secret), "prompt")
    assert secret not in masked
    assert "<masked:" in masked
    assert len(found) == 1


@pytest.mark.parametrize("name", KEYS)
def test_nothing_of_a_private_key_is_left(name: str) -> None:
    text = f"before\n{KEYS[name]}\nafter"
    masked, found = mask(text, "prompt")
    assert not any(line[:20] in masked for line in KEYS[name].replace("\\n", "\n").splitlines() if len(line) == 64)
    assert [each.kind for each in found] == ["private-key"]
    assert masked.count("\n") == text.count("\n")
    assert masked.startswith("before\n")
    assert masked.endswith("\nafter")


@pytest.mark.parametrize("cut", [slice(None, 9), slice(6, None)])
def test_a_private_key_of_which_only_a_part_is_shown_is_masked(cut: slice) -> None:
    lines = KEYS["rsa"].split("\n")[cut]
    masked, _ = mask("\n".join(["import os", "", *lines, "", "print(os.name)"]), "piece")
    assert not any(line[:20] in masked for line in lines if len(line) == 64)
    assert "import os" in masked
    assert "print(os.name)" in masked


def test_a_value_written_in_several_strings_is_masked_whole() -> None:
    parts = [drawn(20) for _ in range(3)]
    joined = 'secret = (\n    "{}"\n    "{}"\n    "{}"\n)\nname = "shop"\n'.format(*parts)
    masked, _ = mask(joined, "piece")
    assert not any(part in masked for part in parts)
    assert 'name = "shop"' in masked


STAYS = [
    "token = tokens[0]",
    "token = next(tokens)",
    "token = self.advance()",
    "token: Token | None = None",
    'token = "IDENTIFIER"',
    'if token == "identifier":',
    "password: str",
    "password: string;",
    "def login(user: str, password: str) -> Token:",
    "def login(user, password='', token=None):",
    "self.password = password",
    "password = getpass()",
    'password = getpass.getpass("Password: ")',
    'password = os.environ["DB_PASSWORD"]',
    'api_key = os.environ.get("API_KEY")',
    "const apiKey = process.env.API_KEY;",
    "apiKey: config.apiKey,",
    "secret = settings.SECRET_KEY",
    'password = "<your password>"',
    'api_key = "<your key>"',
    'api_key = "your-api-key-here"',
    'api_key = "YOUR_API_KEY"',
    'password = "changeme"',
    'password = "********"',
    'password = "${DB_PASSWORD}"',
    'password = "{{ db_password }}"',
    'f"Bearer {token}"',
    "Authorization: Bearer <token>",
    "Authorization: Bearer ${TOKEN}",
    "DB_PASSWORD=$DB_PASSWORD",
    "DB_PASSWORD=${{ secrets.DB_PASSWORD }}",
    "PASSWORD=$(cat /run/secrets/db)",
    "password_file: /run/secrets/db_password",
    "postgres://app:${DB_PASSWORD}@db/shop",
    "https://user:password@example.org",
    "http://localhost:8080/path@2x.png",
    'label: { password: "Password", token: "Access token" }',
    '"password": "Your password must have at least 8 characters"',
    'type="password" name="password" placeholder="Password"',
    "max_tokens = 4096",
    "MAX_TOKENS=128000",
    "tokens_per_second: 31.5",
    "token_count = 12345678",
    "id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'",
    "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    'key = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"',
    'cache_key = "user:1234:profile:v2"',
    'key = "ArrowDown"',
    'primary_key = "id"',
    'sort_key: "created_at2"',
    "for key, value in sorted(items.items()):",
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
    '"integrity": "sha512-z1Lq4V1Nq4tB2kA7zq2m0n9fJ8w6dR3s5uT7xY9aB1cD3eF5gH7iJ9kL1mN3oP5qR7sT9uV1wX3yZ5aB7cD9eg=="',
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ada@example.org",
    "-----BEGIN CERTIFICATE-----",
    'if text.startswith("-----BEGIN RSA PRIVATE KEY-----"):',
    ".sk-circle-fade-dot-before-and-after { color: red }",
    "import { tokenize } from './tokenizer2';",
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor.",
    "What is a bearer token, and how does basic authentication differ from it?",
    "the secret is to keep functions small",
    "key=lambda pair: pair[1]",
    'raise ValueError("the API key is missing")',
    "pad_token = '[PAD]'",
    'next_page_token: "CAUQAA"',
    "password_hash = hash_password(password)",
    "val password: String",
    "private_key: PKCS7PrivateKeyTypes,",
]


@pytest.mark.parametrize("text", STAYS)
def test_what_only_looks_like_a_secret_stays(text: str) -> None:
    assert mask(text, "prompt") == (text, ())


def test_enough_shapes_and_look_alikes_are_tried() -> None:
    assert len(TOKENS) + len(WRITTEN) + len(KEYS) >= 50
    assert len(STAYS) >= 40


def test_the_same_secret_gets_the_same_placeholder() -> None:
    one, other = TOKENS["github classic"], TOKENS["github app"]
    masked, found = mask(f"{one} {other} {one}", "prompt")
    assert masked == "<masked:github-token-1> <masked:github-token-2> <masked:github-token-1>"
    assert [each.placeholder for each in found] == ["<masked:github-token-1>", "<masked:github-token-2>"]
    assert {each.where for each in found} == {"prompt"}


def test_a_new_secret_beside_an_old_placeholder_gets_a_new_number() -> None:
    masked, _ = mask(f"<masked:github-token-1> and {TOKENS['github app']}", "edited prompt")
    assert masked == "<masked:github-token-1> and <masked:github-token-2>"


secrets = st.sampled_from(
    [*TOKENS.values(), *KEYS.values(), *(template.format(secret) for template, secret in WRITTEN), *STAYS]
)
noise = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from("\"'`:=;,()<>{}[]\\\n\r\t /-_.@&?#$")), max_size=30
)
texts = st.lists(st.one_of(secrets, noise), max_size=12).map("".join)


@given(texts)
def test_masking_a_masked_text_changes_nothing(text: str) -> None:
    once, _ = mask(text, "prompt")
    assert mask(once, "prompt") == (once, ())


@given(texts)
def test_masking_keeps_every_line_break_and_gives_the_same_each_time(text: str) -> None:
    masked, found = mask(text, "prompt")
    assert [c for c in masked if c in "\r\n"] == [c for c in text if c in "\r\n"]
    assert mask(text, "prompt") == (masked, found)


@given(texts)
def test_every_reported_placeholder_stands_in_the_text(text: str) -> None:
    masked, found = mask(text, "prompt")
    assert all(each.placeholder in masked for each in found)
    assert len({each.placeholder for each in found}) == len(found)


HOSTILE: dict[str, Callable[[int], str]] = {
    "letters": lambda n: "a" * n,
    "names": lambda n: "password" * (n // 8),
    "spaced names": lambda n: "password " * (n // 9),
    "assignments": lambda n: "key=" * (n // 4),
    "open quotes": lambda n: 'password="' * (n // 10),
    "escaped quotes": lambda n: 'password=\\"' * (n // 11),
    "types": lambda n: "token: a, " * (n // 10),
    "jwt heads": lambda n: "eyJ" * (n // 3),
    "jwt dots": lambda n: "eyJaaaaaaaaaa." * (n // 14),
    "pem heads": lambda n: ("-" * 5 + "BEGIN RSA PRIVATE KEY" + "-" * 5) * (n // 31),
    "pem ends": lambda n: ("-" * 5 + "END RSA PRIVATE KEY" + "-" * 5 + "\n") * (n // 30),
    "base64": lambda n: ("A" * 64 + "\n") * (n // 65) + "-----END PRIVATE KEY-----",
    "urls": lambda n: "a://b:" * (n // 6),
    "dashes": lambda n: "-" * n,
    "backslashes": lambda n: 'password="' + "\\" * n,
    "spaces": lambda n: "token" + " " * n + "=",
    "brackets": lambda n: "secret" + "[" * n,
    "bearer": lambda n: "bearer " * (n // 7),
    "long value": lambda n: 'token = "' + "ab1" * (n // 3) + '"',
    "turkish": lambda n: "İpassword=" * (n // 10),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_masked_like_any_other(name: str) -> None:
    """How the time grows is measured by `tests/bench/masking_speed.py`; a runaway pattern would never end here."""
    text = HOSTILE[name](100_000) + f"\n{TOKENS['github app']}\n"
    masked, _ = mask(text, "prompt")
    assert TOKENS["github app"] not in masked
    assert masked.count("\n") == text.count("\n")
    assert mask(masked, "prompt") == (masked, ())
