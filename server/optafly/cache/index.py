"""Vectors in memory, one space per namespace: no graph, nothing to build, nothing on the disk.

Up to `PREFILTER_FROM` rows usearch compares every vector. Above, the signs of the 384 numbers (48 bytes a row) are
compared first, all of them, and usearch compares the `CANDIDATES` rows with the most equal signs, and those that have
as many. Measured on real prompts (docs/decisions/027): the nearest was among them every time, the nearest 16 in 99.9 %.
usearch must be imported after onnxruntime (some releases crash otherwise), so it is imported when a space is made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PREFILTER_FROM = 4096
CANDIDATES = 1024
SAME_CODE = 32  # newest rows with the same fingerprint that are compared besides the nearest ones,
SAME_CODE_KEPT = 4  # and how many of them, the nearest, are given back
GROWTH = 1.25


class Near(NamedTuple):
    """A row of the table `entry` and the cosine of its vector to the one asked about."""

    seq: int
    cosine: float


class Space:
    """The vectors of one namespace by their row's `seq`, as float16; used by one thread at a time."""

    def __init__(self, dimensions: int) -> None:
        import numpy as np
        import usearch.index  # noqa: F401  # pyright: ignore[reportUnusedImport]  slow, so not in the first search

        self._dimensions = dimensions
        self._count = 0
        self._vectors = np.empty((0, dimensions), dtype=np.float16)
        self._signs = np.empty((-(-dimensions // 64), 0), dtype=np.uint64)  # 64 signs of every row stand together
        self._seqs = np.empty(0, dtype=np.int64)
        self._codes = np.empty(0, dtype=np.uint64)

    def __len__(self) -> int:
        return self._count

    @property
    def size_bytes(self) -> int:
        """The memory that it holds."""
        return self._vectors.nbytes + self._signs.nbytes + self._seqs.nbytes + self._codes.nbytes

    def add(self, rows: Iterable[tuple[int, str, bytes]]) -> None:
        """Add (seq, fingerprint, vector as float16 bytes). A vector of another length, or not finite, is left out."""
        import numpy as np

        sized = [row for row in rows if len(row[2]) == 2 * self._dimensions]
        if not sized:
            return
        vectors = np.frombuffer(b"".join(row[2] for row in sized), dtype="<f2").reshape(len(sized), self._dimensions)
        seqs = np.array([row[0] for row in sized], dtype=np.int64)
        codes = np.array([_code(row[1]) for row in sized], dtype=np.uint64)
        # A vector that is no number, or nothing but zeros, would rank first whatever is asked.
        good = np.isfinite(vectors).all(axis=1) & vectors.any(axis=1) & ~np.isin(seqs, self._seqs[: self._count])
        self._append(vectors[good], seqs[good], codes[good])

    def _append(self, vectors: NDArray[np.float16], seqs: NDArray[np.int64], codes: NDArray[np.uint64]) -> None:
        start, end = self._count, self._count + len(seqs)
        self._grow(end)
        self._vectors[start:end] = vectors
        self._signs[:, start:end] = _signs(vectors).T
        self._seqs[start:end] = seqs
        self._codes[start:end] = codes
        self._count = end

    def _grow(self, least: int) -> None:
        import numpy as np

        room = len(self._seqs)
        if least <= room:
            return
        room = max(least, int(room * GROWTH))
        self._vectors.resize((room, self._dimensions), refcheck=False)  # in place where the system can: no second copy
        self._seqs.resize(room, refcheck=False)
        self._codes.resize(room, refcheck=False)
        self._signs = np.concatenate(
            [self._signs, np.empty((len(self._signs), room - self._signs.shape[1]), dtype=np.uint64)], axis=1
        )

    def drop(self, seqs: Iterable[int]) -> None:
        """Forget these rows."""
        import numpy as np

        self._keep(~np.isin(self._seqs[: self._count], np.fromiter(seqs, dtype=np.int64)))

    def keep(self, seqs: Iterable[int]) -> None:
        """Forget all but these rows."""
        import numpy as np

        self._keep(np.isin(self._seqs[: self._count], np.fromiter(seqs, dtype=np.int64)))

    def _keep(self, staying: NDArray[np.bool_]) -> None:
        """Fill the gaps with the last rows, so that what is searched has none."""
        import numpy as np

        count = int(staying.sum())
        gaps = np.flatnonzero(~staying[:count])
        last = count + np.flatnonzero(staying[count:])
        self._vectors[gaps] = self._vectors[last]
        self._signs[:, gaps] = self._signs[:, last]
        self._seqs[gaps] = self._seqs[last]
        self._codes[gaps] = self._codes[last]
        self._count = count

    def search(self, vector: NDArray[np.float32], fingerprint: str, k: int) -> list[Near]:
        """Return the `k` nearest rows, and the nearest of the newest ones with that fingerprint, best first."""
        import numpy as np

        found = self._nearest(vector, self._candidates(vector, k), k)
        same = np.flatnonzero(self._codes[: self._count] == _code(fingerprint))
        if len(same) > SAME_CODE:
            same = same[np.argsort(self._seqs[same])[-SAME_CODE:]]
        found |= self._nearest(vector, same, SAME_CODE_KEPT)
        return [Near(seq, cosine) for seq, cosine in sorted(found.items(), key=lambda hit: (-hit[1], -hit[0]))]

    def _candidates(self, vector: NDArray[np.float32], k: int) -> NDArray[np.intp] | None:
        """Return the rows whose signs are most like those of `vector`, or None for all rows."""
        import numpy as np

        wanted = max(CANDIDATES, 4 * k)
        if self._count < PREFILTER_FROM or self._count <= wanted:
            return None
        asked = _signs(vector.reshape(1, -1))[0]
        unlike = np.zeros(self._count, dtype=np.uint16)
        for stored, word in zip(self._signs, asked, strict=True):
            unlike += np.bitwise_count(stored[: self._count] ^ word)
        # As many as are wanted, and those that are as unlike as the last of them: counting is quicker than sorting.
        farthest = np.searchsorted(np.cumsum(np.bincount(unlike)), wanted)
        return np.flatnonzero(unlike <= farthest)

    def _nearest(self, vector: NDArray[np.float32], rows: NDArray[np.intp] | None, k: int) -> dict[int, float]:
        """Return the cosines of the `k` nearest among `rows` by their seq, compared exactly."""
        import numpy as np
        from usearch.index import search

        count = self._count if rows is None else len(rows)
        if not count or not k:
            return {}
        vectors = self._vectors[:count] if rows is None else self._vectors[rows]
        found = search(vectors, vector.astype(np.float16), min(k, count), exact=True, threads=1)  # by cosine
        keys = np.asarray(found.keys, dtype=np.intp)
        seqs = self._seqs[keys if rows is None else rows[keys]]
        cosines = np.clip(1.0 - np.asarray(found.distances, dtype=np.float64), -1.0, 1.0)
        return dict(zip(seqs.tolist(), cosines.tolist(), strict=True))


def _code(fingerprint: str) -> int:
    """Return 64 bits of a fingerprint: two with the same bits cost a comparison, for the verdict looks again."""
    return int.from_bytes(hashlib.blake2b(fingerprint.encode(), digest_size=8).digest(), "little")


def _signs(vectors: NDArray[np.float16] | NDArray[np.float32]) -> NDArray[np.uint64]:
    import numpy as np

    bits = np.packbits(vectors > 0, axis=1)
    whole = np.zeros((len(bits), -(-bits.shape[1] // 8) * 8), dtype=np.uint8)
    whole[:, : bits.shape[1]] = bits
    return whole.view(np.uint64)
