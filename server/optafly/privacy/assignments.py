"""Secrets that can be told by the name they are given: `password = "…"`, `API_KEY=…`, `Authorization: Bearer …`.

The name says how much the value must prove: whatever a password is set to is a secret, what is set to a `token` must
look like one, and what is set to a `key` must look random.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from optafly.privacy.shapes import Span, is_placeholder

Strength = Literal["strong", "medium", "weak"]

_CLUES = ("pass", "pwd", "secret", "token", "key", "auth", "cred", "sig")
_BACKWARDS = re.compile(r"[A-Za-z0-9_.-]{0,60}+")
_ONWARDS = re.compile(r"[A-Za-z0-9_-]{0,40}+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_QUALIFIER = re.compile(
    r"(?:_(?:value|val|prod|production|dev|test|testing|staging|stage|live|default|old|new|base64|b64|string|str|base"
    r"|main|primary|secondary|plain|raw|hex|\d{1,3}))+\Z|\d{1,3}\Z"
)
_NOT_SECRET = re.compile(
    r"(?:cache|primary|foreign|public|partition|sort|idempotency|group|row|hash|routing|i18n|translation|object|dict"
    r"|lookup|unique|index|query|state|react|map|s3|page|continuation|registry|keyboard|reset_link|public_key)_?(?:key|token)\Z"
)
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

_TYPE = r"(?:[\w\s&<>\[\], .|?*]|&'\w){1,60}?"
_QUOTED = (
    r"(?:\"\"\"(?P<v1>(?:[^\"\\]|\\.|\"(?!\"\")){1,4000}+)|'''(?P<v2>(?:[^'\\]|\\.|'(?!'')){1,4000}+)"
    r"|\"(?P<v3>(?:[^\"\\\n]|\\.)++)|'(?P<v4>(?:[^'\\\n]|\\.)++)|`(?P<v5>(?:[^`\\\n]|\\.)++)"
    r"|\\\"(?P<v6>[^\"\\\n]++)|&quot;(?P<v7>[^&\s]++))"
)
_SET_QUOTED = re.compile(
    r"(?:\\?[\"'`]|&quot;)?\s{0,4}[\])]?\s{0,8}"
    rf"(?::{_TYPE}=|=>|:=|={{1,3}}|!={{1,2}}|:|(?P<loose>[,(]|\s{{1,4}}value=|(?<=[A-Z0-9_-]\s)))"
    r"[\s(]{0,40}(?:[rbfuBRFU@$&]{1,2}(?=[\"'`]))?" + _QUOTED,
    re.DOTALL,
)
_SET_PLAIN = re.compile(
    r"(?P<op>\s{0,8}[:=]\s{0,8}|\s(?:is|was)\s|\s)(?P<v>[^\s\"'`,;<>&(){}\[\]|]{4,4000}+)(?P<next>.?)"
)
_SET_ENV = re.compile(r"=(?P<v>[^\s\"'`#$<][^\s\"'`]{3,4000}+)")
_ENV_LEAD = re.compile(r"\s*(?:(?:export|set|setx|ENV|ARG|-e|--env|-|\+|>|#|//|\*)\s+)*")
_HEADER = re.compile(
    r"\\?[\"']?\s{0,4}[\])]?\s{0,4}[:=,]\s{0,4}\\?[\"'`]?\s{0,4}(?:Bearer|Basic|Token|ApiKey)\s{1,4}"
    r"(?P<v>[A-Za-z0-9._~+/=-]{8,8000}+)",
    re.IGNORECASE,
)
_ELEMENT = re.compile(r">\s{0,8}(?P<v>[^<>\n]{4,400}+)</")
_BEARER = re.compile(r"(?<!\w)bearer\s{1,4}(?P<v>[A-Za-z0-9._~+/=-]{16,8000}+)", re.IGNORECASE)

_PROSE = re.compile(
    r"\b(?:pass\w*|token\w*|secret|keys?|login|is|are|the|must|please|your|you|to|be|for|in|not|of|or|and|with|has|was"
    r"|cannot|can't|enter|least|does|do|this)\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"[A-Za-z_$][\w$]*(?:(?:\.|::|->|\?\.)[A-Za-z_$][\w$]*)+|[A-Za-z_][\w.]*[(\[{].*", re.DOTALL)
_NOT_A_VALUE = re.compile(
    r"[A-Za-z]{0,12}(?:int|float|sha|md|utf|base|oauth|str|ascii|latin)[-_]?\d{1,3}|v?\d{1,4}(?:[.:-]\d{1,4}){1,3}\S{0,6}"
    r"|[0-9.,_%-]+|[A-Za-z]{0,12}(?:password|passwd|pwd|secret|token|key|pass)\w{0,3}",
    re.IGNORECASE,
)
_DIGEST = re.compile(
    r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE
)
_HUMPS = re.compile(r"(?:[A-Z]{1,5}|[A-Z]?[a-z]{2,})+")


def assigned(text: str) -> Iterator[Span]:
    """Yield every value that a secret-like name is set to and that looks like a secret; spans may overlap."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters change their length: keep offsets right
        lowered = "".join(c.lower() if c.isascii() else c for c in text)
    for clue in _CLUES:
        at, done = lowered.find(clue), 0
        while at >= 0:
            if at >= done and (span := _value_at(text, at, len(clue))):
                yield span
                done = span.end
            at = lowered.find(clue, max(at + len(clue), done))
    at = lowered.find("bearer ")
    while at >= 0:
        found = _BEARER.match(text, at)
        if found and _random(found["v"]):
            yield Span(*found.span("v"), "token")
        at = lowered.find("bearer ", at + 7)


