"""How much a name promises that its value is a secret."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

Strength = Literal["strong", "medium", "weak"]

# A secret-like name holds one of these, in lower case.
CLUES = ("pass", "pwd", "secret", "token", "key", "auth", "cred", "sig")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_QUALIFIER = re.compile(
    r"(?:_(?:value|val|prod|production|dev|test|testing|staging|stage|live|default|old|new|base64|b64|string|str|base"
    r"|main|primary|secondary|plain|raw|hex|\d{1,3}))+\Z|\d{1,3}\Z"
)
_NOT_SECRET = re.compile(
    r"(?:cache|primary|foreign|public|partition|sort|idempotency|group|row|hash|routing|i18n|translation|object|dict"
    r"|lookup|unique|index|query|state|react|map|s3|page|continuation|registry|keyboard|reset_link|public_key)_?(?:key|token)\Z"
)
_PASSWORD = re.compile(r"pass|pwd", re.IGNORECASE)
_STRENGTHS: tuple[tuple[Strength, re.Pattern[str]], ...] = (
    (
        "strong",
        re.compile(
            r"(?:password|passwd|passphrase|passcode|(?:^|_)pass|pwd|secret|(?:secret|private|signing|encryption|master"
            r"|account|access|storage|session|decryption|hmac|aes|jwt)_?key)\Z"
        ),
    ),
    (
        "medium",
        re.compile(
            r"(?:token|(?:api|app|auth|subscription|license|licence|service|admin|integration|write|deploy|webhook)_?key"
            r"|credentials?|authorization|(?:^|_)bearer)\Z"
        ),
    ),
    ("weak", re.compile(r"(?:^|_)(?:key|auth|creds?|sig|signature)\Z")),
)


@lru_cache(maxsize=4096)
def strength_of(name: str) -> Strength | None:
    """Say how much `name` promises, in whatever case it is written: its last words decide."""
    snake = _CAMEL.sub("_", name.rpartition(".")[2]).lower().replace("-", "_").strip("_")
    snake = _QUALIFIER.sub("", snake)
    if _NOT_SECRET.search(snake):
        return None
    return next((strength for strength, pattern in _STRENGTHS if pattern.search(snake)), None)


def is_password(name: str) -> bool:
    """Tell whether the name speaks of a password rather than of a key or token."""
    return _PASSWORD.search(name) is not None
