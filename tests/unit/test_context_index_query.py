"""The vector of a question: there soon, never waited for in vain, and back after a failure."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fakes.indexing import until
from optafly.context.index.query import QueryVectors
from optafly.errors import ModelFileError


class Embedder:
    """Gives ones; fails where it is asked to."""

    name = "ones"
    dimensions = 4

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if "native" in texts:
            raise RuntimeError("the runtime failed")
        return np.ones((len(texts), 4), np.float32)

    def sees_whole(self, text: str) -> bool:
        return True


def test_a_question_has_a_vector_and_the_embedder_is_let_go_after_a_while() -> None:
    vectors = QueryVectors(Embedder, idle_s=0.05)
    assert vectors.of("first", 30.0) is not None
    until(lambda: not vectors.is_loaded)
    assert vectors.of("again", 30.0) is not None


def test_whatever_fails_costs_the_vector_of_one_question_and_no_wait() -> None:
    faults: list[Exception] = [MemoryError(), ModelFileError("There is no model.", todo="Install it.")]

    def load() -> Embedder:
        if faults:
            raise faults.pop()
        return Embedder()

    vectors = QueryVectors(load, again_s=0.3)
    began = time.monotonic()
    assert vectors.of("while it cannot be loaded", 30.0) is None
    assert vectors.of("and again", 30.0) is None
    assert time.monotonic() - began < 15
    until(lambda: vectors.of("now it can", 0.0) is not None)
    assert faults == []
    assert vectors.of("native", 0.0) is None
    assert vectors.of("afterwards", 0.0) is not None