@lru_cache(maxsize=4096)
def _strength(name: str) -> Strength | None:
    """Say how much a name promises a secret."""
    snake = _CAMEL.sub("_", name.rpartition(".")[2]).lower().replace("-", "_").strip("_")
    snake = _QUALIFIER.sub("", snake)
    if _NOT_SECRET.search(snake):
        return None
    return next((strength for strength, pattern in _STRENGTHS if pattern.search(snake)), None)


def _value_at(text: str, at: int, length: int) -> Span | None:
    """Return the secret that the name around `at` is set to, if any."""
    onwards = _ONWARDS.match(text, at + length)
    backwards = _BACKWARDS.match(text[max(at - 60, 0) : at][::-1])
    assert onwards is not None  # both may match nothing, but always match
    assert backwards is not None
    start, end = at - backwards.end(), onwards.end()
    name = text[start:end]
    strength = _strength(name)
    if strength is None:
        return None
    kind = "password" if re.search(r"(?i)pass|pwd", name) else "secret"
    if (header := _HEADER.match(text, end)) and not is_placeholder(header["v"]) and _varied(header["v"]):
        return Span(*header.span("v"), "token")
    if quoted := _SET_QUOTED.match(text, end):
        group = quoted.lastgroup or "v3"
        convinced = _convincing(quoted[group], strength, loose=quoted["loose"] is not None)
        return Span(*quoted.span(group), kind) if convinced else None
    if text[max(start - 1, 0) : start] in ("<", ":") and (element := _ELEMENT.match(text, end)):
        return Span(*element.span("v"), kind) if _convincing(element["v"], strength, loose=False) else None
    return _plain_value(text, start, end, strength, kind)


def _plain_value(text: str, start: int, end: int, strength: Strength, kind: str) -> Span | None:
    """Return an unquoted secret: in an .env or YAML line, a connection string, a query, a flag or a sentence."""
    name = text[start:end]
    line = max(text.rfind("\n", max(start - 200, 0), start) + 1, start - 200)
    lead = text[line:start]
    at_line_start = _ENV_LEAD.fullmatch(lead) is not None
    env = _SET_ENV.match(text, end)
    if env and at_line_start and name == name.upper():
        value = env["v"]
        if (
            _CODE.fullmatch(value)
            or is_placeholder(value)
            or (strength != "strong" and not _convincing(value, "medium"))
        ):
            return None
        return Span(*env.span("v"), kind)
    plain = _SET_PLAIN.match(text, end)
    if plain is None or plain["next"] in tuple("([{<"):
        return None
    value, op, before = plain["v"], plain["op"], text[max(start - 1, 0) : start]
    span = Span(*plain.span("v"), kind)
    if before and before in "?&;" and op.strip() == "=":
        loose_words = before != ";" or "=" in lead
        return span if _convincing(value, strength, loose=not loose_words) else None
    if before and before in "\"'" and plain["next"] == before and op.strip():
        return span if _convincing(value, strength) else None
    if _CODE.fullmatch(value) or not _convincing(value, strength, loose=True):
        return None
    flag = name.startswith("--")
    if not op.strip() and not flag and not at_line_start and "login" not in lead:
        return None
    return span if strength == "strong" or flag or _scattered(value) else None


def _convincing(value: str, strength: Strength, *, loose: bool = False) -> bool:
    """Tell whether `value` looks like what its name promises; `loose` asks for more, as code often looks alike."""
    if len(value) < 4 or is_placeholder(value) or value.startswith("<masked:"):
        return False
    if strength == "strong" and not loose:
        words = " " in value.strip()
        label = value.isalpha() and (value.istitle() or not value.isascii())
        return not label and not (words and _PROSE.search(value) is not None)
    if " " in value or not _varied(value):
        return False
    if strength == "strong":
        return len(value) >= 6
    return len(value) >= 8 if strength == "medium" else _random(value)


def _varied(value: str) -> bool:
    """Tell whether `value` mixes letters with digits or signs as no word, number, version or type does."""
    if _NOT_A_VALUE.fullmatch(value) or value.startswith(("/", "./", "http")):
        return False
    parts = [part for part in re.split(r"[-_.:/ ]", value) if part]
    with_digit = [part for part in parts if any(map(str.isdigit, part))]
    if not with_digit:
        signs = re.sub(r"[\w\s.:/-]", "", value)
        unbroken = max(map(len, parts), default=0) >= 16 and not (_HUMPS.fullmatch(value) and value.lower() != value)
        return (bool(signs) and any(map(str.isalpha, value))) or unbroken
    return len(parts) == 1 or len(with_digit) > 1 or re.search(r"\d[A-Za-z]", value) is not None


def _scattered(value: str) -> bool:
    """Tell whether digits and letters change places at least twice, or the value is long."""
    return len(value) >= 20 or len(re.findall(r"\d[A-Za-z]|[A-Za-z]\d", value)) >= 2


def _random(value: str) -> bool:
    """Tell whether `value` looks drawn at random, and is no digest or uuid."""
    if len(value) < 16 or _DIGEST.fullmatch(value) or re.search(r"[^\w+/=.~-]", value):
        return False
    changes = len(re.findall(r"(?=\d[A-Za-z]|[A-Za-z]\d|[a-z][A-Z])", value))
    return changes >= 4 and len(set(value)) >= 8
