"""Texts become vectors of unit length, in a worker process.

One text at a time: a batch's padding and its largest value would change what eight bits stand for, and the same text
must always have the same vector. Everything heavy is imported where it is used.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from optafly.config import ModelSettings
from optafly.errors import ModelFileError
from optafly.models.graph import EXACT_PRODUCTS
from optafly.models.installed import (
    DIMENSIONS,
    INSTALL,
    InstalledModel,
    installed,
    passed_over,
    read_model,
    sha256_of,
    stamp_of,
)
from optafly.paths import Paths

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

THREADS = 2
MASK = "attention_mask"
MAX_TOKENS = 256  # the model was trained on so many
FEWEST_CUT = MAX_TOKENS - 2  # ASCII characters that cannot be cut: each is one token at most, beside the two marks
HELD_TEXTS = 256  # whose tokens are held: a lookup asks of each earlier prompt whether it was seen whole
MAX_CHARACTERS = 20_000  # words fill 256 tokens long before; a megabyte would take the tokenizer seconds


class Embedder(Protocol):
    """Whatever turns texts into vectors. `name` changes whenever its vectors are not comparable any more."""

    @property
    def name(self) -> str: ...
    @property
    def dimensions(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector of unit length per text, shape (len(texts), dimensions). Raises ModelFileError.

        A text's vector never depends on the other texts.
        """
        ...

    def sees_whole(self, text: str) -> bool:
        """Return whether a text's vector says something of its end too: what is too long is cut."""
        ...


def open_embedder(settings: ModelSettings, paths: Paths, *, name: str | None = None) -> Embedder:
    """Load the embedder that `settings` ask for. Raises ModelFileError where its files are missing or damaged.

    With a `name` it is no other than that one: whoever compares its vectors with earlier ones says whose these are.
    Where the installed one is damaged and another is at hand, that one is taken, and `installed` gives it from then on.
    """
    if settings.embedder == "off":
        raise ModelFileError("The embedding model is switched off.", todo="Set `models.embedder` to `onnx`.")
    folder = Path(settings.path).expanduser() if settings.path else None
    if settings.embedder == "sentence-transformers":
        if (found := name_in(folder)) is not None:
            _require(name, found)
        return SentenceTransformersEmbedder(folder)
    model = read_model(folder) if folder else installed(paths)
    if model is None:
        raise ModelFileError(f"There is no embedding model in {folder or paths.models}.", todo=INSTALL)
    _require(name, model.name)
    try:
        return OnnxEmbedder(model)
    except ModelFileError:
        if folder or passed_over(model, paths) is None:
            raise
    return open_embedder(settings, paths, name=name)


def _require(wanted: str | None, found: str) -> None:
    if wanted not in (None, found):
        raise ModelFileError(
            f"The embedding model is not {wanted} any more.",
            why=f"{found} was installed in its place.",
            todo="What was made with the old one is made anew at the next question.",
        )


def name_in(folder: Path | None) -> str | None:
    """Return the name of a sentence-transformers model: of its folder and its weights. None where there is none.

    Reads the weights, which may take a second, only where they changed.
    """
    if folder is None or (stamp := stamp_of(weights := folder / "model.safetensors")) is None:
        return None
    return f"{folder.name}@{_sha256(weights, stamp)[:12]}"


@lru_cache(maxsize=8)
def _sha256(file: Path, _stamp: tuple[int, ...]) -> str:
    return sha256_of(file)


