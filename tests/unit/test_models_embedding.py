"""A text has one vector, and only an intact model makes it."""

from __future__ import annotations

import gc
import hashlib
import shutil
import weakref
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optafly.cli import exits
from optafly.cli.main import main
from optafly.config import ModelSettings
from optafly.errors import ModelFileError
from optafly.models import embedding
from optafly.models.embedding import Embedder, name_in, open_embedder
from optafly.models.graph import EXACT_PRODUCTS
from optafly.models.install import install
from optafly.models.installed import (
    FIRST_GRAPH,
    GRAPH,
    MANIFEST,
    MODEL,
    TOKENIZER,
    Manifest,
    installed,
    read_model,
)
from optafly.paths import Paths

# The fixtures below only read: hypothesis may use one for all its examples.
shared = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def embedder(home_with_model: Paths) -> Embedder:
    return open_embedder(ModelSettings(), home_with_model)


def put_model(folder: Path, **changes: str) -> Path:
    """Write a folder like an installed model, with small files and hashes that fit; `changes` go into the manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = {
        "name": "all-MiniLM-L6-v2",
        "dimensions": 384,
        "source": "a test",
        "weights_sha256": "0" * 64,
        "onnx_file": "model-test.onnx",
        "onnx_sha256": hashlib.sha256(b"graph").hexdigest(),
        "tokenizer_sha256": hashlib.sha256(b"{}").hexdigest(),
        "graph": GRAPH,
    }
    (folder / "model-test.onnx").write_bytes(b"graph")
    (folder / TOKENIZER).write_bytes(b"{}")
    (folder / MANIFEST).write_bytes(msgspec.json.encode(msgspec.convert(manifest | changes, Manifest)))
    return folder


@pytest.mark.embedder
@shared
@given(text=st.text(), others=st.lists(st.text(max_size=300), max_size=3), place=st.integers(0, 3))
def test_a_vector_does_not_depend_on_the_texts_beside_it(
    embedder: Embedder, text: str, others: list[str], place: int
) -> None:
    place = min(place, len(others))

    together = embedder.embed([*others[:place], text, *others[place:]])

    assert together.shape == (len(others) + 1, 384)
    assert np.array_equal(together[place], embedder.embed([text])[0])


@pytest.mark.embedder
@pytest.mark.parametrize("words", [1, 12, 60, 250])
def test_the_number_of_threads_changes_no_bit_of_a_vector(
    embedder: Embedder, home_with_model: Paths, monkeypatch: pytest.MonkeyPatch, words: int
) -> None:
    text = " ".join(f"word{number}" for number in range(words))
    monkeypatch.setattr(embedding, "THREADS", 1)
    alone = open_embedder(ModelSettings(), home_with_model)

    assert np.array_equal(alone.embed([text]), embedder.embed([text]))


@pytest.mark.embedder
@shared
@given(st.text())
def test_every_vector_is_finite_and_of_unit_length(embedder: Embedder, text: str) -> None:
    (vector,) = embedder.embed([text])

    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.embedder
@pytest.mark.parametrize("text", ["\ud800 half a surrogate", "\0", "word " * 1_000_000])
def test_no_text_is_too_odd_or_too_long(embedder: Embedder, text: str) -> None:
    assert np.linalg.norm(embedder.embed([text])[0]) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.embedder
@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("", True),
        ("the " * 254, True),
        ("the " * 255, False),
        ("🐛" * 254, True),
        ("한국어 설명 " * 12, True),
        ("한국어 설명 " * 25, False),
        ("a " * 10_001, False),
    ],
    ids=[
        "nothing",
        "as much as it sees",
        "a word more",
        "few characters",
        "some Korean",
        "few syllables of several tokens each",
        "too long to count",
    ],
)
def test_an_embedder_says_whether_it_sees_the_end_of_a_text(embedder: Embedder, text: str, whole: bool) -> None:
    before = embedder.sees_whole(text)
    embedder.embed([text])

    assert (before, embedder.sees_whole(text)) == (whole, whole)


@pytest.mark.embedder
def test_a_model_that_nobody_holds_is_let_go_at_once(home_with_model: Paths) -> None:
    embedder = open_embedder(ModelSettings(), home_with_model)
    embedder.embed(["a text"])
    held = weakref.ref(embedder)
    gc.disable()
    try:
        del embedder

        assert held() is None
    finally:
        gc.enable()


@pytest.mark.embedder
def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, 384)


@pytest.mark.embedder
@pytest.mark.parametrize(
    ("one", "other", "cosine"),
    [
        ("Rename foo to bar", "Rename bar to foo", 0.986),
        ("Make the function async", "Make the function not async", 0.939),
        ("Explain this regex", "What does this regular expression do?", 0.835),
    ],
)
def test_vectors_are_those_of_the_published_model(embedder: Embedder, one: str, other: str, cosine: float) -> None:
    """The cosines were measured with sentence-transformers 6.2.0."""
    first, second = embedder.embed([one, other])

    assert float(first @ second) == pytest.approx(cosine, abs=5e-3)


@pytest.mark.embedder
def test_the_embedders_name_tells_the_model_and_its_weights(embedder: Embedder) -> None:
    assert (embedder.name, embedder.dimensions) == ("all-MiniLM-L6-v2@53aa51172d14+int8", 384)


@pytest.mark.parametrize(("graph", "name"), [(FIRST_GRAPH, "all-MiniLM-L6-v2@000000000000"), ("other", "@…+other")])
def test_vectors_of_different_graphs_have_different_names(tmp_path: Path, graph: str, name: str) -> None:
    model = read_model(put_model(tmp_path, graph=graph))

    assert model
    assert model.name == name.replace("@…", "all-MiniLM-L6-v2@000000000000")


def test_an_embedder_of_another_name_is_none_that_was_asked_for(home: Paths, tmp_path: Path) -> None:
    folder = put_model(tmp_path)

    with pytest.raises(ModelFileError, match=r"not m@old any more\. .*was installed in its place"):
        open_embedder(ModelSettings(path=str(folder)), home, name="m@old")


def test_a_model_that_is_not_there_is_said_to_be_missing_whatever_name_it_should_have(home: Paths) -> None:
    with pytest.raises(ModelFileError, match=r"has no model to load.*`models\.path` is empty"):
        open_embedder(ModelSettings(embedder="sentence-transformers"), home, name="the model in None")


def test_a_manifest_of_an_earlier_version_is_one_of_the_first_graph(tmp_path: Path) -> None:
    text = (put_model(tmp_path) / MANIFEST).read_bytes()
    (tmp_path / MANIFEST).write_bytes(text.replace(b',"graph":"int8"', b""))

    model = read_model(tmp_path)

    assert model
    assert (model.manifest.graph, model.current) == (FIRST_GRAPH, False)


def masked_graph() -> bytes:
    """Return a graph as earlier versions wrote them, as far as its face goes: it takes a mask and gives its length."""
    from onnx import TensorProto, helper

    numbers = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
        for name in ("input_ids", "attention_mask")
    ]
    ones = helper.make_tensor("ones", TensorProto.FLOAT, [1, 384], [384**-0.5] * 384)
    nodes = [
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMax", ["mask"], ["most"], keepdims=0),
        helper.make_node("Mul", ["ones", "most"], ["vector"]),
    ]
    vector = helper.make_tensor_value_info("vector", TensorProto.FLOAT, ["batch", 384])
    graph = helper.make_graph(nodes, "masked", numbers, [vector], [ones])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9).SerializeToString()


@pytest.mark.embedder
def test_a_graph_of_an_earlier_version_still_runs(home_with_model: Paths, tmp_path: Path) -> None:
    model = installed(home_with_model)
    assert model
    onnx, tokenizer = masked_graph(), model.tokenizer.read_bytes()
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in (("onnx", onnx), ("tokenizer", tokenizer))}
    folder = put_model(tmp_path, graph=FIRST_GRAPH, onnx_sha256=hashes["onnx"], tokenizer_sha256=hashes["tokenizer"])
    (folder / "model-test.onnx").write_bytes(onnx)
    (folder / TOKENIZER).write_bytes(tokenizer)

    earlier = open_embedder(ModelSettings(path=str(folder)), home_with_model)

    assert np.linalg.norm(earlier.embed(["a text"])[0]) == pytest.approx(1.0, abs=1e-5)


class Processor:
    """What onnxruntime says on a processor whose sums of products are these."""

    def __init__(self, products: int, name: str = "products") -> None:
        self._products, self.name = products, name

    def get_outputs(self) -> list[Processor]:
        return [self]

    def run(self, names: list[str], feeds: dict[str, object]) -> list[object]:
        return [np.full((1, 64), self._products, dtype=np.int32)]


@pytest.mark.parametrize(
    ("session", "lost"),
    [
        (Processor(EXACT_PRODUCTS), False),
        (Processor(1_048_544), True),  # onnxruntime 1.31.1 on a Haswell: pairs of products end at 32,767
        (Processor(0, name="vector"), False),  # a graph of an earlier version has no products to lose
    ],
)
def test_a_processor_that_loses_products_is_found_out(session: Processor, lost: bool) -> None:
    assert embedding.loses_products(session) is lost


@pytest.mark.embedder
def test_the_kernels_for_a_processor_that_loses_products_give_the_same_vectors(
    embedder: Embedder, home_with_model: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["Explain this regex", "word " * 100]
    asked: list[object] = []

    def loses_products(session: object) -> bool:
        asked.append(session)
        return True

    monkeypatch.setattr(embedding, "loses_products", loses_products)

    careful = open_embedder(ModelSettings(), home_with_model)

    assert asked
    assert np.array_equal(careful.embed(texts), embedder.embed(texts))


@pytest.mark.embedder
@pytest.mark.parametrize("damage", ["bit", "cut", "longer"])
def test_a_damaged_model_is_refused_by_its_hash(home_with_model: Paths, tmp_path: Path, damage: str) -> None:
    model = installed(home_with_model)
    assert model
    folder = Path(shutil.copytree(model.folder, tmp_path / "copy"))
    onnx = folder / model.manifest.onnx_file
    with onnx.open("r+b") as file:
        if damage == "bit":
            file.seek(onnx.stat().st_size // 2)
            byte = file.read(1)[0]
            file.seek(-1, 1)
            file.write(bytes([byte ^ 1]))
        elif damage == "cut":
            file.truncate(onnx.stat().st_size - 1)
        else:
            file.seek(0, 2)
            file.write(b"\0")

    with pytest.raises(ModelFileError, match=r"is damaged or was replaced.*optafly models install"):
        open_embedder(ModelSettings(path=str(folder)), home_with_model)


@pytest.mark.parametrize("name", ["model-test.onnx", TOKENIZER])
def test_a_file_that_is_not_the_recorded_one_is_never_loaded(home: Paths, tmp_path: Path, name: str) -> None:
    (put_model(tmp_path / "model") / name).write_bytes(b"another")

    with pytest.raises(ModelFileError, match=f"{name} is damaged or was replaced"):
        open_embedder(ModelSettings(path=str(tmp_path / "model")), home)


@pytest.mark.parametrize("name", ["model-test.onnx", TOKENIZER])
def test_a_file_that_is_gone_is_named(home: Paths, tmp_path: Path, name: str) -> None:
    (put_model(tmp_path / "model") / name).unlink()

    with pytest.raises(ModelFileError, match=f"{name} cannot be read"):
        open_embedder(ModelSettings(path=str(tmp_path / "model")), home)


@pytest.mark.parametrize("onnx_file", ["../model.onnx", "/etc/passwd", "a\\b.onnx"])
def test_a_manifest_cannot_point_outside_its_folder(tmp_path: Path, onnx_file: str) -> None:
    assert read_model(put_model(tmp_path, onnx_file=onnx_file)) is None


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"\xff", b'{"name": 1}'])
def test_a_manifest_that_cannot_be_read_is_no_model(tmp_path: Path, text: bytes) -> None:
    (put_model(tmp_path) / MANIFEST).write_bytes(text)

    assert read_model(tmp_path) is None


@pytest.mark.parametrize("embedder", ["onnx", "sentence-transformers", "off"])
def test_without_a_model_the_error_says_what_to_do(home: Paths, tmp_path: Path, embedder: str) -> None:
    chosen = msgspec.convert({"embedder": embedder, "path": str(tmp_path)}, ModelSettings)

    with pytest.raises(ModelFileError) as caught:
        open_embedder(chosen, home)

    assert caught.value.todo


def test_the_model_in_a_release_wheel_needs_no_install(
    home: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optafly.models.installed.SHIPPED", put_model(tmp_path / "data"))

    model = installed(home)

    assert model
    assert (model.folder, install(home, sources=())) == (tmp_path / "data", model)


def test_the_users_own_model_goes_before_the_shipped_one(
    home: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optafly.models.installed.SHIPPED", put_model(tmp_path / "data"))
    own = put_model(home.models / MODEL)

    model = installed(home)

    assert model
    assert model.folder == own


def test_a_shipped_model_goes_before_the_users_own_of_an_earlier_version(
    home: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optafly.models.installed.SHIPPED", put_model(tmp_path / "data"))
    put_model(home.models / MODEL, graph=FIRST_GRAPH)

    model = installed(home)

    assert model
    assert model.folder == tmp_path / "data"


@pytest.mark.embedder
def test_a_damaged_model_hides_no_intact_one(
    home: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home_with_model: Paths
) -> None:
    monkeypatch.setattr("optafly.models.installed.SHIPPED", home_with_model.models / MODEL)
    elsewhere = Paths(data=tmp_path / "data", config=home.config, log=home.log)
    own = put_model(elsewhere.models / MODEL)
    (own / "model-test.onnx").write_bytes(b"grapX")

    def taken() -> Path | None:
        model = installed(elsewhere)
        return model.folder if model is not None else None

    assert taken() == own
    open_embedder(ModelSettings(), elsewhere)
    assert taken() == home_with_model.models / MODEL
    put_model(elsewhere.models / MODEL)  # mended
    assert taken() == own


def test_where_every_model_is_damaged_the_first_is_named(
    home: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optafly.models.installed.SHIPPED", put_model(tmp_path / "data"))
    own = put_model(home.models / MODEL)
    for folder in (own, tmp_path / "data"):
        (folder / "model-test.onnx").write_bytes(b"grapX")

    for _ in range(2):
        with pytest.raises(ModelFileError, match="is damaged or was replaced") as caught:
            open_embedder(ModelSettings(), home)
        assert str(own) in str(caught.value)


def test_a_model_of_sentence_transformers_is_known_by_its_weights(tmp_path: Path) -> None:
    one, other = tmp_path / "one/mini", tmp_path / "other/mini"
    for folder in (one, other):
        folder.mkdir(parents=True)
        (folder / "model.safetensors").write_bytes(b"weights")

    before = name_in(one)
    assert before is not None
    assert (before, name_in(tmp_path)) == (name_in(other), None)
    (one / "model.safetensors").write_bytes(b"weightz")
    assert name_in(one) != before


def test_a_model_of_an_earlier_version_stays_where_no_other_can_be_had(home: Paths) -> None:
    earlier = read_model(put_model(home.models / MODEL, graph=FIRST_GRAPH))
    said: list[str] = []

    assert install(home, sources=(), progress=said.append) == earlier
    assert "stays in place" in said[-1]


def test_a_folder_that_was_named_and_holds_no_model_is_refused_beside_one_of_an_earlier_version(
    home: Paths, tmp_path: Path
) -> None:
    earlier = read_model(put_model(home.models / MODEL, graph=FIRST_GRAPH))

    with pytest.raises(ModelFileError, match="could not be installed"):
        install(home, tmp_path)
    assert installed(home) == earlier


@pytest.mark.parametrize(("graph", "said"), [(GRAPH, False), (FIRST_GRAPH, True)])
def test_the_status_says_when_an_earlier_version_wrote_the_graph(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], graph: str, said: bool
) -> None:
    monkeypatch.setenv("OPTAFLY_HOME", str(tmp_path))
    put_model(tmp_path / "data" / "models" / MODEL, graph=graph)

    assert main(["models", "status"]) == exits.OK

    assert ("earlier version" in capsys.readouterr().out) is said
