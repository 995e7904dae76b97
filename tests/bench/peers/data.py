"""The stream that all rules are asked, and its vectors: embedded once, kept in a file, and the same for every rule."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import platformdirs
from numpy.typing import NDArray

from optafly.config import ModelSettings
from optafly.evaluation.rows import Id, Labelled, Prompt, read
from optafly.models.embedding import Embedder, open_embedder
from optafly.paths import user_paths

CACHE = platformdirs.user_cache_path("optafly-bench", appauthor=False)
Vectors = NDArray[np.float32]


class Stream(msgspec.Struct, frozen=True):
    """Prompts in their order, what is known of them, their vectors of unit length, and the file that holds those."""

    prompts: list[Prompt]
    labelled: list[Labelled]
    vectors: Vectors
    file: Path

    def ids(self) -> list[Id]:
        """Return the prompts' ids in their order."""
        return [prompt.id for prompt in self.prompts]


def load(path: Path, limit: int | None) -> Stream:
    """Read the first prompts of a stream and embed what was not embedded by an earlier run."""
    prompts = read(path, Prompt, limit)
    embedder = open_embedder(ModelSettings(), user_paths())
    texts = [prompt.prompt for prompt in prompts]
    made = hashlib.sha256(json.dumps([embedder.name, texts]).encode()).hexdigest()[:16]
    file = CACHE / f"vectors-{made}.npy"
    if not file.exists():
        print(f"  embedding {len(texts):,} prompts once", file=sys.stderr, flush=True)
        CACHE.mkdir(parents=True, exist_ok=True)
        np.save(file, embedder.embed(texts))
    return Stream(prompts, read(path, Labelled, limit), np.load(file), file)


class Precomputed:
    """OptaFly's embedder with the vectors of a stream in place of a model's work."""

    def __init__(self, stream: Stream) -> None:
        self._rows = {prompt.prompt: row for row, prompt in enumerate(stream.prompts)}
        self._vectors = stream.vectors
        self.name = "precomputed"
        self.dimensions = int(stream.vectors.shape[1])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.embed`; a text that is not in the stream gets the vector of another."""
        return self._vectors[[self._rows.get(text, 0) for text in texts]]

    def sees_whole(self, text: str) -> bool:
        """See `Embedder.sees_whole`; an English text of so many characters always is."""
        return len(text) <= 1_000


def embedder_of(stream: Stream) -> Embedder:
    """Return an embedder that knows the vectors of `stream`."""
    return Precomputed(stream)
