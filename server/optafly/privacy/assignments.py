"""Secrets that can be told by the name they are given: `password = "…"`, `API_KEY=…`, `Authorization: Bearer …`.

The name says how much the value must prove: whatever a password is set to is a secret, what is set to a `token` must
look like one, and what is set to a `key` must look random.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from optafly.privacy.names import CLUES, Strength, is_password, strength_of
from optafly.privacy.shapes import Span
from optafly.privacy.values import (
    is_code,
    is_interpolated,
    is_placeholder,
    is_random,
    is_scattered,
    is_varied,
    is_words,
)

_BACKWARDS = re.compile(r"[A-Za-z0-9_.-]{0,60}+")
_ONWARDS = re.compile(r"[A-Za-z0-9_-]{0,40}+")

# --- values in quotes: code, JSON, YAML, XML attributes, calls ---
_TYPE = r"(?:[\w\s&<>\[\], .|?*]|&'\w){1,60}?"
_LITERAL = (
    r"(?:\"\"\"(?P<v1>(?:[^\"\\]|\\.|\"(?!\"\")){1,4000}+)|'''(?P<v2>(?:[^'\\]|\\.|'(?!'')){1,4000}+)"
    r"|\"(?P<v3>(?:[^\"\\\n]|\\.)++)|'(?P<v4>(?:[^'\\\n]|\\.)++)|`(?P<v5>(?:[^`\\\n]|\\.)++)"
    r"|\\\"(?P<v6>[^\"\\\n]++)|&quot;(?P<v7>[^&\s]++))"
)
_SET_QUOTED = re.compile(
    r"(?P<close>(?:\\?[\"'`]|&quot;)?)[^\S\n]{0,4}[\])]?[^\S\n]{0,8}"
    rf"(?::{_TYPE}=|=>|:=|={{1,3}}|!={{1,2}}|:|(?P<argument>[,(])|(?P<beside>\s{{1,4}}value=|(?<=[A-Z0-9_-]\s)))"
    r"[^\S\n]{0,40}(?:(?P<paren>\()\s{0,40}|(?<=[:=])\n\s{0,40}(?=\"(?!\"\")))?(?:[rbfuBRFU@$&]{1,2}(?=[\"'`]))?"
    + _LITERAL,
    re.DOTALL,
)
_LAST_ARGUMENT = re.compile(r"\\?[\"'`]\s{0,4}[)\]]")
_NEXT_LITERAL = re.compile(
    r"[\"'`][^\S\n]{0,8}(?P<joint>[+.&\\]?)(?P<newline>\s{0,40})(?P<joint2>[+.&]?)[^\S\n]{0,8}[rb]?[\"'`](?P<v>[^\"'`\n]{4,4000}+)"
)

# --- bare values: .env, YAML, INI, connection strings, queries, flags, headers, XML elements, sentences ---
_SET_PLAIN = re.compile(
    r"(?P<op>\s{0,4}:\s{0,4}[|>][+-]?\s{0,4}\n\s{1,20}|[^\S\n]{0,8}[:=][^\S\n]{0,8}|[^\S\n](?:is|was)[^\S\n]|[^\S\n])"
    r"(?P<v>[^\s\"'`,;<>&(){}\[\]|]{4,300}+)"
)
_SET_ENV = re.compile(r"=(?P<v>[^\s\"'`#<][^\s\"'`]{3,8000}+)")
_REST = re.compile(r"[^\s\"'`,;<>&(){}\[\]|]{0,8000}+")
_ENV_LEAD = re.compile(r"\s*(?:(?:export|set|setx|ENV|ARG|-e|--env|-|\+|>|#|//|\*)\s+)*")
# "password: hunter2 is refused": a sentence goes on with a word, code with a sign.
_SENTENCE_GOES_ON = re.compile(r"[!?.]?[^\S\n]{1,4}[^\W\d_]{1,30}(?=[\s.,;:!?'’]|\Z)")
_LINE_ENDS = re.compile(r"[^\S\n]*(?:(?:#|//)[^\n]{0,200}+)?(?:\n|\Z)")
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
_SCHEME = re.compile(
    r"\\?[\"']?\s{0,4}[\])]?\s{0,4}[:=,]\s{0,4}\\?[\"'`]?\s{0,4}(?:Bearer|Basic|Token|ApiKey)\s{1,4}"
    r"(?P<v>[A-Za-z0-9._~+/=-]{8,8000}+)",
    re.IGNORECASE,
)
_ELEMENT = re.compile(r">\s{0,8}(?P<v>[^<>\n]{4,400}+)</")
_BEARER = re.compile(r"(?<!\w)bearer\s{1,4}(?P<v>[A-Za-z0-9._~+/=-]{16,8000}+)", re.IGNORECASE)

_PASSWORD = re.compile(r"[\w!@#$%^&*+~?=/.,:;|-]{6,}")
_TOKEN = re.compile(r"[\w+/=.:~!@#$%^&*-]{8,}", re.ASCII)


def assigned(text: str) -> Iterator[Span]:
    """Yield every value that a secret-like name is set to and that looks like a secret; spans may overlap."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters change their length: keep offsets right
        lowered = "".join(c.lower() if c.isascii() else c for c in text)
    for clue in CLUES:
        at, done = lowered.find(clue), 0
        while at >= 0:
            for span in _values_at(text, at, len(clue)):
                yield span
                done = span.end
            at = lowered.find(clue, max(at + len(clue), done))
    at = lowered.find("bearer ")
    while at >= 0:
        found = _BEARER.match(text, at)
        if found and is_random(found["v"]) and not is_placeholder(found["v"]):
            yield Span(*found.span("v"), "token")
        at = lowered.find("bearer ", at + 7)


