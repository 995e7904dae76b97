"""The one reader of a prompt's characters: into words, literals and marks, for all that compares prompts.

Any script: words where there are spaces, single characters in Chinese and Japanese, digits of every kind as numbers.
Whether two prompts say the same word for word (`wording`), and what lies between them (`reading`), are told of these.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from optafly.cache import lexicon
from optafly.cache.normalise import LINE_ENDS, VERBATIM
from optafly.cache.vocabulary import NEGATIONS

Kind = Literal["quoted", "plain", "path", "flag", "glob", "number", "cjk", "possessive", "word", "operator", "mark",
               "stop", "line", "dash", "other"]  # fmt: skip

LONGEST = 2_000  # characters; an embedding sees about the first thousand, so a longer prompt is only compared whole

_CJK = r"\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
_CLOSING = "\"'`“”‘’«»「」『』（）"
_LEXEME = re.compile(
    rf"""
      (?P<line>[^\S{LINE_ENDS}]*[{LINE_ENDS}]\s*+(?!\Z) | (?<=[{_CJK}])\s+(?=[{_CJK}]))
    | \s+
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
    | (?P<operator>&&|\|\||[=!<>+*/%&|^~:-]{{2,3}}|[<>=+%&|^~*]
          | (?<=\s)(?:[,;:，、；：]|[.?!。？！](?=\s+\S)|[。？！](?=\s*\Z))(?=\s|\Z)  # it stands there as what is meant
          | (?<=[^\s{_CJK}{_CLOSING}])[，、；：？](?=[^\s{_CJK}{_CLOSING}]))
    | (?P<stop>(?<=[\w)\]"'`”’»」』])(?:[,;:]|\.+)(?=\s|\Z) | (?<=[\w)\]"'`”’»」』\s])[?](?=\s*\Z) | [。，、；：？])
    | (?P<dash>-(?=\s))
    | (?P<mark>[,;:!?()\[\]{{}}"'`“”‘’-] | \.+(?=\s|\Z|[)\]"']))
    | (?P<other>\S)
    """,
    re.VERBOSE | re.DOTALL,
)
_IDENTIFIER = re.compile(r"[_@$#(+]|::|->|\w\.\w|^\.\w|\d|[^\W\d_A-Z][A-Z]")
_PAUSES = frozenset(",;:.!?—–…，。、；：？！)]}")
_STEMS = {"ca": "can", "wo": "will", "sha": "shall"}
_DENIED = re.compile(r".*n't|(?:do|does|did|ca|wo|is|are|was|were|should|would|could|must|need|have|has|had)nt")


class Lexeme(NamedTuple):
    """One word, literal or mark as it was written. A `plain` one is words with `/` between, a `stop` only ends them.

    A `line` is a line break with more behind it, or space where none belongs: between Chinese or Japanese characters.
    Its text is one line break. A `dash` has space behind it.
    """

    kind: Kind
    text: str


def lex(text: str) -> list[Lexeme]:
    """Return the lexemes of `text` in order; only the space between them, and line breaks at its end, are left out."""
    found: list[Lexeme] = []
    for match in _LEXEME.finditer(text):
        if (kind := match.lastgroup) is not None:
            word = "\n" if kind == "line" else match.group()
            found.append(Lexeme("word" if kind == "bare" else kind, word))  # pyright: ignore[reportArgumentType]  the groups' names are those of `Kind`
    return found


def pauses(lexemes: Sequence[Lexeme], at: int) -> int:
    """Return how far behind a word that denies a mark or a line break ends what is denied; 0 where it does not.

    `no, delete it` is not `no delete it`. It knows the words of English only: other prompts are compared by all their
    marks. A mark at the end of a prompt parts nothing, and of several in a row the first counts.
    """
    if not _parts(lexemes[at]):
        return 0
    for before in range(at - 1, -1, -1):
        if _parts(lexemes[before]):
            return 0
        if _denies(lexemes[before]):
            ends = all(_parts(lexemes[behind]) for behind in range(at + 1, len(lexemes)))
            return 0 if ends else at - before
    return 0


def _parts(lexeme: Lexeme) -> bool:
    kind, text = lexeme
    return kind in ("line", "dash") or (kind in ("stop", "mark", "other") and text[0] in _PAUSES)


def _denies(lexeme: Lexeme) -> bool:
    folded = lexeme.text.casefold().replace("’", "'")
    return folded in NEGATIONS or folded in lexicon.NEGATION or _DENIED.fullmatch(folded) is not None


def is_identifier(word: str) -> bool:
    """Return whether a word is a name of code: `parse_dates`, `getUser`, `os.path`, `foo()`, `C++`."""
    return _IDENTIFIER.search(word) is not None


def negated(folded: str) -> str | None:
    """Return what `n't` is joined to (`does` of `doesn't`), or None."""
    return _STEMS.get(folded[:-3], folded[:-3]) if folded.endswith("n't") else None
