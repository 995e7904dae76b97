"""The embedding model as it lies on this machine: a folder with the ONNX file, the tokenizer and their manifest.

The manifest names the ONNX file by its hash, so that replacing the manifest replaces the model in one step.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from optafly.errors import ModelFileError
from optafly.paths import Paths

MODEL = "all-MiniLM-L6-v2"
DIMENSIONS = 384
MANIFEST = "manifest.json"
TOKENIZER = "tokenizer.json"
# As published at https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
SHIPPED = Path(__file__).parent / "data"  # in release wheels only; `optafly.models.build_data` writes it
INSTALL = "Run `optafly models install`."
GRAPH = "int8"  # what `models.graph` writes
FIRST_GRAPH = "float32"  # what it wrote before; such models are still there, and still run


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was installed, from where, how its graph computes, and the sha256 of each file."""

    name: str
    dimensions: int
    source: str
    weights_sha256: str
    onnx_file: str
    onnx_sha256: str
    tokenizer_sha256: str
    graph: str = FIRST_GRAPH


class InstalledModel(msgspec.Struct, frozen=True):
    """A model folder and its manifest; the files were there when it was read, `check` says whether they are intact."""

    folder: Path
    manifest: Manifest

    @property
    def onnx(self) -> Path:
        """The ONNX file."""
        return self.folder / self.manifest.onnx_file

    @property
    def tokenizer(self) -> Path:
        """The tokenizer's file."""
        return self.folder / TOKENIZER

    @property
    def name(self) -> str:
        """The name under which vectors are kept: the model, the beginning of its weights' hash, and the graph."""
        graph = "" if self.manifest.graph == FIRST_GRAPH else f"+{self.manifest.graph}"
        return f"{self.manifest.name}@{self.manifest.weights_sha256[:12]}{graph}"

    @property
    def current(self) -> bool:
        """Whether its graph is the one that is written today."""
        return self.manifest.graph == GRAPH

    @property
    def sha256(self) -> str:
        """The recorded sha256 of the ONNX file."""
        return self.manifest.onnx_sha256

    def check(self) -> None:
        """Raise ModelFileError unless both files are, to the bit, what was recorded. Reads 40 MB."""
        for path, recorded in (
            (self.onnx, self.manifest.onnx_sha256),
            (self.tokenizer, self.manifest.tokenizer_sha256),
        ):
            try:
                found = sha256_of(path)
            except OSError as error:
                raise ModelFileError(f"{path} cannot be read.", why=f"{error.strerror}.", todo=INSTALL) from error
            if found != recorded:
                raise ModelFileError(
                    f"{path} is damaged or was replaced.",
                    why=f"Its sha256 is {found[:12]}…, not {recorded[:12]}… as recorded when it was installed.",
                    todo=INSTALL,
                )


def installed(paths: Paths) -> InstalledModel | None:
    """Return the installed model or the one shipped in this package, or None. Reads the manifests only.

    The installed one goes first, unless its graph is an older one and the shipped one's is not, or this process found
    it damaged.
    """
    there = _in_order(paths)
    return next((model for model in there if _damaged.get(model.folder) != _stamp(model)), there[0] if there else None)


def passed_over(model: InstalledModel, paths: Paths) -> InstalledModel | None:
    """Return the model that takes the place of a damaged one from now on, None where there is no other.

    Once its files are others, it is tried again.
    """
    _damaged[model.folder] = _stamp(model)
    other = installed(paths)
    return None if other is None or other.folder == model.folder else other


_Stamp = tuple[tuple[int, int, int] | None, ...]
_damaged: dict[Path, _Stamp] = {}


def _in_order(paths: Paths) -> list[InstalledModel]:
    own, shipped = read_model(paths.models / MODEL), read_model(SHIPPED)
    older = own is not None and shipped is not None and shipped.current and not own.current
    return [model for model in ((shipped, own) if older else (own, shipped)) if model is not None]


def _stamp(model: InstalledModel) -> _Stamp:
    """Return what tells a model's files from others at the same place."""
    return tuple(stamp_of(path) for path in (model.folder / MANIFEST, model.onnx, model.tokenizer))


def stamp_of(path: Path) -> tuple[int, int, int] | None:
    """Return what changes with a file, without reading it; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def read_model(folder: Path) -> InstalledModel | None:
    """Return the model in `folder`, or None where there is no readable manifest."""
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        return None
    if "/" in manifest.onnx_file or "\\" in manifest.onnx_file:  # a file beside the manifest, nowhere else
        return None
    return InstalledModel(folder, manifest)


def sha256_of(path: Path) -> str:
    """Return the sha256 (hex) of a file. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
