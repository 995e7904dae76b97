"""The vector of a question: there soon, never waited for in vain, and back after a failure."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from fakes.indexing import until
from optafly.context.index.judging import Judging
from optafly.context.index.query import QueryVectors
from optafly.context.index.view import View
from optafly.context.index.watching import Watcher
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


def test_what_had_no_thread_when_it_was_asked_has_one_when_it_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors, told = QueryVectors(Embedder), list[set[str] | None]()
    watcher, judging = Watcher(tmp_path, told.append, poll_s=0.01), Judging(tmp_path, (), View(tmp_path))
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", no_thread_left)
        assert vectors.of("first", 30.0) is None
        watcher.watch([""], None)
        assert watcher.message.startswith("Changes are not noticed")
        assert judging.allows(["a.py"]) is None
    assert vectors.of("again", 30.0) is not None
    watcher.watch([""], None)
    until(lambda: None in told)
    assert watcher.message == ""
    assert judging.allows(["a.py"])
    watcher.stop()


def no_thread_left(thread: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")
