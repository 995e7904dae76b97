"""The verifier: a few boosted trees over the features, read from plain JSON and walked in plain Python.

The file says what it was fitted on (`report`). The same features always give the same score.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from optafly.cache.calibration import FILE, Calibration
from optafly.errors import ModelFileError

FORMAT = 1
LEAF = -1


Node = tuple[int, float, int, int]


class Verifier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Trees as lists of nodes, the root first: [feature, threshold, left, right], or [-1, value, 0, 0] for a leaf."""

    format: int
    features: tuple[str, ...]
    trees: tuple[tuple[Node, ...], ...]
    calibration: Calibration
    report: dict[str, Any]  # Any: for people; nothing here reads it

    def score(self, found: Mapping[str, float]) -> float:
        """Return the log-odds, before calibration, that one answer serves both prompts. Higher is more alike."""
        values = [found[name] for name in self.features]
        total = 0.0
        for nodes in self.trees:
            feature, number, left, right = nodes[0]
            while feature != LEAF:
                feature, number, left, right = nodes[left if values[feature] <= number else right]
            total += number
        return total


def parse(data: bytes, name: str) -> Verifier:
    """Return the verifier in `data`. Raises ModelFileError where it is damaged or of another format."""
    try:
        verifier = msgspec.json.decode(data, type=Verifier)
        if verifier.format != FORMAT:
            raise ValueError(f"its format is {verifier.format}, not {FORMAT}")
        _check(verifier)
    except (msgspec.DecodeError, ValueError) as error:
        raise ModelFileError(
            f"The verifier {name} cannot be used.", why=f"{error}.", todo="Install OptaFly again."
        ) from error
    return verifier


def _check(verifier: Verifier) -> None:
    """Refuse trees that would lead outside themselves or in a circle: children always come later than their parent."""
    for nodes in verifier.trees:
        for at, node in enumerate(nodes):
            if node[0] == LEAF:
                continue
            inside = 0 <= node[0] < len(verifier.features)
            if not inside or not all(at < child < len(nodes) for child in node[2:]):
                raise ValueError("a tree is broken")
        if not nodes:
            raise ValueError("a tree is empty")


def load(path: Path) -> Verifier:
    """Read a verifier of one's own. Raises ModelFileError."""
    try:
        return parse(path.read_bytes(), str(path))
    except OSError as error:
        raise ModelFileError(f"The verifier {path} cannot be read.", why=f"{error}.", todo="Check the path.") from error


@cache
def shipped() -> Verifier:
    """Return the verifier that comes with OptaFly."""
    return parse((resources.files("optafly.cache") / FILE).read_bytes(), FILE)
