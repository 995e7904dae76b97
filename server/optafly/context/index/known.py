"""What is known of the files of one root: their stamps, what can be found in them, and what of it is stored."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from optafly.context.history import History
from optafly.context.index import files as disk
from optafly.context.index import memory
from optafly.context.index.crew import UNREAD
from optafly.context.index.keeping import Keeping
from optafly.context.index.loading import hear, let_go, loaded, recall, remember, take_in
from optafly.context.index.past import Kept, Past
from optafly.context.index.reading import MISSING, Answer
from optafly.context.index.store import File
from optafly.context.index.vectors import Vectors
from optafly.context.index.view import View
from optafly.context.index.walk import Listing, Walk

NEARLY_ALL = 0.98


class Known:
    """Keeps `files`, the view and the file on disk at one: whatever is learnt of a file goes into all three.

    Used by the thread of the root, but that any thread may read `files`. Its methods raise keeping.Rebuilt.
    """

    def __init__(
        self, root: Path, view: View, keeping: Keeping, vectors: Vectors | None, past: Past, walk: Callable[[], Walk]
    ) -> None:
        self._root = root
        self._view = view
        self._keeping = keeping
        self._vectors = vectors
        self._past = past
        self._walk = walk
        self.files: dict[str, File] = {}

    def clear(self) -> None:
        """Know nothing but what is stored."""
        self._view.clear()
        self.files = {}

    def begin(self, listing: Listing, is_wanted: Callable[[], bool], tell: Callable[[], None]) -> None:
        """Begin with what is stored of the files that were listed; `tell` once nearly all of them can be found."""
        with memory.staying():
            self.files, lost = loaded(self._keeping, self._view, self._vectors, listing, is_wanted)
            if len(self.files) >= NEARLY_ALL * len(listing.files):
                tell()
            self._view.relate()
        self.recall()
        self.let_go(lost)

    def recall(self) -> None:
        """Take in the history that is stored."""
        recall(self._keeping, self._past, self._view)

    def remember(self, history: History, kept: Kept) -> None:
        """Take in a history that was read, and store it."""
        remember(self._keeping, self._view, self._past, history, kept)

    def note(self, answers: Mapping[str, Answer | None]) -> None:
        """Take in what was read, and store it; forget what was not there."""
        self.forget([path for path, answer in answers.items() if answer is None])
        there = {path: answer for path, answer in answers.items() if answer is not None}
        if not there:
            return
        files = {path: answer.file for path, answer in there.items()}
        contents = {each.file.hash: each.content for each in there.values() if each.content is not None}
        vectors = self._vectors.made if self._vectors is not None else {}
        take_in(there, self._view, vectors)
        self.files.update(files)  # not before: whoever asks for a text takes an outline for that of the hash
        again = {path: File(disk.UNSETTLED, b"", UNREAD) for path, file in files.items() if file.reason == UNREAD}
        self._keeping.write(files=files | again, contents=contents)  # these are tried anew when it is opened again

    def note_unchanged(self, answers: Mapping[str, Answer | None]) -> set[str]:
        """Take in what was read of files that are still as they were then, and return the others."""
        stale = {path for path, each in answers.items() if each and each.seen != disk.stamp_of(self._root / path)}
        self.note({path: None if each == MISSING else each for path, each in answers.items() if path not in stale})
        return stale

    def skip(self, files: Mapping[str, File]) -> None:
        """Know of these that they cannot be read, and why."""
        self.files.update(files)
        self._view.drop(files)
        self._keeping.write(files=files)

    def forget(self, paths: Iterable[str]) -> None:
        """Forget files that are gone, or that may not be found any more."""
        known = [path for path in paths if self.files.pop(path, None) is not None]
        self._view.drop(known)
        self.let_go(known)

    def let_go(self, paths: Collection[str]) -> None:
        """Keep what is stored of files that are gone, for they may come back, but nothing of excluded ones."""
        let_go(paths, self._walk, self._keeping)

    def doubt(self, paths: Collection[str]) -> None:
        """Have these looked at again when they are listed, whatever their stamps say."""
        self.files.update(dict.fromkeys(self.files.keys() & paths, File(disk.UNSETTLED, b"")))

    def hear(self, allowed: set[str]) -> bool:
        """Take in what another process wrote, and files that are `allowed` again; return whether there was anything."""
        news = self._keeping.news()
        if news is None and not allowed:
            return False
        hear(news, allowed, self.files, self._keeping, self._view, self._vectors)
        self.recall()
        return True
