"""The lines of a document as LSP counts them: they end at LF, CRLF and CR, and at nothing else.

`str.splitlines` also ends lines at form feeds and other separators, and would count otherwise than the editor does.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from itertools import accumulate

LONGEST_LINE = 2_000


class DocumentLines:
    """A document's lines, 0-based, and the byte (UTF-8) where each begins. There is always at least one line."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.raw = data.splitlines(keepends=True)
        if not self.raw or self.raw[-1].endswith((b"\n", b"\r")):
            self.raw.append(b"")
        self.starts = list(accumulate(map(len, self.raw[:-1]), initial=0))

    @classmethod
    def of(cls, text: str) -> DocumentLines:
        """Split `text`."""
        return cls(text.encode("utf-8", "surrogatepass"))

    def __len__(self) -> int:
        return len(self.raw)

    def line_at(self, offset: int) -> int:
        """Return the line of a byte offset."""
        return max(bisect_right(self.starts, offset) - 1, 0)

    def offset(self, line: int, character: int) -> int:
        """Return the byte offset of a place, moved into the line's text (its indentation and line end left out)."""
        raw = self.raw[line]
        before = raw.decode("utf-8", "surrogatepass")[:character].encode("utf-8", "surrogatepass")
        return self.starts[line] + max(min(max(len(before), indentation(raw)), len(raw.rstrip()) - 1), 0)

    def blank(self, line: int) -> bool:
        """Tell whether a line holds nothing but white space."""
        return not self.raw[line].strip()

    def content_hash(self, first: int, last: int) -> str:
        """Return the sha256 (hex) of lines `first` to `last`, both included, as they stand in the file."""
        return hashlib.sha256(b"".join(self.raw[first : last + 1])).hexdigest()

    def text(self, first: int, last: int, *, near: tuple[int, int] = (0, 0)) -> tuple[str, bool]:
        """Return lines `first` to `last` joined by LF, and whether one was cut for being longer than `LONGEST_LINE`.

        A cut line keeps what lies near the characters `near`, and `…` stands where something is missing.
        """
        lines = [raw.decode("utf-8", "replace").rstrip("\r\n") for raw in self.raw[first : last + 1]]
        cut = any(len(line) > LONGEST_LINE for line in lines)
        if cut:
            lines = [_cut(line, near) for line in lines]
        return "\n".join(lines).removeprefix("\ufeff"), cut


def indentation(raw: bytes) -> int:
    """Return how many bytes of white space a line begins with."""
    text = raw.rstrip(b"\r\n")
    return len(text) - len(text.lstrip())


def _cut(line: str, near: tuple[int, int]) -> str:
    if len(line) <= LONGEST_LINE:
        return line
    first, last = (min(place, len(line)) for place in near)
    start = min(max(first - max(LONGEST_LINE - (last - first), 0) // 2, 0), len(line) - LONGEST_LINE)
    end = start + LONGEST_LINE
    return "…" * (start > 0) + line[start:end] + "…" * (end < len(line))
