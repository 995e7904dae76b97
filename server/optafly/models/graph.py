"""The ONNX graph of all-MiniLM-L6-v2, written straight from its safetensors file: no torch, the same bytes every time.

A BertModel (6 layers, 12 heads, hidden 384, exact GELU, layer-norm epsilon 1e-12; Devlin et al. 2019), then the mean
over the tokens, then L2 normalisation, as sentence-transformers composes them, for one text at a time: no padding, so
no mask. What is constant is folded in: token types are all zero, so their row joins the positions.

The dense layers multiply in eight bits: the weights of each output have a scale, the inputs of a text have one
(onnxruntime's DynamicQuantizeMatMul). Inputs that are many times larger than the others would leave these no steps, so
they are multiplied apart, as float32 (Dettmers et al. 2022, arXiv:2208.07339); `wide` names them, and the hidden values
are put in an order in which they come last. Sums of products of integers are exact: nothing depends on who adds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from optafly.models import wide

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.generic]
    Floats = NDArray[np.float32]

LAYERS = 6
HEADS = 12
HIDDEN = 384
INNER = 1536
EPSILON = 1e-12
OPSET = 20  # the first with Gelu
IR_VERSION = 9
FLOAT = 1  # TensorProto.FLOAT
CONTRIBUTED = frozenset(("DynamicQuantizeMatMul", "MultiHeadAttention"))  # operations of onnxruntime's own
LARGEST = 127
PRODUCTS = 64  # of 255 and 127, added up by the output `products`: no kernel multiplies fewer at once
EXACT_PRODUCTS = PRODUCTS * 255 * LARGEST


def onnx_graph(weights: bytes, *, exact: bool = False) -> bytes:
    """Return the ONNX file for `weights`, the bytes of the model's safetensors file.

    Input `input_ids` (int64, 1 x length); output `vector` (float32, 1 x 384, unit length). Output `products` (int32)
    is EXACT_PRODUCTS wherever the processor adds products of eight bits without loss. With `exact`, everything is
    float32 and there is no such output: what the other graph is measured against. The process needs some 500 MB of
    memory meanwhile.
    """
    from safetensors.numpy import load

    graph = _Graph(load(weights), exact=exact)
    hidden = _embeddings(graph)
    for layer in range(LAYERS):
        hidden = _layer(graph, layer, hidden)
    outputs = {_pool(graph, hidden): (FLOAT, [1, HIDDEN])}
    if not exact:
        outputs[_products(graph)] = (6, [1, PRODUCTS])  # TensorProto.INT32
    return graph.serialised(outputs)


class _Graph:
    """Nodes and constants in the order in which they are added; values are known by their names."""

    def __init__(self, weights: dict[str, Floats], *, exact: bool) -> None:
        self.weights = weights
        self.exact = exact
        self.order = _last(HIDDEN, wide.HIDDEN)
        self._nodes: list[Any] = []  # onnx's message classes are made at run time and have no static type
        self._constants: dict[str, Any] = {}

    def add(self, kind: str, *inputs: str, name: str = "", **attributes: Any) -> str:  # Any: make_node's own keywords
        """Add one operation and return the name of its output."""
        return self.parted(kind, *inputs, names=(name or f"{kind.lower()}_{len(self._nodes)}",), **attributes)[0]

    def parted(self, kind: str, *inputs: str, names: tuple[str, ...], **attributes: Any) -> tuple[str, ...]:
        """Add one operation that has several outputs and return their names."""
        from onnx import helper

        domain = "com.microsoft" if kind in CONTRIBUTED else ""
        self._nodes.append(helper.make_node(kind, list(inputs), list(names), domain=domain, **attributes))
        return names

    def constant(self, name: str, value: Array) -> str:
        """Keep `value` in the file under `name`, once, and return the name."""
        from onnx import numpy_helper

        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(value, name)
        return name

    def integers(self, *values: int) -> str:
        """Return the name of a constant list of integers."""
        import numpy as np

        return self.constant("ints_" + "_".join(map(str, values)), np.array(values, dtype=np.int64))

    def linear(self, value: str, name: str, weight: Floats, bias: Floats, apart: int = 0) -> str:
        """Add a dense layer; `weight` is out x in, as the checkpoint stores it. The last `apart` inputs are wide."""
        import numpy as np

        if self.exact:
            product = self.add("MatMul", value, self.constant(name + ".weight", np.ascontiguousarray(weight.T)))
            return self.add("Add", product, self.constant(name + ".bias", bias))
        inputs = weight.shape[1] - apart
        if not apart:
            return self._eight_bits(value, name, weight, bias)
        sizes = self.integers(inputs, apart)
        most, few = self.parted("Split", value, sizes, names=(name + ".most", name + ".few"), axis=-1)
        rest = self.constant(name + ".rest", np.ascontiguousarray(weight[:, inputs:].T))
        return self.add("Add", self._eight_bits(most, name, weight[:, :inputs], bias), self.add("MatMul", few, rest))

    def _eight_bits(self, value: str, name: str, weight: Floats, bias: Floats) -> str:
        import numpy as np

        scale = (np.abs(weight).max(axis=1) / np.float32(LARGEST)).astype(np.float32)
        steps = np.rint(weight / scale[:, None]).clip(-LARGEST, LARGEST).astype(np.int8)
        return self.add(
            "DynamicQuantizeMatMul",
            value,
            self.constant(name + ".steps", np.ascontiguousarray(steps.T)),
            self.constant(name + ".scale", scale),
            "",  # the steps are symmetric
            self.constant(name + ".bias", bias),
        )

    def layer_norm(self, value: str, name: str) -> str:
        """Add the layer normalisation `name` of the checkpoint, over hidden values."""
        scale = self.constant(name + ".weight", self.weights[name + ".weight"][self.order])
        bias = self.constant(name + ".bias", self.weights[name + ".bias"][self.order])
        return self.add("LayerNormalization", value, scale, bias, axis=-1, epsilon=EPSILON)

    def serialised(self, outputs: dict[str, tuple[int, list[int]]]) -> bytes:
        """Return the model as bytes that depend on the weights alone; `outputs` are types and shapes by name."""
        from onnx import TensorProto, helper

        tokens = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "length"])
        results = [helper.make_tensor_value_info(name, *about) for name, about in outputs.items()]
        graph = helper.make_graph(self._nodes, "all-MiniLM-L6-v2", [tokens], results, list(self._constants.values()))
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", 1)],
            ir_version=IR_VERSION,
            producer_name="optafly",
        )
        return model.SerializeToString(deterministic=True)


def _last(size: int, chosen: Sequence[int]) -> list[int]:
    """Return the places of `size` values in an order that puts the chosen ones last."""
    return [place for place in range(size) if place not in chosen] + list(chosen)


def _embeddings(graph: _Graph) -> str:
    import numpy as np

    weights = graph.weights
    words = weights["embeddings.word_embeddings.weight"][:, graph.order]
    positions = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    length = graph.add("Shape", "input_ids", start=1, end=2)
    here = graph.add(
        "Slice", graph.constant("positions", positions[:, graph.order]), graph.integers(0), length, graph.integers(0)
    )
    if graph.exact:
        found = graph.add("Gather", graph.constant("words", words), "input_ids")
    else:  # half of a file of 60 MB, for a deviation of 4e-7
        halves = graph.constant("words", words.astype(np.float16))
        found = graph.add("Cast", graph.add("Gather", halves, "input_ids"), to=FLOAT)
    return graph.layer_norm(graph.add("Add", found, here), "embeddings.LayerNorm")


def _layer(graph: _Graph, layer: int, hidden: str) -> str:
    prefix = f"encoder.layer.{layer}."
    weights, order = graph.weights, graph.order
    inner = _last(INNER, wide.INNER[layer])

    def dense(value: str, name: str, rows: Sequence[int], columns: Sequence[int], apart: int = 0) -> str:
        name = prefix + name
        weight = weights[name + ".weight"][rows][:, columns]
        return graph.linear(value, name, weight, weights[name + ".bias"][rows], apart)

    seen = _attention(graph, prefix + "attention.self.", hidden)
    mixed = dense(seen, "attention.output.dense", order, range(HIDDEN))
    attended = graph.layer_norm(graph.add("Add", mixed, hidden), prefix + "attention.output.LayerNorm")
    broad = graph.add("Gelu", dense(attended, "intermediate.dense", inner, order, len(wide.HIDDEN)))
    narrow = dense(broad, "output.dense", order, inner, len(wide.INNER[layer]))
    return graph.layer_norm(graph.add("Add", narrow, attended), prefix + "output.LayerNorm")


def _attention(graph: _Graph, prefix: str, hidden: str) -> str:
    import numpy as np

    names = ("query", "key", "value")
    weight = np.concatenate([graph.weights[f"{prefix}{name}.weight"][:, graph.order] for name in names])
    bias = np.concatenate([graph.weights[f"{prefix}{name}.bias"] for name in names])
    flat = graph.linear(hidden, prefix + "all", weight, bias, len(wide.HIDDEN))
    parts = graph.parted("Split", flat, names=tuple(prefix + name for name in names), axis=-1, num_outputs=3)
    return graph.add("MultiHeadAttention", *parts, num_heads=HEADS)


def _pool(graph: _Graph, hidden: str) -> str:
    import numpy as np

    mean = graph.add("ReduceMean", hidden, graph.integers(1), keepdims=0)
    unit = graph.add("Div", mean, graph.add("ReduceL2", mean, graph.integers(1), keepdims=1))
    return graph.add("Gather", unit, graph.integers(*np.argsort(graph.order).tolist()), axis=1, name="vector")


def _products(graph: _Graph) -> str:
    """Add up products as large as they can be: processors without VNNI add pairs of them in too few bits."""
    import numpy as np

    most = graph.constant("products.most", np.full((1, PRODUCTS), 255, dtype=np.uint8))
    steps = graph.constant("products.steps", np.full((PRODUCTS, PRODUCTS), LARGEST, dtype=np.int8))
    return graph.add("MatMulInteger", most, steps, name="products")
