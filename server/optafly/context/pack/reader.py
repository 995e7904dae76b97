"""The workspace as packing reads it: files with their lines as they stand, and as they may leave."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import Protocol

from optafly.context.lines import DocumentLines
from optafly.context.outline.model import Outline
from optafly.domain import FileHit, Part
from optafly.privacy.masking import mask
from optafly.tokens import estimate_tokens

_MOST_KEPT = 128
_LONGEST_KEPT = 100_000  # characters
_MOST_CLEAN = 20_000
_clean: dict[bytes, None] = {}  # texts without secrets, by their hash


class Text:
    """A text with its lines as they stand, and as they may leave.

    With `masked`, secrets are replaced in the whole of it before anything is cut out: half a private key does not look
    like one.
    """

    def __init__(self, text: str, *, masked: bool) -> None:
        self._text, self._masked = text, masked
        self._costs: dict[tuple[int, int], int] = {}
        self._tokens: dict[tuple[int, int], int] = {}

    @cached_property
    def raw(self) -> DocumentLines:
        """The lines as they stand."""
        return DocumentLines.of(self._text)

    @cached_property
    def shown(self) -> DocumentLines:
        """The lines as they may leave; there are as many."""
        text = without_secrets(self._text) if self._masked else self._text
        return self.raw if text == self._text else DocumentLines.of(text)

    @cached_property
    def content(self) -> str:
        """All lines as they may leave, joined by LF, enormous ones cut."""
        return sendable(self.shown)

    def cost(self, first: int, last: int) -> int:
        """Estimate the tokens of lines as they stand: a secret in them is looked for only when they are taken."""
        known = self._costs.get((first, last))
        if known is None:
            known = self._costs[first, last] = estimate_tokens(self.raw.text(first - 1, last - 1)[0])
        return known

    def tokens(self, first: int, last: int) -> int:
        """Estimate the tokens of lines as they may leave."""
        if self.shown is self.raw:
            return self.cost(first, last)
        known = self._tokens.get((first, last))
        if known is None:
            known = self._tokens[first, last] = estimate_tokens(self.shown.text(first - 1, last - 1)[0])
        return known


class File:
    """One file of the workspace. `text` is raw; `changed` is how much it changed lately (0 where nobody knows).

    `stale`: it was found by another text, so that the lines and the words that were found are not its own.
    """

    def __init__(
        self,
        root: str,
        path: str,
        uri: str,
        text: str,
        outline: Outline,
        *,
        changed: float = 0.0,
        masked: bool = True,
        stale: bool = False,
    ) -> None:
        self.root, self.path, self.uri = root, path, uri
        self.outline, self.changed, self.stale = outline, changed, stale
        self._text = (_kept if len(text) <= _LONGEST_KEPT else Text)(text, masked=masked)

    @property
    def raw(self) -> DocumentLines:
        """The lines as they stand in the file."""
        return self._text.raw

    @property
    def shown(self) -> DocumentLines:
        """The lines as they may leave; there are as many."""
        return self._text.shown

    @property
    def last(self) -> int:
        """The number of the last line that is not blank; 0 where all are."""
        return next((n for n in range(len(self.raw), 0, -1) if not self.raw.blank(n - 1)), 0)

    @property
    def content(self) -> str:
        """All lines as they may leave, joined by LF, enormous ones cut."""
        return self._text.content

    def part(self, first: int, last: int) -> str:
        """Return lines `first` to `last` (1-based, inclusive) as they would be sent, enormous lines cut."""
        return self.shown.text(first - 1, last - 1)[0]

    def size(self, first: int, last: int) -> int:
        """Return the bytes of those lines as they stand."""
        raw = self._text.raw
        return (raw.starts[last] if last < len(raw.starts) else len(raw.data)) - raw.starts[first - 1]

    def cost(self, first: int, last: int) -> int:
        """Estimate the tokens of those lines before it is known whether they hold a secret."""
        return self._text.cost(first, last)

    def tokens(self, first: int, last: int) -> int:
        """Estimate the tokens of those lines as they would be sent."""
        return self._text.tokens(first, last)


@lru_cache(maxsize=_MOST_KEPT)
def _kept(text: str, *, masked: bool) -> Text:
    """Return the text as it was worked out for an earlier prompt: the next one is often about the same files."""
    return Text(text, masked=masked)


def without_secrets(text: str) -> str:
    """Return a text with its secrets replaced; one that is known to hold none is not searched again."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    if digest in _clean:
        return text
    shown = mask(text, "")[0]
    if shown == text:
        if len(_clean) >= _MOST_CLEAN:
            _clean.clear()
        _clean[digest] = None
    return shown


def sendable(lines: DocumentLines) -> str:
    """Return all of a document as its parts are sent: any part stands in it."""
    return lines.text(0, len(lines) - 1)[0]


def times_in(text: str, part: str) -> int:
    """Count the places where the lines of `part` are lines of `text`, both with LF between lines."""
    within, lines = f"\n{text}\n", f"\n{part}\n"
    count, at = 0, within.find(lines)
    while at >= 0:
        count, at = count + 1, within.find(lines, at + 1)
    return count


class Reader(Protocol):
    """Gives the files of a workspace."""

    def open(self, root: str, path: str) -> File | None:
        """Return the file `path` of a `root`, unsaved text before the disk; None where it is gone or is never read."""
        ...

    def parts(self, root: str, path: str) -> Sequence[Part]:
        """Return the parts of a file, those first that speak most to the prompt; none where nothing in it does."""
        ...

    def named(self, name: str) -> Sequence[FileHit]:
        """Return what a name (see `optafly.mentions`) may mean, likeliest first; `symbols` holds the definition."""
        ...
