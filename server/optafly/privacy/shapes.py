"""Secrets that can be told by their own shape: provider keys, JSON web tokens, private keys, passwords in URLs.

Each shape is a literal to look for and a pattern that must match where the literal stands. Quantifiers are bounded or
possessive and a run of characters is entered only at its start, so the time grows with the length of the text and no
faster. The formats are those that the providers publish, lengths kept looser, as providers lengthen their keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from optafly.privacy.values import is_placeholder


class Span(msgspec.Struct, frozen=True, order=True):
    """A secret found: code points `start` to `end` of the text, and what kind of secret it is."""

    start: int
    end: int
    kind: str


class Shape(msgspec.Struct, frozen=True):
    """One well-known shape; group `secret` of `pattern` is the secret.

    `back` is how far before the literal the pattern begins. `digit` demands a digit in the secret, where words joined
    by hyphens (CSS classes, `your-key-here`) would fit the pattern too.
    """

    kind: str
    literal: str
    pattern: re.Pattern[str]
    back: int = 0
    digit: bool = False


def _token(kind: str, literal: str, rest: str, *, digit: bool = False) -> Shape:
    pattern = rf"(?<![\w-])(?P<secret>{re.escape(literal)}{rest})"
    return Shape(kind, literal, re.compile(pattern, re.ASCII), digit=digit)


_ALNUM = "[A-Za-z0-9]"
TOKENS: tuple[Shape, ...] = (
    _token("anthropic-key", "sk-ant-", r"(?:[a-z]+\d\d-)?[\w-]{16,300}+"),
    _token("openai-key", "sk-", r"(?!ant-)[\w-]{20,300}+", digit=True),
    _token("google-key", "AIza", r"[\w-]{30,60}+"),
    _token("google-token", "ya29.", r"[\w.-]{20,600}+"),
    _token("google-secret", "GOCSPX-", r"[\w-]{20,60}+"),
    *(_token("aws-key", head, r"[A-Z0-9]{16}(?!\w)") for head in ("AKIA", "ASIA", "ABIA", "ACCA")),
    *(_token("github-token", f"gh{kind}_", r"\w{30,300}+") for kind in "pousr"),
    _token("github-token", "github_pat_", r"\w{22,300}+"),
    *(
        _token("gitlab-token", f"gl{kind}-", r"[\w.-]{18,300}+")
        for kind in ("pat", "dt", "rt", "cbt", "ptt", "ft", "imt", "soat", "agent")
    ),
    *(_token("slack-token", f"xox{kind}-", r"[\w-]{10,300}+", digit=True) for kind in "abceoprs"),
    _token("slack-token", "xapp-", r"\d-[\w-]{10,300}+"),
    *(
        _token("stripe-key", f"{kind}k_{mode}_", rf"{_ALNUM}{{16,300}}+")
        for kind in "sr"
        for mode in ("live", "test", "prod")
    ),
    _token("stripe-key", "whsec_", r"[A-Za-z0-9+/=]{20,300}+"),
    _token("npm-token", "npm_", rf"{_ALNUM}{{30,300}}+"),
    _token("pypi-token", "pypi-", r"[\w-]{40,600}+", digit=True),
    _token("huggingface-token", "hf_", rf"{_ALNUM}{{30,300}}+"),
    _token("twilio-key", "SK", r"[0-9a-f]{32}(?!\w)"),
    _token("twilio-key", "AC", r"[0-9a-f]{32}(?!\w)"),
    _token("sendgrid-key", "SG.", r"[\w-]{16,80}+\.[\w-]{16,120}+"),
    _token("jwt", "eyJ", r"[\w-]{8,8000}+\.[\w-]{8,16000}+\.[\w-]{0,8000}+(?:\.[\w-]{4,8000}+){0,2}"),
    _token("digitalocean-token", "dop_v1_", r"[0-9a-f]{40,100}+"),
    _token("groq-key", "gsk_", rf"{_ALNUM}{{30,300}}+"),
    _token("xai-key", "xai-", rf"{_ALNUM}{{40,300}}+"),
    _token("perplexity-key", "pplx-", rf"{_ALNUM}{{30,300}}+"),
    _token("replicate-token", "r8_", rf"{_ALNUM}{{30,300}}+"),
    _token("databricks-token", "dapi", r"[0-9a-f]{32}(?!\w)"),
    _token("vault-token", "hvs.", r"[\w-]{20,300}+"),
    _token("docker-token", "dckr_pat_", r"[\w-]{20,300}+"),
    _token("notion-token", "ntn_", rf"{_ALNUM}{{30,300}}+"),
    _token("linear-key", "lin_api_", rf"{_ALNUM}{{30,300}}+"),
    _token("shopify-token", "shpat_", r"[0-9A-Fa-f]{32,100}+"),
    _token("square-token", "sq0atp-", r"[\w-]{20,300}+"),
    _token("grafana-token", "glsa_", r"\w{30,300}+"),
    _token("age-key", "AGE-SECRET-KEY-1", r"[A-Z0-9]{50,60}+"),
    Shape("azure-secret", "Q~", re.compile(r"(?<![\w.~-])(?P<secret>[\w~.-]{4}Q~[\w.~-]{31,40}+)", re.ASCII), back=4),
)

# Where a password or a whole body is the secret, not a token. `hooks.slack.com` addresses are secrets in themselves.
PLACES: tuple[Shape, ...] = (
    Shape("password", "://", re.compile(r"://[^\s/?#@:\"'<>`\[\]]{0,128}+:(?P<secret>[^\s/\"'<>`]{1,256})@")),
    Shape(
        "webhook",
        "https://hooks.slack.com/",
        re.compile(r"https://hooks\.slack\.com/(?P<secret>(?:services|workflows)/[\w/-]{20,200}+)", re.ASCII),
        digit=True,
    ),
    Shape(
        "private-key",
        "-----BEGIN ",
        re.compile(
            r"(?P<secret>-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
            r"(?:(?:(?!-----)[\s\S]){40,20000}+-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
            r"|(?:[\s\"'+]|\\[nr])*+(?:[A-Za-z-]{4,20}: [^\n]{1,80}\s++)*+"  # cut off: what lines of it there are
            r"(?:[A-Za-z0-9+/]{30,80}+={0,2}(?:[\s\"'+,]|\\[nr])*+){1,400}+(?:[A-Za-z0-9+/]{1,80}={0,2}(?=\s*$))?))"
        ),
    ),
    Shape(
        "private-key",
        "Private-Lines: ",
        re.compile(r"Private-Lines: \d{1,3}\s{1,2}(?P<secret>(?:[A-Za-z0-9+/=]{4,80}+\r?\n?){1,100}+)"),
    ),
)

# What a token may consist of; every other byte separates. Bytes from 128 on belong to letters of other scripts.
_SEPARATE = bytes(c if (chr(c).isalnum() and c < 128) or chr(c) in "_-.~" else 32 for c in range(256))
_SHORTEST_TOKEN = 14
_BASE64_RUN = re.compile(r"[A-Za-z0-9+/]{30}")
_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY")
_BODY_ABOVE_END = re.compile(r"(?P<secret>(?:(?<=\n)|\A)(?:[ \t\"']*[A-Za-z0-9+/=]{4,80}+(?:[\"'+,]|\\[nr])*\s*+)+)\Z")


def shaped(text: str) -> Iterator[Span]:
    """Yield every secret that shows by its shape; spans may overlap."""
    words = text.encode("utf-8", "surrogatepass").translate(_SEPARATE).split()
    long = b" ".join([word for word in words if len(word) >= _SHORTEST_TOKEN]).decode("ascii")
    for shape in TOKENS:
        if shape.literal in long:
            yield from _places(shape, text)
    for shape in PLACES:
        yield from _places(shape, text)
    yield from _headless(text)


def _places(shape: Shape, text: str) -> Iterator[Span]:
    at = text.find(shape.literal)
    while at >= 0:
        found = shape.pattern.match(text, max(at - shape.back, 0))
        if found and _plausible(shape, found["secret"]):
            yield Span(*found.span("secret"), shape.kind)
            at = found.end("secret") - 1
        at = text.find(shape.literal, at + 1)


def _plausible(shape: Shape, secret: str) -> bool:
    if shape.kind == "password":
        return not is_placeholder(secret)
    if shape.kind == "private-key":
        return _BASE64_RUN.search(secret) is not None
    return len(set(secret[len(shape.literal) :])) >= 6 and not (shape.digit and not any(map(str.isdigit, secret)))


def _headless(text: str) -> Iterator[Span]:
    """Find the body of a private key whose BEGIN line was cut away."""
    for end in _END.finditer(text):
        above = text.rfind("\n\n", 0, end.start())
        window = max(above + 2 if above >= 0 else 0, end.start() - 8000)
        body = _BODY_ABOVE_END.search(text, window, end.start())
        if body and _BASE64_RUN.search(body["secret"]):
            yield Span(*body.span("secret"), "private-key")
