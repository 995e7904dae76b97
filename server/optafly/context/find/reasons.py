"""Why a file was found, in words: what gave the most to its score, with the names, files and numbers behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from optafly.context.find.corpus import Corpus, Held
from optafly.context.find.entry import simple_name
from optafly.context.find.query import Query
from optafly.context.find.terms import hash_of, hashes_of

_MOST = 3
_LEAST = 0.08  # of what all signals gave together
_WORDS = 3
_RARE = 12
_PLAIN = {
    "mentioned": "its path is in the prompt",
    "similar": "is about the same subject",
    "history": "commits about similar things changed it",
    "company": "changed together with other files found here",
    "witnessed": "changed together with tests or pages that speak of it",
    "exercised": "imported by tests or examples that speak of it",
    "edited": "you edited it lately, or have it open",
    "recent": "changed lately",
    "changes": "changes often",
}


class Reasons:
    """Explains the files that one query found with `active` open."""

    def __init__(self, corpus: Corpus, query: Query, active: str | None) -> None:
        self._corpus, self._query = corpus, query
        self._active = corpus.get(active) if active else None
        self._rare = sorted(query.plain, key=self._files_with)
        together = corpus.together(active) if active else ()
        self._together = {each.path: (each.together, each.of) for each in together}

    def of(self, held: Held, gave: Mapping[str, float]) -> tuple[str, ...]:
        """Return at most three reasons, the weightiest first; `gave` is what each signal gave to the score."""
        total = sum(value for value in gave.values() if value > 0)
        found: list[str] = []
        for name, value in sorted(gave.items(), key=lambda each: -each[1]):
            if value <= 0 or value < _LEAST * total or len(found) == _MOST:
                break
            reason = next(self._words(name, held), None)
            if reason and not any(_says_same(reason, other) for other in found):
                found.append(reason)
        return tuple(found)

    def _words(self, name: str, held: Held) -> Iterator[str]:  # noqa: C901  one line for each signal
        path = held.entry.path
        active = self._active.entry.path if self._active else ""
        match name:
            case "defines" | "names":
                if names := self._defined(held):
                    yield f"defines {_listed(names)}, which the prompt mentions"
                elif names := self._named_alike(held):
                    yield f"has definitions named like {_listed(names)}"
            case "uses":
                if names := self._used(held):
                    yield f"uses {_listed(names)}, which the prompt mentions"
            case "words" | "chunk" | "chunks":
                if words := self._said(held):
                    yield f"its text has {_listed(words)}"
            case "path" | "stem":
                if words := self._in_path(path):
                    yield f"its path has {_listed(words)}"
            case "together":
                if path in self._together:
                    together, of = self._together[path]
                    yield f"changed together with `{active}` in {together} of {of} commits"
            case "imported":
                yield f"imported by `{active}`"
            case "importer":
                yield f"imports `{active}`"
            case "calls":
                if self._active and (names := _shared(self._active, held)):
                    yield f"defines {_listed(names)}, used in `{active}`"
            case "called":
                if self._active and (names := _shared(held, self._active)):
                    yield f"uses {_listed(names)} of `{active}`"
            case "beside":
                yield f"lies near `{active}`"
            case "alike":
                yield f"is about the same subject as `{active}`"
            case "worded":
                yield f"uses the same words as `{active}`"
            case _ if name in _PLAIN:
                yield _PLAIN[name]
            case _:
                return

    def _files_with(self, word: str) -> int:
        return min((len(self._corpus.chunks.rows(term)[0]) or 1 << 30 for term in hashes_of(word)), default=1 << 30)

    def _said(self, held: Held) -> list[str]:
        return [word for word, files in self._holders if files[held.number]][:_WORDS]

    @cached_property
    def _holders(self) -> list[tuple[str, NDArray[np.bool_]]]:
        """Return the rarest words of the prompt, and which files hold each."""
        found: list[tuple[str, NDArray[np.bool_]]] = []
        for word in self._rare[:_RARE]:
            files = np.zeros(self._corpus.capacity, np.bool_)
            for term in hashes_of(word)[:1]:
                files[self._corpus.of_chunk[self._corpus.chunks.rows(term)[0]]] = True
            found.append((word, files))
        return found

    def _defined(self, held: Held) -> list[str]:
        exact = set(np.frombuffer(held.entry.terms.defines.hashes, "<u4").tolist())
        return [word for word in self._rare if hash_of(word) in exact][:_WORDS]

    def _named_alike(self, held: Held) -> list[str]:
        parts = set(np.frombuffer(held.entry.terms.names.hashes, "<u4").tolist())
        return [word for word in self._rare if parts.issuperset(hashes_of(word)[:1] or (0,))][:_WORDS]

    def _used(self, held: Held) -> list[str]:
        exact = set(np.frombuffer(held.entry.terms.uses.hashes, "<u4").tolist())
        return [word for word in self._query.names if hash_of(word) in exact][:_WORDS]

    def _in_path(self, path: str) -> list[str]:
        parts = {term for part in path.replace(".", "/").split("/") for term in hashes_of(part)}
        return [word for word in self._query.plain if parts.issuperset(hashes_of(word)[:1] or (0,))][:_WORDS]


def _says_same(one: str, other: str) -> bool:
    """Whether one reason is the other, or goes on from it: the same subject, and the same subject as a file."""
    return one.startswith(other) or other.startswith(one)


def _shared(user: Held, definer: Held) -> list[str]:
    """Return names that one file uses and the other defines, the longest first: they say most."""
    used = user.entry.outline.references
    defined = {simple_name(definition.name) for definition in definer.entry.outline.definitions}
    return sorted(defined & used.keys(), key=lambda name: (-len(name), name))[:_WORDS]


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)
