"""Secrets never leave: every shape and every way of writing them down is masked, and what only looks alike stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.planted import KEYS, TOKENS, WRITTEN, drawn
from optafly.privacy.masking import mask


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
    "password: SecretStr2 | None",
    "password: Base64String = encoded",
    "password: the one that you know",
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
