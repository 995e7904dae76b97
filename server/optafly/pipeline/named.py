"""Whether what was gathered is what a prompt names: "how does authentication work?" may be about the world, too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from pathlib import PurePosixPath

from optafly.context.pack.shelf import is_paths
from optafly.domain import Gathered, Piece
from optafly.refine.general import IN_EVERY_LANGUAGE

Words = Iterable[Sequence[str]]
"""A prompt's own words, each with what code calls it behind it: however many names it has, it is one."""

STEM = 5  # "authenticate", "authentication"
_LEAST_LETTERS = 4
_LEAST_PLURAL = 2  # `ps`, `cs`, `js` are none
_DEFINITION = re.compile(
    r"\b(?:def|class|func|fn|function|struct|enum|trait|interface|module|fun|record|type)\s+(?:\([^()\n]*\)\s*)?(\w+)"
)
_COMMENT = re.compile(r"^[^\S\n]*(?://|#|--|/?\*).*$", re.MULTILINE)  # "of type Guid" defines none
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+")
_OF_A_FOLDER = frozenset({"__init__", "index", "mod"})  # what a folder is as a module: it is called as that
# Of two or three letters: what people say of anything, and what there is of its name in any project.
# fmt: off
_COMMON = IN_EVERY_LANGUAGE.union((
    "ai", "db", "go", "id", "io", "ip", "js", "md", "no", "ok", "os", "pc", "pi", "pr", "py", "qa", "rb", "rs", "ts",
    "tv", "ui", "us", "vs", "act", "add", "age", "ago", "aid", "aim", "air", "all", "and", "any", "api", "app", "apt",
    "are", "arg", "art", "ask", "bad", "bag", "bar", "bed", "bet", "big", "bin", "bit", "box", "boy", "bug", "but",
    "buy", "can", "car", "cat", "cli", "cmd", "col", "cry", "css", "cup", "cut", "day", "def", "del", "dev", "did",
    "die", "dig", "dir", "doc", "dog", "dom", "dot", "dry", "due", "ear", "eat", "egg", "end", "err", "eye", "far",
    "few", "fit", "fix", "fly", "foo", "for", "fun", "gap", "gas", "get", "git", "god", "got", "gui", "guy", "hit",
    "hot", "how", "ice", "ide", "int", "its", "kid", "law", "lay", "leg", "let", "lib", "lie", "lip", "lot", "low",
    "mad", "man", "max", "may", "men", "min", "mix", "mod", "net", "new", "nil", "non", "not", "now", "num", "obj",
    "odd", "off", "oil", "old", "one", "our", "out", "own", "pay", "per", "pop", "pro", "ptr", "pub", "put", "raw",
    "red", "rid", "run", "sad", "say", "sea", "see", "sex", "she", "six", "sky", "src", "std", "str", "sum", "sun",
    "sys", "ten", "the", "tip", "too", "top", "toy", "try", "two", "use", "val", "van", "var", "via", "war", "way",
    "web", "why", "win", "yes", "yet", "you", "zip",
))
# fmt: on


def if_named(gathered: Gathered, words: Words, least: int = 1, *, wholly: bool = False) -> Gathered:
    """Return what was gathered if `least` of the prompt's own `words` name any of it, or a person pinned it.

    Else return nothing of it but what became of the pins.

    "How does authentication work?" may be about the workspace or about the world: it is about the workspace where that
    has an `authenticate`. What anybody could ask must name something `wholly` (see `_is_called`).
    """
    code = [piece for piece in gathered.pieces if not is_paths(piece)]
    if wholly:
        named = _is_called(code, (word for each in words for word in each))
    else:
        names = [name for piece in code for name in (piece.path, piece.symbol or "", *_defined(piece))]
        named = _naming(words, set(_beginnings(names)), _exact(code) if least == 1 else frozenset()) >= least
    if named or any(piece.pinned for piece in gathered.pieces):
        return gathered
    told = tuple(each for each in gathered.left_out if each.pin is not None)
    return Gathered(left_out=told, choices=gathered.choices, complete=gathered.complete, answered=gathered.answered)


def _naming(words: Words, names: AbstractSet[str], exact: AbstractSet[str]) -> int:
    """Return how many words of a prompt are among `names`, by their beginning, or as they are among the `exact`."""
    found: set[frozenset[str]] = set()
    for each in words:
        parts = _beginnings(each)
        groups = [{part} for part in parts] if len(each) == 1 else [set(parts)]
        groups.append({form for word in each for form in _forms(word.lower())} & exact)
        found |= {frozenset(group & (names | exact)) for group in groups}
    return len(found - {frozenset()})


def _is_called(pieces: Iterable[Piece], words: Iterable[str]) -> bool:
    """Say whether a file or definition is called by no other words than these, or a type by one of them at its end.

    An `HttpInterceptor` is an interceptor, a `sort_list` is no list, and an `ImmutableList` is none that a general
    question is about: every language has lists.
    """
    said = set(_beginnings(words, least_letters=1))
    for piece in pieces:
        for name in _called(piece):
            parts = _beginnings((name,), least_letters=1)
            kind = _PART.findall(name)[-1:]
            of_kind = parts[-1:] if name[:1].isupper() and IN_EVERY_LANGUAGE.isdisjoint(map(str.lower, kind)) else parts
            if any(len(part) >= _LEAST_LETTERS for part in of_kind) and said.issuperset(of_kind):
                return True
    return False


def _exact(pieces: Iterable[Piece]) -> frozenset[str]:
    """Return names that only the very same word names.

    So are those of two or three letters that say little else: in longer names they are as often short for something,
    only a `tax.py` or a class `Job` says that it is that. And so is what is defined inside of a definition.
    """
    short = {form for piece in pieces for name in _called(piece) for form in _forms(name.lower())}
    inside = {name.lower() for piece in pieces if piece.symbol for name in _defines(piece)}
    return frozenset(
        {name for name in short if 1 < len(name) < _LEAST_LETTERS and name.isalpha()} - _COMMON
        | {name for name in inside if len(name) >= _LEAST_LETTERS}
    )


def _forms(word: str) -> tuple[str, ...]:
    """Return a word, and what it may be the plural of."""
    singular = (word.removesuffix("s"), word.removesuffix("es"))
    return (word, *(each for each in singular if len(each) > _LEAST_PLURAL))


def _called(piece: Piece) -> tuple[str, ...]:
    """Return what the file of a piece, and what it defines, are called."""
    path = PurePosixPath(piece.path)
    symbols = re.split(r"\.|::", piece.symbol) if piece.symbol else _defined(piece)
    return (path.parent.name if path.stem in _OF_A_FOLDER else path.stem, *symbols)


def _defined(piece: Piece) -> list[str]:
    """Return the names that a piece of several definitions seems to define; what is one definition has its symbol."""
    return [] if piece.symbol else _defines(piece)


def _defines(piece: Piece) -> list[str]:
    return _DEFINITION.findall(_COMMENT.sub("", piece.text))


def _beginnings(texts: Iterable[str], least_letters: int = _LEAST_LETTERS) -> list[str]:
    """Return the words of texts and identifiers, each cut to what its forms have in common."""
    return [part.lower()[:STEM] for text in texts for part in _PART.findall(text) if len(part) >= least_letters]
