"""Has the vectors of one root made: of its files, and of what is typed and not yet saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from optafly.context.find.entry import Entry
from optafly.context.index import files as disk
from optafly.context.index.inbox import Inbox
from optafly.context.index.keeping import Keeping
from optafly.context.index.loading import UNMADE, are_ours, see
from optafly.context.index.store import File
from optafly.context.index.vectors import Vectors, texts_of
from optafly.context.index.view import View
from optafly.context.outline.languages import kind_of, language_of

TYPED_S = 1.5  # without a further letter, until the vectors of what was typed are made


class Making:
    """Used by the thread of the root; `told` hears that it got further. Without `vectors` there is nothing to do."""

    def __init__(
        self,
        inbox: Inbox,
        vectors: Vectors | None,
        view: View,
        keeping: Keeping,
        is_wanted: Callable[[], bool],
        told: Callable[[], None],
    ) -> None:
        self._vectors = vectors
        self._view = view
        self._keeping = keeping
        self._inbox = inbox
        self._is_wanted = is_wanted
        self._say = told
        self._files: Mapping[str, File] = {}
        self._paths: dict[bytes, list[str]] = {}
        self._typed: dict[str, bytes] = {}  # unsaved documents, by the hash of their text

    @property
    def is_done(self) -> bool:
        """Whether there is nothing left that can be made now."""
        return self._vectors is None or not self._vectors.left or bool(self._vectors.trouble)

    def want(self, files: Mapping[str, File]) -> None:
        """Make the vectors of all `files` that have none; these may change meanwhile."""
        if self._vectors is None:
            return
        self._files, self._paths = files, {}
        for path, file in files.items():
            self._paths.setdefault(file.hash, []).append(path)
        hashes = ((path, file.hash) for path, file in files.items())
        recalled = self._vectors.want(hashes, kind_of, partial(self._stored, self._vectors))
        see(recalled, files, self._view)
        self.go_on()

    def go_on(self) -> None:
        """Make what is still to be made, now or after a pause."""
        if self._vectors is not None and self._is_wanted():
            self._vectors.go_on(self._entry, self._heard, self._is_wanted)
            if self._vectors.paused_s:
                self._inbox.later("vectors", self._vectors.paused_s, self.go_on)

    def forget(self) -> None:
        """Expect nothing more of what was handed out."""
        if self._vectors is not None:
            self._vectors.halt()

    def typed(self, path: str) -> None:
        """Make the vectors of an unsaved document once nothing was typed in it for a while. Any thread may say so."""
        if self._vectors is not None:
            self._inbox.later(("typed", path), TYPED_S, partial(self._embed, self._vectors, path))

    def _embed(self, vectors: Vectors, path: str) -> None:
        text, saved, now = self._view.unsaved(path), self._view.saved(path), self._view.entry(path)
        if text is None or now is None:
            self._typed.pop(path, None)
            return
        digest = _hash(path, text)
        made = vectors.made.get(digest) or self._stored(vectors, [digest]).get(digest)
        if saved is not None and texts_of(path, saved.outline) == texts_of(path, now.outline):
            made = made or saved.vectors
        if made:
            self._view.see_unsaved(path, made)
        else:
            self._typed[path] = digest
            vectors.ask(digest, path)
            self.go_on()

    def _entry(self, path: str, digest: bytes) -> Entry | None:
        if self._typed.get(path) == digest:
            text = self._view.unsaved(path)
            return self._view.entry(path) if text is not None and _hash(path, text) == digest else None
        file = self._files.get(path)
        return self._view.saved(path) if file is not None and file.hash == digest else None

    def _heard(self, made: dict[bytes, bytes], unmade: str) -> None:
        self._inbox.put(partial(self._take, made, unmade))

    def _take(self, made: dict[bytes, bytes], unmade: str) -> None:
        assert self._vectors is not None
        before = self._vectors.unmade
        sound = self._vectors.take(made, unmade)
        if self._vectors.unmade != before:
            self._keeping.keep({UNMADE: b"".join(sorted(self._vectors.unmade))})
        if kept := {digest: vectors for digest, vectors in sound.items() if self._is_held(digest)}:
            self._keeping.write(vectors=kept)
        known = {path for digest in sound for path in self._paths.get(digest, ())}
        see(sound, {path: self._files[path] for path in known & self._files.keys()}, self._view)
        for path, digest in [each for each in self._typed.items() if each[1] in sound]:
            self._view.see_unsaved(path, sound[digest])
            del self._typed[path]
        self.go_on()
        self._say()

    def _stored(self, vectors: Vectors, digests: list[bytes]) -> dict[bytes, bytes]:
        """Return stored vectors; none where another window, which wrote before, has another model."""
        return self._keeping.vectors_of(digests) if are_ours(self._keeping, vectors) else {}

    def _is_held(self, digest: bytes) -> bool:
        """Tell whether a file or an unsaved document has this content still: one that is ignored by now has none."""
        files = (self._files.get(path) for path in self._paths.get(digest, ()))
        if any(file is not None and file.hash == digest for file in files):
            return True
        return any(self._view.unsaved(path) is not None for path, typed in self._typed.items() if typed == digest)


def _hash(path: str, text: str) -> bytes:
    """Return the hash that the file will have once this text is saved, in all but odd encodings."""
    return disk.hash_of(text.encode("utf-8", "replace"), language_of(path))
