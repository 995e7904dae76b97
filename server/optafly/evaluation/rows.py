"""The rows of prompt logs and verdicts: JSON Lines, plain or gzipped, one object a line; other fields are ignored."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Literal, Protocol, TypeVar

import msgspec

from optafly.errors import OptaflyError

Id = int | str
SAME_TEXT = 1_000.0  # stands for the certainty that JSON has no number for


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What every row shares: fields that other programs added are no error."""


class Prompt(Row, frozen=True):
    """What was asked; rows stand in the order of arrival."""

    id: Id
    prompt: str


class Labelled(Row, frozen=True):
    """What is known of a prompt: two of one `group` deserve the same answer.

    Two of different groups with the same `loose` key are ambiguous: neither right nor wrong. `source` is where the
    prompt comes from; figures are also given by it.
    """

    id: Id
    group: Id
    loose: Id | None = None
    source: str = ""


class Judged(Row, frozen=True):
    """The cache's verdict on the prompt `id`.

    `match` is the earlier prompt whose answer is served or offered first. `probability` is the calibrated one that the
    best candidate is right, `ms` what the lookup took, embedding included, `reason` the evidence in one sentence.
    `best` is the candidate with the highest score, also where it is not good enough for an offer; `servable` the best
    one without a veto, and `score` the log-odds of that one (`SAME_TEXT` where the text is the same).
    """

    id: Id
    verdict: Literal["serve", "offer", "miss"]
    match: Id | None = None
    ms: float | None = None
    probability: float | None = None
    reason: str = ""
    best: Id | None = None
    servable: Id | None = None
    score: float | None = None


class Candidate(Row, frozen=True):
    """One earlier prompt that was compared with the prompt `id`, nearest first.

    `score` is the verifier's log-odds before calibration, `similarity` the cosine, `veto` why it may not be served.
    """

    id: Id
    match: Id
    similarity: float
    score: float
    veto: str | None


class Identified(Protocol):
    """A row with an id."""

    @property
    def id(self) -> Hashable: ...


R = TypeVar("R", bound=Identified)


def read(path: Path, kind: type[R], limit: int | None = None) -> list[R]:
    """Return the rows of `path`, at most `limit`, as `kind`; gzipped where the name ends in `.gz`.

    Raises OptaflyError, with the number of the line, for what is not such a row and for an id that came before.
    """
    found: list[R] = []
    seen: set[Hashable] = set()
    try:
        for number, line in _lines(path):
            if limit is not None and len(found) >= limit:
                break
            row = _row(path, number, line, kind)
            if row.id in seen:
                raise _bad(path, number, f"The id {row.id!r} stands on an earlier line as well.")
            seen.add(row.id)
            found.append(row)
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise OptaflyError(f"{path} cannot be read.", why=f"{why}.", todo="Check the path and the file.") from error
    if not found:
        raise OptaflyError(f"{path} holds no rows.", todo="Give a file with one JSON object a line.")
    return found


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield number, line


def _row(path: Path, number: int, line: bytes, kind: type[R]) -> R:
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _bad(path, number, f"{error}.") from error


def _bad(path: Path, number: int, why: str) -> OptaflyError:
    return OptaflyError(
        f"Line {number} of {path} is not a row that can be used.",
        why=why,
        todo="Correct it; docs/how-to/evaluate.md has the format.",
    )