def _values_at(text: str, at: int, length: int) -> Iterator[Span]:
    """Yield the secret that the name around `at` is set to, if any, in as many parts as it is written in."""
    backwards = _BACKWARDS.match(text[max(at - 60, 0) : at][::-1])
    onwards = _ONWARDS.match(text, at + length)
    start, end = at - (backwards.end() if backwards else 0), onwards.end() if onwards else at + length
    name = text[start:end]
    strength = strength_of(name)
    if strength is None:
        return
    kind = "password" if is_password(name) else "secret"
    if (scheme := _SCHEME.match(text, end)) and is_varied(scheme["v"]) and not is_placeholder(scheme["v"]):
        yield Span(*scheme.span("v"), "token")
    elif quoted := _SET_QUOTED.match(text, end):
        yield from _quoted(text, quoted, strength, kind)
    elif text[max(start - 1, 0) : start] in ("<", ":") and (element := _ELEMENT.match(text, end)):
        if _convincing(element["v"], strength):
            yield Span(*element.span("v"), kind)
    elif span := _plain(text, start, end, strength, kind):
        yield span


def _quoted(text: str, found: re.Match[str], strength: Strength, kind: str) -> Iterator[Span]:
    group = next(name for name in ("v1", "v2", "v3", "v4", "v5", "v6", "v7") if found[name] is not None)
    value = found[group]
    if found["argument"]:
        named = found["argument"] == "(" or found["close"]
        if not named or not _LAST_ARGUMENT.match(text, found.end(group)) or not is_varied(value):
            return
    loose = found["argument"] is not None or found["beside"] is not None
    if not _convincing(value, strength, loose=loose):
        return
    yield Span(*found.span(group), kind)
    end = found.end(group)
    for _ in range(100):  # "a" "b" and "a" + "b" are one value
        more = _NEXT_LITERAL.match(text, end)
        if more is None or ("\n" in more["newline"] and not (found["paren"] or more["joint"] or more["joint2"])):
            return
        yield Span(*more.span("v"), kind)
        end = more.end("v")


def _plain(text: str, start: int, end: int, strength: Strength, kind: str) -> Span | None:
    name, before = text[start:end], text[max(start - 1, 0) : start]
    line = max(text.rfind("\n", max(start - 200, 0), start) + 1, start - 200)
    lead = text[line:start]
    at_line_start = _ENV_LEAD.fullmatch(lead) is not None
    if at_line_start and name.isupper() and (env := _SET_ENV.match(text, end)):
        value = env["v"]
        sure = strength == "strong" or _convincing(value, "medium")
        return None if is_code(value) or is_placeholder(value) or not sure else Span(*env.span("v"), kind)
    plain = _SET_PLAIN.match(text, end)
    if plain is None:
        return None
    op, value = plain["op"], plain["v"]
    following = text[plain.end() : plain.end() + 1]
    query = before != "" and before in "?&;" and op == "="
    in_quotes = before != "" and before in "\"'" and following == before and op.strip() != ""
    sure = (query and (before != ";" or "=" in lead)) or (in_quotes and ":" not in op)
    if is_code(value) or not _convincing(value, strength, loose=not sure):
        return None
    rest = _REST.match(text, plain.end())  # a long value is judged by its beginning
    stop = rest.end() if rest else plain.end()
    alone = _stands_alone(text, plain, stop, strength, flag=name.startswith("--"), lead=lead)
    return Span(plain.start("v"), stop, kind) if query or in_quotes or alone else None


def _stands_alone(text: str, plain: re.Match[str], stop: int, strength: Strength, *, flag: bool, lead: str) -> bool:
    """Tell whether a bare value stands where settings and sentences have one, not where code has an expression."""
    op, value, following = plain["op"], plain["v"], text[stop : stop + 1]
    if op.isspace():
        return flag or "login" in lead or (_ENV_LEAD.fullmatch(lead) is not None and lead.strip() != "")
    if op.strip() in ("is", "was"):
        return strength == "strong"
    told = op.lstrip().startswith(":") and strength == "strong" and _SENTENCE_GOES_ON.match(text, stop) is not None
    if (op != "=" and not told and _LINE_ENDS.match(text, stop) is None) or (following and following in "([{<"):
        return False
    if following and following in "),;" and _IDENTIFIER.fullmatch(value):
        return False
    return strength == "strong" or flag or is_scattered(value)


def _convincing(value: str, strength: Strength, *, loose: bool = False) -> bool:
    """Tell whether `value` looks like what its name promises; `loose` asks for more, as code often looks alike."""
    value = value[:300]
    if len(value) < 4 or (strength == "weak" and not is_random(value)) or is_placeholder(value):
        return False
    if strength == "strong" and not loose:
        return not is_words(value) and not is_interpolated(value)
    if len(value) < 6 or not is_varied(value):
        return False
    if strength == "strong":
        return _PASSWORD.fullmatch(value) is not None
    return _TOKEN.fullmatch(value) is not None
