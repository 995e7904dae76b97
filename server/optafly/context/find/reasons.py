"""Why a file was found, in words: what gave the most to its score, with the names, files and numbers behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from optafly.context.find.corpus import Corpus, Held
from optafly.context.find.entry import simple_name
from optafly.context.find.query import Query, says_what
from optafly.context.find.signals import Scored
from optafly.context.find.terms import PART, hash_of, hashes_of, parts_of

_MOST = 3
_LEAST = 0.08  # of what all signals gave together
_WORDS = 3
_MOST_OF_TITLE = 60
_RARE = 12
_LEAST_LETTERS = 3  # less is often no word: "z", "2", "de"
LATELY, OFTEN = "changed lately", "changes often"  # said of a file whatever is asked
_PLAIN = {
    "similar": "is about the same subject as the prompt",
    "history": "commits with words of the prompt changed it",
    "area": "commits with words of the prompt changed its folder",
    "company": "changed together with other files found here",
    "witnessed": "changed together with tests or pages that speak of it",
    "exercised": "imported by tests or examples that speak of it",
    "edited": "you edited it lately, or have it open",
    "recent": LATELY,
    "changes": OFTEN,
}


class Reasons:
    """Explains the files that one query found with `active` open."""

    def __init__(self, corpus: Corpus, query: Query, active: str | None, scored: Scored) -> None:
        self._corpus, self._query, self._scored = corpus, query, scored
        self._active = corpus.get(active) if active else None
        self._rare = sorted(filter(_says_much, query.plain), key=self._files_with)
        self._sought = [_sought(word) for word in sorted(self._rare[:_RARE], key=says_what)]
        together = corpus.together(active) if active else ()
        self._together = {each.path: (each.together, each.of) for each in together}
        self._holding: dict[int, NDArray[np.bool_]] = {}

    def of(self, held: Held, gave: Mapping[str, float]) -> tuple[str, ...]:
        """Return at most three reasons, the weightiest first; `gave` is what each signal gave to the score.

        What gave little is said only where nothing else can be.
        """
        total = sum(value for value in gave.values() if value > 0)
        found: list[str] = []
        for name, value in sorted(gave.items(), key=lambda each: -each[1]):
            if value <= 0 or len(found) == _MOST or (found and value < _LEAST * total):
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
                if names := self._defined(held, self._query.names):
                    yield f"defines {_listed(names)}, which the prompt mentions"
                elif names := self._defined(held, self._rare):
                    yield f"defines {_listed(names)}, {'words' if len(names) > 1 else 'a word'} of the prompt"
                elif names := self._named_alike(held):
                    yield f"has definitions named like {_listed(names)}"
            case "mentioned":
                lines = sorted(self._scored.lines.get(path, ()))[:_WORDS]
                which = f"line{'s' if len(lines) > 1 else ''} {', '.join(map(str, lines))} of " if lines else ""
                yield f"the prompt names {which}this file"
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
            case "precedent" if (told := self._scored.precedents) is not None:
                yield f"changed by a commit about something similar, “{_quoted(told.title(path))}”"
            case _ if name in _PLAIN:
                yield _PLAIN[name]
            case _:
                return

    def _files_with(self, word: str) -> int:
        return min((len(self._corpus.chunks.rows(term)[0]) or 1 << 30 for term in hashes_of(word)), default=1 << 30)

    def _said(self, held: Held) -> list[str]:
        return self._there(lambda term: bool(self._holders(term)[held.number]))

    def _holders(self, term: int) -> NDArray[np.bool_]:
        """Return which files hold a term."""
        files = self._holding.get(term)
        if files is None:
            files = self._holding[term] = np.zeros(self._corpus.capacity, np.bool_)
            files[self._corpus.of_chunk[self._corpus.chunks.rows(term)[0]]] = True
        return files

    def _there(self, has: Callable[[int], bool]) -> list[str]:
        """Return what is there of the rarest words of the prompt: a whole word, or else those of its parts that are.

        What only says what is to be done is named where nothing else is there.
        """
        found: dict[str, None] = {}
        for word, whole, parts in self._sought:
            if found and says_what(word):
                break
            if whole is not None and has(whole):
                found[word] = None
            else:
                found.update((part, None) for part, term in parts if has(term))
        return list(found)[:_WORDS]

    def _defined(self, held: Held, words: Iterable[str]) -> list[str]:
        """Return the words that are names of definitions; "update" and "write" say what to do and are none."""
        exact = set(np.frombuffer(held.entry.terms.defines.hashes, "<u4").tolist())
        names = self._query.names
        return [word for word in words if hash_of(word) in exact and (word in names or not says_what(word))][:_WORDS]

    def _named_alike(self, held: Held) -> list[str]:
        words = self._there(set(np.frombuffer(held.entry.terms.names.hashes, "<u4").tolist()).__contains__)
        return [word for word in words if not says_what(word)]

    def _used(self, held: Held) -> list[str]:
        exact = set(np.frombuffer(held.entry.terms.uses.hashes, "<u4").tolist())
        return [word for word in self._query.names if hash_of(word) in exact][:_WORDS]

    def _in_path(self, path: str) -> list[str]:
        """Return the words that a path has, its ending aside."""
        name = path.rpartition(".")[0] or path
        return self._there(
            {term for part in name.replace(".", "/").split("/") for term in hashes_of(part)}.__contains__
        )


def _says_much(word: str) -> bool:
    return len(word) >= _LEAST_LETTERS or not word.isascii() or (word.isupper() and len(word) > 1)


def _sought(word: str) -> tuple[str, int | None, list[tuple[str, int]]]:
    """Return a word, the term of the whole of it, None where it has none, and its telling parts with theirs."""
    return word, next(iter(hashes_of(word)[-1:]), None), _parts(word)


def _parts(word: str) -> list[tuple[str, int]]:
    """Return the telling parts of an identifier as they are written, each with its term."""
    terms = [hash_of(part) for part in parts_of(word)]
    written = PART.findall(word) if word.isascii() else parts_of(word)
    return [each for each in zip(written, terms, strict=False) if _says_much(each[0])] if len(terms) > 1 else []


def _says_same(one: str, other: str) -> bool:
    """Whether one reason is the other, but for what the subject is that both speak of."""
    return one.partition(" as ")[0] == other.partition(" as ")[0]


def _shared(user: Held, definer: Held) -> list[str]:
    """Return names that one file uses and the other defines, the longest first: they say most."""
    used = user.entry.outline.references
    defined = {simple_name(definition.name) for definition in definer.entry.outline.definitions}
    return sorted(defined & used.keys(), key=lambda name: (-len(name), name))[:_WORDS]


def _quoted(title: str) -> str:
    title = title.replace("`", "'")
    return title if len(title) <= _MOST_OF_TITLE else f"{title[: _MOST_OF_TITLE - 1].rstrip()}…"


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)
