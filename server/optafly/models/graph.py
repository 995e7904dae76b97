"""The ONNX graph of all-MiniLM-L6-v2, written straight from its safetensors file: no torch, the same bytes every time.

A BertModel (6 layers, 12 heads, hidden 384, exact GELU, layer-norm epsilon 1e-12; Devlin et al. 2019), then the mean
over the attended tokens, then L2 normalisation, as sentence-transformers composes them. What is constant is folded in:
token types are all zero, so their row joins the positions; the attention scale joins the query weights.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32] | NDArray[np.int64]

LAYERS = 6
HEADS = 12
HIDDEN = 384
EPSILON = 1e-12
OPSET = 20  # the first with Gelu
IR_VERSION = 9
MOST_NEGATIVE = -3.4028234663852886e38  # float32: what is added to a score that must not count


def onnx_graph(weights: bytes) -> bytes:
    """Return the ONNX file for `weights`, the bytes of the model's safetensors file.

    Inputs `input_ids` and `attention_mask` (int64, batch x length); output `vector` (float32, batch x 384, unit
    length). The process needs some 700 MB of memory meanwhile.
    """
    from safetensors.numpy import load

    graph = _Graph(load(weights))
    mask = graph.add("Cast", "attention_mask", to=1)  # TensorProto.FLOAT
    hidden = _embeddings(graph)
    bias = _score_bias(graph, mask)
    for layer in range(LAYERS):
        hidden = _layer(graph, f"encoder.layer.{layer}.", hidden, bias)
    vector = _pool(graph, hidden, mask)
    return graph.serialised(vector)


class _Graph:
    """Nodes and constants in the order in which they are added; values are known by their names."""

    def __init__(self, weights: dict[str, NDArray[np.float32]]) -> None:
        self.weights = weights
        self._nodes: list[Any] = []  # onnx's message classes are made at run time and have no static type
        self._constants: dict[str, Any] = {}

    def add(self, kind: str, *inputs: str, name: str = "", **attributes: Any) -> str:  # Any: make_node's own keywords
        """Add one operation and return the name of its output."""
        from onnx import helper

        name = name or f"{kind.lower()}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

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

    def scalar(self, value: float) -> str:
        """Return the name of a constant number."""
        import numpy as np

        return self.constant(f"float_{value:g}", np.array(value, dtype=np.float32))

    def linear(self, value: str, name: str, weight: NDArray[np.float32], bias: NDArray[np.float32]) -> str:
        """Add a dense layer; `weight` is out x in, as the checkpoint stores it."""
        import numpy as np

        product = self.add("MatMul", value, self.constant(name + ".weight", np.ascontiguousarray(weight.T)))
        return self.add("Add", product, self.constant(name + ".bias", bias))

    def dense(self, value: str, name: str) -> str:
        """Add the dense layer `name` of the checkpoint."""
        return self.linear(value, name, self.weights[name + ".weight"], self.weights[name + ".bias"])

    def layer_norm(self, value: str, name: str) -> str:
        """Add the layer normalisation `name` of the checkpoint."""
        scale = self.constant(name + ".weight", self.weights[name + ".weight"])
        bias = self.constant(name + ".bias", self.weights[name + ".bias"])
        return self.add("LayerNormalization", value, scale, bias, axis=-1, epsilon=EPSILON)

    def serialised(self, output: str) -> bytes:
        """Return the model as bytes that depend on the weights alone."""
        from onnx import TensorProto, helper

        tokens = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
            for name in ("input_ids", "attention_mask")
        ]
        result = helper.make_tensor_value_info(output, TensorProto.FLOAT, ["batch", HIDDEN])
        graph = helper.make_graph(self._nodes, "all-MiniLM-L6-v2", tokens, [result], list(self._constants.values()))
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name="optafly",
        )
        return model.SerializeToString(deterministic=True)


def _embeddings(graph: _Graph) -> str:
    weights = graph.weights
    words = graph.constant("words", weights["embeddings.word_embeddings.weight"])
    positions = graph.constant(
        "positions",
        weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0],
    )
    length = graph.add("Shape", "input_ids", start=1, end=2)
    here = graph.add("Slice", positions, graph.integers(0), length, graph.integers(0))
    total = graph.add("Add", graph.add("Gather", words, "input_ids"), here)
    return graph.layer_norm(total, "embeddings.LayerNorm")


def _score_bias(graph: _Graph, mask: str) -> str:
    """Add what makes padding count nothing in a softmax: 0 where the mask is 1, hugely negative where it is 0."""
    unseen = graph.add("Sub", graph.scalar(1.0), mask)
    bias = graph.add("Mul", unseen, graph.scalar(MOST_NEGATIVE))
    return graph.add("Unsqueeze", bias, graph.integers(1, 2))


def _layer(graph: _Graph, prefix: str, hidden: str, bias: str) -> str:
    mixed = graph.dense(_attention(graph, prefix + "attention.self.", hidden, bias), prefix + "attention.output.dense")
    attended = graph.layer_norm(graph.add("Add", mixed, hidden), prefix + "attention.output.LayerNorm")
    wide = graph.add("Gelu", graph.dense(attended, prefix + "intermediate.dense"))
    narrow = graph.dense(wide, prefix + "output.dense")
    return graph.layer_norm(graph.add("Add", narrow, attended), prefix + "output.LayerNorm")


def _attention(graph: _Graph, prefix: str, hidden: str, bias: str) -> str:
    import numpy as np

    size = HIDDEN // HEADS
    shape = graph.integers(0, 0, HEADS, size)
    heads: dict[str, str] = {}
    for name, order in (("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3])):
        factor = np.float32(1 / math.sqrt(size) if name == "query" else 1)
        flat = graph.linear(
            hidden,
            prefix + name,
            graph.weights[f"{prefix}{name}.weight"] * factor,
            graph.weights[f"{prefix}{name}.bias"] * factor,
        )
        heads[name] = graph.add("Transpose", graph.add("Reshape", flat, shape), perm=order)
    scores = graph.add("Add", graph.add("MatMul", heads["query"], heads["key"]), bias)
    seen = graph.add("MatMul", graph.add("Softmax", scores, axis=-1), heads["value"])
    return graph.add("Reshape", graph.add("Transpose", seen, perm=[0, 2, 1, 3]), graph.integers(0, 0, HIDDEN))


def _pool(graph: _Graph, hidden: str, mask: str) -> str:
    tokens = graph.add("Unsqueeze", mask, graph.integers(2))
    total = graph.add("ReduceSum", graph.add("Mul", hidden, tokens), graph.integers(1), keepdims=0)
    mean = graph.add("Div", total, graph.add("ReduceSum", mask, graph.integers(1), keepdims=1))
    length = graph.add("ReduceL2", mean, graph.integers(1), keepdims=1)
    return graph.add("Div", mean, length, name="vector")
