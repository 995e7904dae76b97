"""The one spelling of a prompt under which an exact match is looked up; two prompts that mean different things never
share it.

So it is conservative. It changes: Unicode to NFC, line ends to `\\n`, runs of spaces inside a line to one, spaces at
line ends, the case of the first letter of a well-known opening word ("Why", "Explain"), one full stop at the very end,
and the question mark, of either width, at the end of a text that opens as a question or is in a script without spaces,
unless it is what is asked about ("what is ?"). It keeps: everything else, and all of what stands in backticks, fences
or quotation marks; indentation and line breaks too, for they mean something in pasted code. Politeness stays: "please"
may be what the prompt is about.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from optafly.cache.vocabulary import AUXILIARIES, OPENERS, QUESTION_OPENERS, WANTING
from optafly.scripts import UNSPACED

VERBATIM = r"""
    ```.*?(?:```|\Z) | ~~~.*?(?:~~~|\Z) | `[^`\n]+`
  | "[^"\n]*" | “[^”]*” | „[^“”]*[“”] | «[^»]*» | 「[^」]*」 | 『[^』]*』
  | (?<!\w)'[^'\n]+'(?!\w) | (?<!\w)‘[^’]+’(?!\w)
"""

LINE_ENDS = r"\n\r\v\f\x85\u2028\u2029"
_LINE_END = re.compile(rf"\r\n|[{LINE_ENDS}]")
_SPACE = re.compile(rf"(?P<verbatim>{VERBATIM.replace(' ', '').replace(chr(10), '')})|[^\S\n]+", re.DOTALL)
_FIRST_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_FULL_STOP = re.compile(r"(?<=[^\W\d_])[.。．]\Z")
_QUESTION_MARK = re.compile(r"(?<=[\w)\]\"'`’”»」』])(?:[^\S\n]?\?|？)\Z")
_SHORT = 40  # characters, in which two words have room
_UNSPACED_MARK = re.compile(rf"[{UNSPACED}][?？]\Z")


@lru_cache(maxsize=128)
def normalise(text: str) -> str:
    """Return the spelling of `text` that stands for it; normalising twice changes nothing more."""
    text = _LINE_END.sub("\n", unicodedata.normalize("NFC", text)).strip()
    text = _SPACE.sub(lambda match: _spaced(match, text), text)
    word = _FIRST_WORD.match(text)
    opener = word.group().replace("’", "'").casefold() if word else ""
    if word and opener in OPENERS and word.group()[1:].islower():
        text = text[0].lower() + text[1:]
    if opener in QUESTION_OPENERS or _UNSPACED_MARK.search(text):
        text = _QUESTION_MARK.sub(lambda match: match[0] if _is_meant(match, text) else "", text)
    return _FULL_STOP.sub("", text)


def _is_meant(mark: re.Match[str], text: str) -> bool:
    return mark[0][0].isspace() and breaks_off(text[: mark.start()])


def breaks_off(text: str) -> bool:
    """Return whether a text ends before what it is about: a mark behind it is that, as in `what is ?`. English only."""
    if text.rstrip().rpartition(" ")[2].casefold() in WANTING:
        return True
    match text.casefold().replace("’", "'").split() if len(text) <= _SHORT else ():
        case [only]:
            return only == "what's" or only in OPENERS - QUESTION_OPENERS
        case [first, last]:
            return first in QUESTION_OPENERS and last in AUXILIARIES
        case _:
            return False


def _spaced(match: re.Match[str], text: str) -> str:
    if match["verbatim"]:
        return match.group()
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    if after in ("", "\n"):
        return ""
    return match.group() if before == "\n" else " "
