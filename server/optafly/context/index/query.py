"""The vector of a question: the embedder is loaded beside the answers, and let go when nobody asked for a while."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from optafly.context.index.threads import started
from optafly.errors import OptaflyError
from optafly.models.embedding import Embedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

IDLE_S = 600.0
AGAIN_S = 60.0


class QueryVectors:
    """Embeds questions with what `load` gives. Where that raises, there are no vectors until it is tried again."""

    def __init__(self, load: Callable[[], Embedder], idle_s: float = IDLE_S, again_s: float = AGAIN_S) -> None:
        self._load = load
        self._idle_s = idle_s
        self._again_s = again_s
        self._embedder: Embedder | None = None
        self._wanted = threading.Event()
        self._there = threading.Event()
        self._thread: threading.Thread | None = None
        self._closed = False

    @property
    def is_loaded(self) -> bool:
        """Whether the embedder is in memory."""
        return self._embedder is not None

    def prepare(self) -> None:
        """Begin to load the embedder, if it is not there."""
        self._wanted.set()
        if self._thread is None:
            self._thread = started("optafly-embedder", self._run)

    def of(self, text: str, wait_s: float = 0.0) -> NDArray[np.float32] | None:
        """Return the vector of a text; None where there is none, or the embedder is not there within `wait_s`."""
        self.prepare()
        if self._thread is None or not self._there.wait(wait_s) or (embedder := self._embedder) is None:
            return None
        try:
            return embedder.embed([text])[0]
        except Exception as error:  # native code raises what it likes: words and names are searched without it
            log.warning("a question has no vector: %s", type(error).__name__)
            return None

    def close(self) -> None:
        """Let the embedder go, and load it no more."""
        self._closed = True
        self._wanted.set()

    def _run(self) -> None:
        while not self._closed:
            self._wanted.wait()
            self._wanted.clear()
            try:
                embedder = self._load()
                embedder.embed(["warm up"])  # the first run of a session costs several times a later one
            except Exception as error:  # a thread's boundary: nobody shall wait for what does not come
                why = error if isinstance(error, OptaflyError) else type(error).__name__
                log.warning("questions have no vectors: %s", why)
                self._there.set()
                time.sleep(self._again_s)
                continue
            self._embedder = embedder
            self._there.set()
            while self._wanted.wait(self._idle_s) and not self._closed:
                self._wanted.clear()
            self._there.clear()
            self._embedder = None
            del embedder
