"""The file that a `file:` URI names, for everything that is told of documents by their URIs.

By the rules of `urllib.request.url2pathname`, and for what editors send beside: `file:///c%3A/…` for a drive letter.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

_PLAIN = re.compile(r"file://((?:/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)+)")
_DRIVE = re.compile(r"/*([A-Za-z])[:|]/*")
_SMALL_DRIVE = re.compile(r"file:///[a-z]:/")


def path_of(uri: str) -> Path | None:
    """Return the path that a `file:` URI names, else None: also for one on another machine, where there is no UNC."""
    name = file_name(uri, windows=os.name == "nt")
    return None if name is None else Path(name)


def spelt(uri: str) -> str:
    """Return what all spellings of a URI have in common: `file:///c%3A/a%20b` and `file:///C:/a b` are one document."""
    plain = unquote(uri)
    return f"file:///{plain[8].upper()}{plain[9:]}" if _SMALL_DRIVE.match(plain) else plain


def name_of(uri: str) -> str | None:
    """Return the path that a `file:` URI names as text, at little cost for a plain one: they come by thousands."""
    if os.name != "nt" and (plain := _PLAIN.fullmatch(uri)):
        return plain[1]
    path = path_of(uri)
    return None if path is None else str(path)


def file_name(uri: str, *, windows: bool) -> str | None:
    r"""Return the name that the system gives the file, else None: on Windows with `C:\` or `\\host\share\` before."""
    try:
        parts = urlsplit(uri)
    except ValueError:  # brackets in the host
        return None
    host, path = unquote(parts.netloc), unquote(parts.path)
    if parts.scheme != "file" or not host + path or "\0" in host + path:
        return None
    if host.lower() == "localhost":
        host = ""
    if not windows:
        return None if host else path
    if drive := _DRIVE.match(f"{host}{path}"):
        path = f"{drive[1].upper()}:/{f'{host}{path}'[drive.end() :]}"
    elif host:
        path = f"//{host}{path}"
    return path.replace("/", "\\")
