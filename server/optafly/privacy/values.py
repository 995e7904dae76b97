"""What a value looks like: a secret, a word, a number, a piece of code, or something that stands for a secret."""

from __future__ import annotations

import re

_REFERENCE = re.compile(
    r"""\s*(?:
      <.*> | \$\{.*\}? | \$\(.*\)? | \$\w+ | %\(.*\)s | %\w+% | \{+.*\}+ | \#\{.*\} | \[.*\] | @\w+@ | __\w+__
    | (?:env|vault|secret|secrets|op|ref|file|https?|ssm|gcp|aws|arn|keyring)[:(].*
    | (?:process\.|os\.|secrets\.|vars\.|env\.|config\.|self\.|this\.).*
    | .*(?:\.\.\.|…)
    | /(?:run|etc|var|secrets|home|tmp|mnt|opt|usr)/.* | \.{1,2}/.*
    )\s*""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_EXAMPLE = re.compile(
    r"""(?:\W|_)*+(?:
      (?:your|my|the|our|some|an?|insert|replace|enter|put|add|paste|change|set|example|sample|dummy|fake|todo|fixme
        |invalid|wrong|missing|required|incorrect|expired|bad|weak|must|please|forgot|reset|confirm|new|old|current|no
        |redacted|removed|hidden|masked|none|null|nil|undefined|true|false|string|str|text|number|varchar|placeholder)
      (?:[\W_][\W_a-z]*+)?
    | your[a-z]{1,20} | changeme | change[\W_]?it
    | (?:x|X|\*|\.|…|•|0|-|_|\#|\?){1,200}
    | (?:[a-z]{1,20}[\W_]{1,2}){0,4}(?:pass|password|passwd|passphrase|pwd|secret|token|key|auth|credentials?|user)
      (?:[\W_]{1,2}[a-z]{1,20}){0,4}
    )(?:\W|_)*""",
    re.VERBOSE | re.IGNORECASE,
)


_PROSE = re.compile(
    r"\b(?:pass\w*|token\w*|secret|keys?|login|is|are|the|must|please|your|you|to|be|for|in|not|of|or|and|with|has|was"
    r"|cannot|can't|enter|least|does|do|this)\b",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"[A-Za-z_$][\w$]*(?:(?:\.|::|->|\?\.)[A-Za-z_$][\w$]*)+|[A-Za-z_][\w.]*[(\[{].*"
    # Names of things that hold secrets: `challengePassword`, `access_token`.
    r"|[A-Za-z]+(?:Password|Token|Secret|Key)[A-Za-z]*|[A-Za-z_]+_(?:password|token|secret|key)|(?:password|token|secret|key)_[A-Za-z_]+",
    re.DOTALL,
)
_NOT_A_VALUE = re.compile(
    r"[A-Za-z]{0,12}(?:int|float|sha|md|utf|base|oauth|str|ascii|latin)[-_]?\d{1,3}|v?\d{1,4}(?:[.:-]\d{1,4}){1,3}\S{0,6}"
    r"|[0-9.,_%-]+|[A-Za-z]{0,12}(?:password|passwd|pwd|secret|token|key|pass)\w{0,3}",
    re.IGNORECASE,
)
_INTERPOLATED = re.compile(r"\$?\{[\w.()\[\]'\"!: ]{1,80}\}|%[sd]")
_HUMPS = re.compile(r"(?:[A-Z]{1,5}|[A-Z]?[a-z]{2,})+")
_DIGEST = re.compile(
    r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE
)


def is_placeholder(value: str) -> bool:
    """Tell whether `value` stands for a secret without being one: `<your key>`, `${TOKEN}`, `changeme`, `xxxx`."""
    head = value[:300]
    return (
        not any(map(str.isalnum, head))
        or _REFERENCE.fullmatch(head) is not None
        or _EXAMPLE.fullmatch(head) is not None
    )


def is_code(value: str) -> bool:
    """Tell whether `value` reads as an expression: `settings.token`, `read(…`, `accessToken`."""
    return _CODE.fullmatch(value[:300]) is not None


def is_words(value: str) -> bool:
    """Tell whether `value` is a label or a sentence, as in `"password": "Your password"`."""
    label = value.isalpha() and (value.istitle() or not value.isascii())
    return label or (" " in value.strip() and _PROSE.search(value) is not None) or is_code(value)


def is_interpolated(value: str) -> bool:
    """Tell whether other values are put into `value` when the code runs."""
    return _INTERPOLATED.search(value) is not None


def is_varied(value: str) -> bool:
    """Tell whether `value` mixes letters with digits or signs as no word, number, version or type does."""
    if _NOT_A_VALUE.fullmatch(value) or value.startswith(("/", "./", "http")):
        return False
    parts = [part for part in re.split(r"[-_.:/ ]", value) if part]
    with_digit = [part for part in parts if any(map(str.isdigit, part))]
    if not with_digit:
        unbroken = len(parts) == 1 and len(value) >= 16 and (value.islower() or _HUMPS.fullmatch(value) is None)
        signs = re.search(r"[!@#$%^&*+~?]", value) is not None and re.search(r"[A-Za-z]", value) is not None
        return unbroken or signs
    return len(parts) == 1 or len(with_digit) > 1 or re.search(r"\d[A-Za-z]", value) is not None


def is_scattered(value: str) -> bool:
    """Tell whether digits and letters change places at least twice, or the value is long."""
    return len(value) >= 20 or len(re.findall(r"(?=\d[A-Za-z]|[A-Za-z]\d)", value)) >= 2


def is_random(value: str) -> bool:
    """Tell whether `value` looks drawn at random, and is no digest or uuid."""
    if len(value) < 16 or _DIGEST.fullmatch(value):
        return False
    changes = len(re.findall(r"(?=\d[A-Za-z]|[A-Za-z]\d|[a-z][A-Z])", value))
    return changes >= 4 and len(set(value)) >= 8
