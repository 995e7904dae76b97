"""Vectors in memory, one space per namespace, searched exactly by usearch.

Exact, not approximate: a graph that finds everything takes 9 s to build for 10,000 rows, a flat one 0.06 s, and looking
at every row takes less time than embedding the question (docs/decisions/020). usearch must be imported after
onnxruntime (some releases crash otherwise), so it is imported when the first space is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEWEST_LINKS = 2  # usearch always builds a graph; this one is as small as it can be, for it is never walked
SAME_CODE = 32  # newest rows with the same fingerprint that are compared besides the nearest ones


class Near(NamedTuple):
    """A row of the table `entry` and the cosine of its vector to the one asked about."""

    seq: int
    cosine: float


class Space:
    """The vectors of one namespace by their row's `seq`, stored as float16."""

    def __init__(self, dimensions: int) -> None:
        from usearch.index import Index

        self._dimensions = dimensions
        self._index = Index(
            ndim=dimensions, metric="cos", dtype="f16", connectivity=FEWEST_LINKS, expansion_add=1, expansion_search=1
        )
        self._by_fingerprint: dict[str, list[int]] = {}
        self._fingerprints: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._fingerprints)

    def add(self, rows: Iterable[tuple[int, str, bytes]]) -> None:
        """Add (seq, fingerprint, vector as float32 bytes). A vector of another length, or not finite, is left out."""
        import numpy as np

        good: dict[int, NDArray[np.float32]] = {}
        for seq, fingerprint, data in rows:
            if seq in self._fingerprints or len(data) != 4 * self._dimensions:
                continue
            vector = np.frombuffer(data, dtype="<f4")
            if not np.isfinite(vector).all() or not vector.any():  # either would rank first whatever is asked
                continue
            good[seq] = vector
            self._fingerprints[seq] = fingerprint
            self._by_fingerprint.setdefault(fingerprint, []).append(seq)
        if good:
            self._index.add(np.array(list(good), dtype=np.uint64), np.stack(list(good.values())), threads=1)

    def drop(self, seqs: Iterable[int]) -> None:
        """Forget these rows."""
        for seq in seqs:
            fingerprint = self._fingerprints.pop(seq, None)
            if fingerprint is not None:
                self._by_fingerprint[fingerprint].remove(seq)
                self._index.remove(seq)

    def search(self, vector: NDArray[np.float32], fingerprint: str, k: int) -> list[Near]:
        """Return the `k` nearest rows and the newest ones with that fingerprint, best first."""
        k = min(k, len(self))
        hits: dict[int, float] = {}
        if k:
            found = self._index.search(vector, k, exact=True, threads=1)
            hits = {int(seq): 1.0 - float(distance) for seq, distance in zip(found.keys, found.distances, strict=True)}
        hits |= self._cosines(vector, [seq for seq in self._same(fingerprint) if seq not in hits])
        return [
            Near(seq=seq, cosine=min(1.0, max(-1.0, cosine)))
            for seq, cosine in sorted(hits.items(), key=lambda hit: -hit[1])
        ]

    def _same(self, fingerprint: str) -> Sequence[int]:
        return self._by_fingerprint.get(fingerprint, [])[-SAME_CODE:]

    def _cosines(self, vector: NDArray[np.float32], seqs: Sequence[int]) -> dict[int, float]:
        import numpy as np

        if not seqs:
            return {}
        stored = np.asarray(self._index.get(np.array(seqs, dtype=np.uint64)), dtype=np.float32)
        cosines = stored @ vector / np.linalg.norm(stored, axis=1)
        return {seq: float(cosine) for seq, cosine in zip(seqs, cosines, strict=True)}
