"""GPTCache in an environment of its own, made once under the user's cache folder; never in the project's."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

import msgspec
import numpy as np

from bench.peers.data import CACHE, Stream, Vectors
from optafly.evaluation.rows import Judged

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
CHILD = Path(__file__).with_name("gptcache_child.py")
# One thread everywhere: so does OptaFly, and a busy machine would punish more.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class Unavailable(Exception):
    """GPTCache cannot be had here; says why."""


class Measured(msgspec.Struct, frozen=True):
    """Lookups in a cache of so many rows, embedding included, in milliseconds."""

    rows: int
    p50_ms: float
    p99_ms: float
    embed_p50_ms: float


def python() -> Path:
    """Return the interpreter of GPTCache's environment, made now where it is missing. Raises Unavailable."""
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = CACHE / f"gptcache-{wanted}"
    interpreter = folder / "bin" / "python"
    if (folder / "ready").exists():
        return interpreter
    print(f"  installing GPTCache in {folder}", file=sys.stderr, flush=True)
    venv.create(folder, with_pip=True, clear=True)
    install = [interpreter, "-m", "pip", "install", "--quiet", "--requirement", REQUIREMENTS]
    ran = subprocess.run(install, capture_output=True, text=True, check=False)
    if ran.returncode:
        errors = [line for line in ran.stderr.splitlines() if line.startswith("ERROR")]
        raise Unavailable(f"pip could not install it: {(errors or ['no reason given'])[-1]}")
    (folder / "ready").touch()
    return interpreter


def replay(interpreter: Path, stream: Stream) -> list[Judged]:
    """Return what GPTCache serves with its defaults, on the vectors of `stream`."""
    prompts = msgspec.json.encode([(prompt.id, prompt.prompt) for prompt in stream.prompts])
    out = _run(interpreter, prompts, "replay", str(stream.file))
    return [msgspec.json.decode(line, type=Judged) for line in out.splitlines()]


def latency(interpreter: Path, texts: list[str], vectors: Vectors, asked: list[str], model: Path) -> Measured:
    """Fill GPTCache with rows and ask it; the embedding is made by the ONNX model in the folder `model`."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "vectors.npy"
        np.save(file, vectors)
        out = _run(interpreter, msgspec.json.encode([texts, asked]), "latency", str(file), str(model))
    return msgspec.json.decode(out, type=Measured)


def _run(interpreter: Path, given: bytes, *arguments: str) -> bytes:
    ran = subprocess.run(
        [interpreter, CHILD, *arguments], input=given, capture_output=True, env=os.environ | ONE_THREAD, check=False
    )
    if ran.returncode:
        raise Unavailable(f"it failed: {ran.stderr.decode(errors='replace').strip().splitlines()[-1]}")
    return ran.stdout
