"""What is said of the index of one root: how far it is, and what is not in it, or not whole, and why."""

from __future__ import annotations

from collections.abc import Mapping

from optafly.context.index.crew import Crew
from optafly.context.index.keeping import Keeping
from optafly.context.index.past import Past
from optafly.context.index.store import File
from optafly.context.index.vectors import Vectors
from optafly.context.index.view import View
from optafly.context.index.watching import Watcher
from optafly.domain import IndexState, RootStatus, Skipped

_NO_VECTORS = "no vectors can be made of it: it is found by its words alone"


class Telling:
    """Whoever keeps the root says how far it is (`state`), what hinders it (`message`) and how many files are `over`.

    `left` are files that were not read because it was halted. Asked from any thread.
    """

    def __init__(
        self,
        view: View,
        keeping: Keeping,
        crew: Crew,
        vectors: Vectors | None,
        watcher: Watcher,
        past: Past,
        most: int,
    ) -> None:
        self._view = view
        self._keeping = keeping
        self._crew = crew
        self._vectors = vectors
        self._watcher = watcher
        self._past = past
        self._most = most
        self.state: IndexState = "waiting"
        self.message = ""
        self.over = 0
        self.left: set[str] = set()

    def status(self, files: Mapping[str, File]) -> RootStatus:
        """Return how far it is with these files."""
        vectors = self._vectors
        made, wanted = (vectors.done, vectors.total) if vectors is not None else (0, 0)
        making = made + self._past.total - self._past.left, wanted + self._past.total
        done, total = 0, 0
        if self.state in ("scanning", "reading"):
            done, total = self._crew.counts
        elif self.state == "lexical":
            done, total = making
        elif self.state == "cancelled":
            done, total = self._view.files, self._view.files + self._unread(files)
        unmade = vectors.trouble if vectors is not None else ""
        troubles = (
            self.message, self._too_many, self._keeping.trouble, unmade, self._watcher.message, self._past.trouble
        )  # fmt: skip
        return RootStatus(
            root=str(self._view.root),
            state=self.state,
            message="; ".join(filter(None, troubles)),
            files=self._view.files,
            symbols=self._view.symbols,
            vectors=self._held(files),
            done=done,
            total=total,
            skipped=_count_left_out(files, vectors) + self.over,
            disk_bytes=self._keeping.size_bytes,
            file=self._keeping.file,
        )

    def _unread(self, files: Mapping[str, File]) -> int:
        """Return how many of those that are `left` cannot be found yet, as a document that is open can."""
        unread = [path for path in [*self.left] if path not in files and not self._view.hides(path)]
        return sum(self._view.unsaved(path) is None for path in unread)

    def _held(self, files: Mapping[str, File]) -> int:
        """Return how many contents have vectors, whichever process had them made."""
        if self._vectors is None:
            return 0
        return sum(digest in self._vectors.made for digest in {file.hash for file in [*files.values()]})

    def skipped(self, files: Mapping[str, File]) -> list[Skipped]:
        """Return what is not in the index, or not whole, and why."""
        return _left_out(files, self._vectors, self._too_many)

    @property
    def _too_many(self) -> str:
        return f"{self.over:,} files are not in the index: `context.maxFiles` is {self._most:,}" if self.over else ""


def _left_out(files: Mapping[str, File], vectors: Vectors | None, over: str) -> list[Skipped]:
    """Return the files that are not in the index, or not whole. `over` says how many are more than may be in it."""
    failed = vectors.unmade if vectors is not None else frozenset[bytes]()
    known = [*files.items()]
    found = {path: file.reason or _NO_VECTORS for path, file in known if file.reason or file.hash in failed}
    if over:
        found[""] = over
    return [Skipped(path=path or ".", reason=reason) for path, reason in sorted(found.items())]


def _count_left_out(files: Mapping[str, File], vectors: Vectors | None) -> int:
    """Return how many files `skipped` names."""
    failed = vectors.unmade if vectors is not None else frozenset[bytes]()
    return sum(1 for file in [*files.values()] if file.reason or file.hash in failed)