class OnnxEmbedder:
    """The installed model in onnxruntime, on two threads at most; its files are checked before they are loaded.

    Threads share rows and columns of a product, never a sum of fractions, so their number changes no bit of a vector.
    """

    def __init__(self, model: InstalledModel) -> None:
        model.check()
        from tokenizers import Tokenizer

        self.name = model.name
        self.dimensions = DIMENSIONS
        self._session = _session(model.onnx)
        self._masked = any(each.name == MASK for each in self._session.get_inputs())  # an earlier version's graph
        tokenizer: Any = Tokenizer.from_file(str(model.tokenizer))  # Any: its methods are typed in part only
        tokenizer.no_padding()  # the file itself asks for 128 tokens, padded
        tokenizer.enable_truncation(MAX_TOKENS)
        # Not a method: a cycle would keep the model in memory when the last user let it go.
        self._encoded = lru_cache(maxsize=HELD_TEXTS)(partial(_encoded, tokenizer))

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `Embedder.embed`."""
        return _by_one(self, texts, self._vector)

    def sees_whole(self, text: str) -> bool:
        """See `Embedder.sees_whole`."""
        if len(text) > MAX_CHARACTERS:
            return False
        return _cannot_be_cut(text) or self._encoded(clean(text))[1]

    def _vector(self, text: str) -> NDArray[np.float32]:
        import numpy as np

        ids, _ = self._encoded(text)
        mask = {MASK: np.ones_like(ids)} if self._masked else {}
        return self._session.run(["vector"], {"input_ids": ids} | mask)[0][0]


def _cannot_be_cut(text: str) -> bool:
    """Whether there is no need to count. Other characters may be several tokens: a Korean syllable is up to three."""
    return len(text) <= FEWEST_CUT and text.isascii()


def _encoded(tokenizer: Any, text: str) -> tuple[NDArray[np.int64], bool]:
    """Return the tokens of a text, and whether they are all of them."""
    import numpy as np

    encoding = tokenizer.encode(text)
    return np.array([encoding.ids], dtype=np.int64), not encoding.overflowing


def _session(onnx: Path) -> Any:  # Any: onnxruntime comes without types
    runtime: Any = importlib.import_module("onnxruntime")
    runtime.disable_telemetry_events()
    options = runtime.SessionOptions()
    options.intra_op_num_threads = min(THREADS, os.cpu_count() or 1)
    # Beside other work, a thread that spins takes the core that the other one waits for.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # it would keep a plan for each of 256 lengths
    session = runtime.InferenceSession(onnx, options, providers=["CPUExecutionProvider"])
    if loses_products(session):
        options.add_session_config_entry("session.x64quantprecision", "1")
        session = runtime.InferenceSession(onnx, options, providers=["CPUExecutionProvider"])
    return session


def loses_products(session: Any) -> bool:
    """Return whether this processor (x86 without VNNI) cuts sums of products of eight bits short.

    onnxruntime has exact kernels too, but asked for them by its option it takes the slow ones on every x86 processor.
    """
    import numpy as np

    if all(output.name != "products" for output in session.get_outputs()):
        return False
    (products,) = session.run(["products"], {"input_ids": np.zeros((1, 1), dtype=np.int64)})
    return bool((products != EXACT_PRODUCTS).any())


class SentenceTransformersEmbedder:
    """A model folder in sentence-transformers' format (extra `models`).

    Takes safetensors weights alone, so nothing is unpickled; never reaches for the network, never runs code from the
    folder. The folder's name and the hash of its weights make the embedder's name.
    """

    def __init__(self, folder: Path | None) -> None:
        name = name_in(folder)
        if folder is None or name is None:
            raise ModelFileError(
                "sentence-transformers has no model to load.",
                why=f"There is no model.safetensors in {folder}." if folder else "`models.path` is empty.",
                todo="Set `models.path` to the folder of a model, or `models.embedder` to `onnx`.",
            )
        self.name = name
        self._model = _sentence_transformer(folder)
        self.dimensions = int(self._model.get_embedding_dimension())

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `Embedder.embed`."""
        return _by_one(self, texts, self._vector)

    def sees_whole(self, text: str) -> bool:
        """See `Embedder.sees_whole`."""
        if len(text) > MAX_CHARACTERS:
            return False
        limit = int(self._model.max_seq_length)
        return _cannot_be_cut(text) or len(self._model.tokenizer(clean(text))["input_ids"]) <= limit

    def _vector(self, text: str) -> NDArray[np.float32]:
        return self._model.encode(text, normalize_embeddings=True, show_progress_bar=False)


def _sentence_transformer(folder: Path) -> Any:  # Any: an optional package, absent where these types are checked
    try:
        library: Any = importlib.import_module("sentence_transformers")
    except ImportError as error:
        raise ModelFileError(
            "sentence-transformers is not installed.",
            todo="Run `pip install 'optafly[models]'`, or set `models.embedder` to `onnx`.",
        ) from error
    try:
        return library.SentenceTransformer(
            str(folder), device="cpu", local_files_only=True, model_kwargs={"use_safetensors": True}
        )
    except (OSError, ValueError, KeyError) as error:
        raise ModelFileError(f"The model in {folder} cannot be loaded.", why=f"{error}.", todo=INSTALL) from error


def _by_one(
    embedder: Embedder, texts: Sequence[str], vector_of: Callable[[str], NDArray[np.float32]]
) -> NDArray[np.float32]:
    import numpy as np

    vectors = np.empty((len(texts), embedder.dimensions), dtype=np.float32)
    for row, text in enumerate(texts):
        vectors[row] = vector_of(clean(text))
    if not np.isfinite(vectors).all():  # such a vector would rank first in every search
        raise ModelFileError(f"The model {embedder.name} gave a vector that is not a number.", todo=INSTALL)
    return vectors


def clean(text: str) -> str:
    """Return `text` as the tokenizers accept it: valid Unicode, of bounded length."""
    return text[:MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
