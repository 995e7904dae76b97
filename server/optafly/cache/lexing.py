"""The one reader of a prompt's characters: into words, literals and marks, for all that compares prompts.

Any script: words where there are spaces, single characters in Chinese and Japanese, digits of every kind as numbers.
Whether two prompts say the same word for word (`wording`), and what lies between them (`reading`), are told of these.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from optafly.cache.normalise import VERBATIM
from optafly.cache.vocabulary import NEGATION_CHARACTERS, NEGATIONS

Kind = Literal["quoted", "plain", "path", "flag", "glob", "number", "cjk", "possessive", "word", "operator", "mark",
               "stop", "other"]  # fmt: skip

LONGEST = 2_000  # characters; an embedding sees about the first thousand, so a longer prompt is only compared whole

_CJK = r"\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
_LEXEME = re.compile(
    rf"""
      \s+
    | (?P<bare>[A-Za-z]++(?=\s|\Z))  # most words: seen at once, for nothing below takes them for anything else
    | (?P<quoted>{VERBATIM} | `[^`'\n]+')
    | (?P<plain>(?<![\w/.~*$-])[a-z]+(?:/[a-z]+){{1,2}}(?![\w/.*-]))
    | (?P<path>\w+://[^\s<>"'`]+ | (?:~|\.{{1,2}}|\$\w+)?(?:[\w.@+*?{{}}\[\]-]{{0,100}}[/\\])+[\w.@+*?{{}}\[\]$-]*)
    | (?P<flag>(?<![\w-])--?[^\W\d_][\w-]*)
    | (?P<glob>[\w.?-]*\*[\w.*?\[\]-]+)
    | (?P<number>(?:(?<![\w)\]])[-+−])?\d[\dA-Za-z_]*(?:[.,:]\d[\dA-Za-z_]*)*[%％]?)
    | (?P<cjk>[{_CJK}])
    | (?P<possessive>(?<=\w)['’]s?\b)
    | (?P<word>[@$#.]?(?:(?![\d{_CJK}])\w)(?:(?![{_CJK}])\w)*
          (?:(?:\.|::|->|['’])(?:(?![\d{_CJK}])\w)(?:(?![{_CJK}])\w)*)*(?:\(\)|\+\+|\#(?!\w))?)
    | (?P<operator>&&|\|\||[=!<>+*/%&|^~:-]{{2,3}}|[<>=+%&|^~*])
    | (?P<stop>(?<=[\w)\]"'`”’»」』])(?:[,;:]|\.+)(?=\s|\Z) | (?<=[\w)\]"'`”’»」』\s])[?](?=\s*\Z) | [。，、；：？])
    | (?P<mark>[,;:!?()\[\]{{}}"'`“”‘’-] | \.+(?=\s|\Z|[)\]"']))
    | (?P<other>\S)
    """,
    re.VERBOSE | re.DOTALL,
)
_IDENTIFIER = re.compile(r"[_@$#(+]|::|->|\w\.\w|^\.\w|\d|[^\W\d_A-Z][A-Z]")
_PAUSES = frozenset(",;:.!?—–…，。、；：？！")
_STEMS = {"ca": "can", "wo": "will", "sha": "shall"}


class Lexeme(NamedTuple):
    """One word, literal or mark as it was written. A `plain` one is words with `/` between, a `stop` only ends them."""

    kind: Kind
    text: str


def lex(text: str) -> list[Lexeme]:
    """Return the lexemes of `text` in order; only the space between them is left out."""
    found: list[Lexeme] = []
    for match in _LEXEME.finditer(text):
        if (kind := match.lastgroup) is not None:
            found.append(Lexeme("word" if kind == "bare" else kind, match.group()))  # pyright: ignore[reportArgumentType]  the groups' names are those of `Kind`
    return found


def pauses(lexemes: Sequence[Lexeme], at: int) -> bool:
    """Return whether a mark parts a negation from what follows: `no, delete it` is not `no delete it`."""
    if not 0 < at < len(lexemes) - 1 or lexemes[at].text not in _PAUSES:
        return False
    before = lexemes[at - 1].text.casefold()
    return before in NEGATIONS or before in NEGATION_CHARACTERS


def is_identifier(word: str) -> bool:
    """Return whether a word is a name of code: `parse_dates`, `getUser`, `os.path`, `foo()`, `C++`."""
    return _IDENTIFIER.search(word) is not None


def negated(folded: str) -> str | None:
    """Return what `n't` is joined to (`does` of `doesn't`), or None."""
    return _STEMS.get(folded[:-3], folded[:-3]) if folded.endswith("n't") else None
