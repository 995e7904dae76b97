"""What must be done so that the index is as the disk: a comparison of two lists, which reads nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from optafly.context.index.files import UNSETTLED
from optafly.context.index.store import File
from optafly.context.index.walk import Listing

_FEW = 16  # folders


class Plan(msgspec.Struct):
    """Files to look into, in the order in which they are wanted; files that are gone; and files not to be read."""

    look: list[str]
    gone: list[str]
    skipped: dict[str, File]


def compared(listing: Listing, known: Mapping[str, File], within: Iterable[str]) -> Plan:
    """Compare what was listed with what is known of the files `within` that part of the workspace."""
    look = [path for path, stamp in listing.files.items() if path not in known or known[path].stamp != stamp]
    gone = [path for path in within if path not in listing.files and path not in listing.skipped]
    # A name that is no text is shown as another one, which a file that can be read may have.
    rest = ((path, reason) for path, reason in listing.skipped.items() if path not in listing.files)
    skipped = {path: File(UNSETTLED, b"", reason) for path, reason in rest}
    return Plan(look, gone, {path: file for path, file in skipped.items() if known.get(path) != file})


def parent(path: str) -> str:
    """Return the folder that holds a file or folder; the root is ""."""
    return path.rpartition("/")[0]


def lying_in(paths: Iterable[str], folders: Iterable[str]) -> list[str]:
    """Return the paths that lie right in one of these folders, or have the name of one."""
    known = frozenset(folders)
    if "" not in known and len(known) <= _FEW:  # most are told by how they begin, which costs little
        begins = tuple(known)
        paths = [path for path in paths if path.startswith(begins)]
    return [path for path in paths if parent(path) in known or path in known]


def vanished(folder: str, listing: Listing, folders: Iterable[str]) -> set[str]:
    """Return the known folders that were in `folder` and are not there now, with all that were in them."""
    inside = [each for each in folders if each.startswith(f"{folder}/")] if folder else folders
    tops = {each for each in inside if each and parent(each) == folder and each not in listing.folders}
    return (
        {each for each in inside if each in tops or any(each.startswith(f"{top}/") for top in tops)} if tops else set()
    )
