"""A prompt as the rules read it: its own words, with everything that must not be read as words covered up."""

from __future__ import annotations

import re

import msgspec

from optafly.refine.fences import fences
from optafly.refine.marks import REPORT
from optafly.refine.phrases import Word
from optafly.refine.traces import FRAMES, frames
from optafly.scripts import UNSPACED

# What is quoted, pasted or named is not the person speaking: "this" in there means nothing to us.
_COVERED = re.compile(
    FRAMES  # before the quotations in them
    + r"""
    | (?P<ticks>`+)(?!`)[^\n]*?[^`\n](?P=ticks)(?!`)            # `inline code`
    | "[^"\n]*" | “[^”\n]*” | „[^“”\n]*[“”] | «[^»\n]*» | 「[^」\n]*」 | 『[^』\n]*』
    | (?<!\w)'[^'\n]*'(?!\w) | (?<!\w)‘[^’\n]*’(?!\w)
    | https?://\S+ | <masked:[a-z-]{1,40}-\d{1,9}>
    | ^[ ]*\t[^\n]* | ^[ ]{4}[^\n]*                             # indented code
    | ^[ ]*(?:>|at\ |file\ ")[^\n]*                             # quotations and stack frames
    | ^[^\n]*[;{}][ \t]*$                                       # a line of code
    """,
    re.VERBOSE | re.MULTILINE,
)
_WORD = re.compile(rf"[^\W{UNSPACED}]+|[{UNSPACED}]+")
_CODE_LINE = re.compile(
    r"^[^\n]*[;{}][ \t]*$|^[ ]*(?:def|class|import|from|func|fn|const|let|var)[ ][^\n]*[(:={][^\n]*$|^[ ]{4,}\S",
    re.MULTILINE,
)

# Longer prose is read at both ends only: people say what they want before or after what they paste.
_MOST_PROSE = 8_000


class Prose(msgspec.Struct, frozen=True):
    """The reading of a prompt.

    `covered` is `text` in small letters up to a last block of code, with NUL where the person does not speak.
    `unfenced` is `text` without its fenced code. `words` are the person's own words. `code` says that they bring code.
    """

    text: str
    covered: str
    unfenced: str
    words: tuple[Word, ...]
    code: bool
    open_fence: bool

    @property
    def end(self) -> int:
        """Where the text ends, white space after it aside."""
        return len(self.text.rstrip())


def read(text: str) -> Prose:
    """Read a prompt: fences, inline code, quotations, URLs, pasted code and our own insertions are covered."""
    blocks = fences(text)
    covered: list[str] = []
    unfenced: list[str] = []
    at = 0
    for start, end in [*((block.start, block.end) for block in blocks), (len(text), len(text))]:
        unfenced.append(text[at:start])
        covered += (_visible(text[at:start]), _cover(end - start))
        at = end
    if not text[blocks[-1].end if blocks else 0 :].strip():
        del covered[-3:]  # code at the end, often long: nothing is ever looked for in there
    said = "".join(covered)
    words = tuple(Word(match.group(), match.start(), match.end()) for match in _WORD.finditer(said))
    spoken = "".join(unfenced)
    code = bool(blocks) or len(_CODE_LINE.findall(spoken[: 4 * _MOST_PROSE])) > 1 or frames(spoken) > 1
    return Prose(text, said, spoken, words, code, any(not block.closed for block in blocks))


def _visible(text: str) -> str:
    return _COVERED.sub(_covered, REPORT.sub(_covered, _both_ends(_small(text)))) if text else ""


def _small(text: str) -> str:
    small = text.lower()
    return small if len(small) == len(text) else "".join(_small_letter(letter) for letter in text)


def _small_letter(letter: str) -> str:
    small = letter.lower()
    return small if len(small) == 1 else letter


def _cover(size: int) -> str:
    return "\x00" * size


def _covered(match: re.Match[str]) -> str:
    return _cover(len(match.group()))


def _both_ends(text: str) -> str:
    spare = len(text) - _MOST_PROSE
    if spare <= 0:
        return text
    half = _MOST_PROSE // 2
    return text[:half] + _cover(spare) + text[half + spare :]
