"""A history as bytes."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Sequence, Set
from itertools import chain

import msgspec

_VERSION = 3


class _Bytes(msgspec.Struct, frozen=True, array_like=True):
    """What is written: numbers in little arrays, each commit's paths and words one after the other."""

    version: int
    swapped: bool
    head: str
    paths: list[str]
    words: list[str]
    sha_length: int
    shas: bytes
    times: bytes
    sizes: bytes
    path_counts: bytes
    path_numbers: bytes
    word_counts: bytes
    word_numbers: bytes
    moves: list[tuple[int, int, int]]
    titles: list[str]
    model: str
    vectors: list[bytes]
    lines: list[bytes]


class Stored(msgspec.Struct, frozen=True):
    """A history's tables: for each commit its id, time, size, title, and the numbers of its paths and words.

    `moves` are an old path's number, the new one's, and the commit's. `vectors` are those of the titles, which `model`
    made; empty where there is none yet. `lines` are those that each commit left in its files: how many there are in
    each, then their hashes, in 32 bits each; empty where they were not read.
    """

    head: str
    paths: list[str]
    words: list[str]
    shas: list[str]
    times: array[int]
    sizes: array[int]
    paths_in: list[array[int]]
    words_in: list[array[int]]
    moves: list[tuple[int, int, int]]
    titles: list[str]
    model: str
    vectors: list[bytes]
    lines: list[bytes]

    def encode(self) -> bytes:
        """Return the tables as MessagePack."""
        return msgspec.msgpack.encode(
            _Bytes(
                version=_VERSION,
                swapped=sys.byteorder == "big",
                head=self.head,
                paths=self.paths,
                words=self.words,
                sha_length=len(self.shas[0]) if self.shas else 40,
                shas=bytes.fromhex("".join(self.shas)),
                times=self.times.tobytes(),
                sizes=self.sizes.tobytes(),
                path_counts=_counts(self.paths_in),
                path_numbers=_joined(self.paths_in),
                word_counts=_counts(self.words_in),
                word_numbers=_joined(self.words_in),
                moves=self.moves,
                titles=self.titles,
                model=self.model,
                vectors=self.vectors,
                lines=self.lines,
            )
        )

    @classmethod
    def decode(cls, data: bytes) -> Stored:
        """Return the tables that were encoded; raises ValueError where they are not sound (DecodeError is one)."""
        found = msgspec.msgpack.decode(data, type=_Bytes)
        if (found.version, found.swapped) != (_VERSION, sys.byteorder == "big"):
            raise ValueError("The history was written by another version.")
        stored = cls(
            head=found.head,
            paths=found.paths,
            words=found.words,
            shas=_cut(found.shas.hex(), found.sha_length),
            times=_numbers("q", found.times),
            sizes=_numbers("I", found.sizes),
            paths_in=_split(found.path_counts, found.path_numbers),
            words_in=_split(found.word_counts, found.word_numbers),
            moves=found.moves,
            titles=found.titles,
            model=found.model,
            vectors=found.vectors,
            lines=found.lines,
        )
        stored._check()
        return stored

    def without(self, gone: Set[int]) -> Stored:
        """Return the tables without some paths, and without the words of commits of which no path is known then.

        A title may be about any file of its commit, and is shown: none stays of a commit that loses one.
        """
        paths_in = [array("I", (path for path in row if path not in gone)) for row in self.paths_in]
        words_in = [words if paths else array("I") for paths, words in zip(paths_in, self.words_in, strict=True)]
        whole = [len(left) == len(paths) for left, paths in zip(paths_in, self.paths_in, strict=True)]
        titles = [title if all_left else "" for all_left, title in zip(whole, self.titles, strict=True)]
        vectors = [vector if all_left else b"" for all_left, vector in zip(whole, self.vectors, strict=True)]
        rows = zip(self.paths_in, self.lines, strict=True)
        lines = [_kept(row, lines, gone) for row, lines in rows]
        moves = [move for move in self.moves if not gone & {move[0], move[1]}]
        paths, path_of = _used(self.paths, chain(*paths_in, *((old, new) for old, new, _ in moves)))
        words, word_of = _used(self.words, chain(*words_in))
        return msgspec.structs.replace(
            self,
            paths=paths,
            words=words,
            paths_in=[array("I", (path_of[path] for path in row)) for row in paths_in],
            words_in=[array("I", (word_of[word] for word in row)) for row in words_in],
            moves=[(path_of[old], path_of[new], number) for old, new, number in moves],
            titles=titles,
            vectors=vectors,
            lines=lines,
        )

    def _check(self) -> None:
        count = len(self.shas)
        tables = (self.times, self.sizes, self.paths_in, self.words_in, self.titles, self.vectors, self.lines)
        sound = (
            all(len(table) == count for table in tables)
            and max(chain.from_iterable(self.paths_in), default=-1) < len(self.paths)
            and max(chain.from_iterable(self.words_in), default=-1) < len(self.words)
            and all(0 <= i < len(self.paths) for old, new, _ in self.moves for i in (old, new))
            and all(_is_whole(lines, len(paths)) for paths, lines in zip(self.paths_in, self.lines, strict=True))
        )
        if not sound:
            raise ValueError("The history's tables do not belong together.")


def joined(rows: Sequence[array[int]]) -> bytes:
    """Return the lines of a commit, of each of its paths in order, as one row of bytes."""
    return _counts(rows) + _joined(rows)


def apart(lines: bytes, paths: int) -> list[array[int]]:
    """Return the lines of each of so many paths of one commit; of none where they were not read."""
    head = 4 * paths
    return _split(lines[:head], lines[head:]) if lines else []


def _is_whole(lines: bytes, paths: int) -> bool:
    if len(lines) % 4 or 0 < len(lines) < 4 * paths:
        return False
    return not lines or 4 * sum(_numbers("I", lines[: 4 * paths])) == len(lines) - 4 * paths


def _kept(paths: Sequence[int], lines: bytes, gone: Set[int]) -> bytes:
    """Return the lines of a commit without those of some paths."""
    if not lines or gone.isdisjoint(paths):
        return lines
    rows = zip(paths, apart(lines, len(paths)), strict=True)
    return joined([row for path, row in rows if path not in gone])


def _used(texts: Sequence[str], numbers: Iterable[int]) -> tuple[list[str], dict[int, int]]:
    """Return those of some texts that are used, and the new number of each old one."""
    used = sorted(set(numbers))
    return [texts[number] for number in used], {number: new for new, number in enumerate(used)}


def _counts(rows: Sequence[array[int]]) -> bytes:
    return array("I", map(len, rows)).tobytes()


def _joined(rows: Iterable[array[int]]) -> bytes:
    return b"".join(row.tobytes() for row in rows)


def _numbers(kind: str, data: bytes) -> array[int]:
    numbers: array[int] = array(kind)
    numbers.frombytes(data)
    return numbers


def _cut(text: str, length: int) -> list[str]:
    if length <= 0 or len(text) % length:
        raise ValueError("The history's commits are not whole.")
    return [text[i : i + length] for i in range(0, len(text), length)]


def _split(counts: bytes, numbers: bytes) -> list[array[int]]:
    lengths, joined = _numbers("I", counts), _numbers("I", numbers)
    if sum(lengths) != len(joined):
        raise ValueError("The history's rows are not whole.")
    found: list[array[int]] = []
    start = 0
    for length in lengths:
        found.append(joined[start : start + length])
        start += length
    return found
