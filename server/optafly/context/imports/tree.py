"""Which files there are, asked as imports ask: by folder and stem, by stem anywhere, by folder name anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

# What a file or folder that comes or goes may change the answer to: (folder, stem), or a name that may be anywhere.
Token = tuple[str, str]
_ANYWHERE = "\0"


def split(path: str) -> tuple[str, str, str]:
    """Return the folder ("" at the top), the name up to its first dot, and the rest, "a/b", "c" and ".d.ts"."""
    folder, _, name = path.rpartition("/")
    stem, dot, rest = name.partition(".")
    return folder, stem, dot + rest


def join(folder: str, path: str) -> str | None:
    """Return `path` as seen from a folder, without `.` and `..`; None where it leads out of the workspace."""
    if not path.startswith(".") and "/." not in path:  # most are plain
        return f"{folder}/{path}" if folder and path else folder or path
    parts = folder.split("/") if folder else []
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


class Tree:
    """The paths of a workspace (relative, with `/`), each with a number that it keeps for good.

    Whatever is asked is noted in `asked`, so that who asked can be told when the answer may have changed: `add` and
    `remove` return the notes that a file's coming or going touches.
    """

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.asked: set[Token] = set()
        self._ids: dict[str, int] = {}
        self._present = bytearray()
        self._at: dict[Token, dict[str, int]] = {}
        self._folders_with: dict[str, dict[str, int]] = {}
        self._files_in: dict[str, int] = {}
        self._folders_named: dict[str, set[str]] = {}

    def __contains__(self, path: str) -> bool:
        number = self._ids.get(path)
        return number is not None and bool(self._present[number])

    def __len__(self) -> int:
        return sum(self._present)

    def number(self, path: str) -> int:
        """Return the number of a path, a new one where it has none."""
        number = self._ids.setdefault(path, len(self.paths))
        if number == len(self.paths):
            self.paths.append(path)
            self._present.append(0)
        return number

    def known(self, path: str) -> int | None:
        """Return the number of a path that is there."""
        number = self._ids.get(path)
        return number if number is not None and self._present[number] else None

    def add(self, path: str) -> Sequence[Token]:
        """Take a file in, and return the notes that may be answered otherwise from now on."""
        number = self.number(path)
        if self._present[number]:
            return ()
        self._present[number] = 1
        folder, stem, rest = split(path)
        self._at.setdefault((folder, stem), {})[rest] = number
        folders = self._folders_with.setdefault(stem, {})
        folders[folder] = folders.get(folder, 0) + 1
        touched = [(folder, stem), (_ANYWHERE, stem)]
        while folder:
            count = self._files_in.get(folder, 0)
            self._files_in[folder] = count + 1
            name = folder.rpartition("/")[2]
            if not count:
                self._folders_named.setdefault(name, set()).add(folder)
                touched.append((_ANYWHERE, name))
            folder = folder.rpartition("/")[0]
        return touched

    def remove(self, path: str) -> Sequence[Token]:
        """Let a file go, and return the notes that may be answered otherwise from now on."""
        number = self._ids.get(path)
        if number is None or not self._present[number]:
            return ()
        self._present[number] = 0
        folder, stem, rest = split(path)
        here = self._at[(folder, stem)]
        del here[rest]
        if not here:
            del self._at[(folder, stem)]
        folders = self._folders_with[stem]
        folders[folder] -= 1
        if not folders[folder]:
            del folders[folder]
        touched = [(folder, stem), (_ANYWHERE, stem)]
        while folder:
            self._files_in[folder] -= 1
            name = folder.rpartition("/")[2]
            if not self._files_in[folder]:
                del self._files_in[folder]
                self._folders_named[name].discard(folder)
                touched.append((_ANYWHERE, name))
            folder = folder.rpartition("/")[0]
        return touched

    def at(self, folder: str, stem: str, endings: Iterable[str]) -> int | None:
        """Return the file in a folder whose name is the stem and the first of the endings that is there."""
        token = (folder, stem)
        self.asked.add(token)
        here = self._at.get(token)
        if here is not None:
            for ending in endings:
                if (number := here.get(ending)) is not None:
                    return number
        return None

    def file(self, path: str) -> int | None:
        """Return the file at exactly this path."""
        folder, stem, rest = split(path)
        return self.at(folder, stem, (rest,))

    def holding(self, folder: str, stem: str, endings: Iterable[str]) -> list[str]:
        """Return every folder that is this one, or ends in it ("": any), and holds a file of the stem and an ending.

        One note is left for all of them; so not for stems that every folder has, such as `__init__`.
        """
        self.asked.add((_ANYWHERE, stem))
        tail = "/" + folder
        return [
            at
            for at in self._folders_with.get(stem, ())
            if (not folder or at == folder or at.endswith(tail)) and not self._at[(at, stem)].keys().isdisjoint(endings)
        ]

    def folders(self, path: str) -> list[str]:
        """Return every folder whose path is this one or ends in it."""
        name = path.rpartition("/")[2]
        self.asked.add((_ANYWHERE, name))
        tail = "/" + path
        return [folder for folder in self._folders_named.get(name, ()) if folder == path or folder.endswith(tail)]


def common(first: str, second: str) -> int:
    """Return how many parts two folders have in common from the top."""
    count = 0
    for a, b in zip(first.split("/"), second.split("/"), strict=False):
        if a != b:
            break
        count += 1
    return count


def by_nearness(place: str, paths: Iterable[str]) -> list[str]:
    """Return paths by how much they share with a folder; of equals the shortest first, then by name."""
    return sorted(paths, key=lambda path: (-common(place, path), path.count("/"), path))


def nearest(place: str, paths: Sequence[str]) -> str | None:
    """Return the first of the paths by nearness."""
    return paths[0] if len(paths) == 1 else next(iter(by_nearness(place, paths)), None)
