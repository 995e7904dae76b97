"""What a person asked for by name, and what they took out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from optafly.context.find.hits import symbol_hit
from optafly.context.outline.model import Definition
from optafly.context.pack.choose import Candidate, choose, worth
from optafly.context.pack.lines import Lines, trimmed, without
from optafly.context.pack.reader import File, Reader
from optafly.context.pack.shelf import LIST, Shelf, needed
from optafly.context.wire import NOTHING
from optafly.domain import Choice, FileHit, LeftOut, Part
from optafly.mentions import halves, is_word, mention_of, name_of, named_shortly, readings

_PINNED = "You pinned it."
_MOST_NAMED = 3
_MOST_CANDIDATES = 5
_LEAST_SEARCHED = 100  # tokens: for less room it is not worth asking what of a file speaks most to the prompt


class Short(NamedTuple):
    """Lines of a file that a person pinned by a `name`, and that there was no room for as a whole."""

    file: File
    lines: Lines
    name: str


def named_lines(file: File, name: str, *, partly: bool = False) -> list[Lines]:
    """Return the lines of `file` that a name (see `optafly.mentions`) means; none where it means another file.

    With `partly`, the name may give the end of the file's path alone, or that without the file's ending.
    """
    found: list[Lines] = []
    for each in readings(name):
        partial = partly and (file.path.endswith(f"/{each.path}") or named_shortly(each.path, file.path))
        if each.path not in ("", file.path) and not partial:
            continue
        if each.lines is not None:
            found.append((each.lines[0], min(each.lines[1], len(file.raw))))
        elif each.symbol is not None:
            found += [(found.start_line, found.end_line) for found in _defined(file, each.symbol)]
        elif each.path:
            return [(1, len(file.raw))]
    return [lines for lines in found if lines[0] <= lines[1]]


def is_of_a_file(name: str) -> bool:
    """Say whether a name can mean nothing but a whole file."""
    return len(readings(name)) == 1


def pin(
    name: str,
    files: Reader,
    shelf: Shelf,
    *,
    pinned: Sequence[str] = (),
    removed: Sequence[str] = (),
    hits: Sequence[FileHit] = (),
) -> list[Short]:
    """Take what a name means, whole; else as much of it as there is room for, and return what is not whole.

    Of what is too long the parts come first that speak most to the prompt, as the `hits` or else the `files` tell.

    Of a name that files share, nothing is taken: which of them is meant is for a person to say, who said so where one
    of the `pinned` is in one of those files. Nothing `removed` is taken.
    """
    if name == LIST:
        return []  # it comes by itself where it is not removed
    path, symbol = halves(name)
    meant = _meant(name, files)
    if not meant and is_word(name) and (defined := _meant(f"#{name}", files)):
        name, meant = f"#{name}", defined  # no file is called so, but a definition is: `#total` for `@total`
    if path in meant:
        meant = {path: meant[path]}  # all of a path means that file, whichever others end in it
    elif len(meant) > 1:
        if not any(halves(other)[0] in meant for other in pinned):
            _ask(name, [meant[each] for each in sorted(meant)], shelf)
        return []
    found = [(file, lines) for file in meant.values() for lines in named_lines(file, name, partly=True)]
    if not found:
        shelf.left_out.append(LeftOut(path=path, symbol=symbol, tokens=0, reason=NOTHING, pin=name))
    short: list[Short] = []
    for file, lines in found:
        gone = [each for other in removed for each in named_lines(file, other)]
        for part in without(lines, [*shelf.lines(file), *gone]):
            if not shelf.take(file, part, _PINNED, pin=name):
                short.append(Short(file, part, name))
                _take_some(short[-1], files, shelf, hits)
    return short


def tell_missing(short: Sequence[Short], shelf: Shelf) -> None:
    """Say what is missing of what was pinned, once nothing more is taken: some of it may go along unasked."""
    for each in short:
        _tell_missing(each, shelf)


def _meant(name: str, files: Reader) -> dict[str, File]:
    """Return the files that a name may mean, or may mean something in, by their paths."""
    opened = [file for hit in files.named(name) if (file := files.open(hit.root, hit.path)) is not None]
    return {file.path: file for file in reversed(opened) if named_lines(file, name, partly=True)}


def _ask(name: str, meant: Sequence[File], shelf: Shelf) -> None:
    """Leave it to a person which of a few files is meant; of many, say how to name one of them alone."""
    path, symbol = halves(name)
    candidates = [each for file in meant for each in _candidates(file, symbol)]
    if len(candidates) > _MOST_CANDIDATES or any(each.lines for each in readings(name)):
        reason = _several([file.path for file in meant], symbol)
        shelf.left_out.append(LeftOut(path=path, symbol=symbol, tokens=0, reason=reason, pin=name))
    else:
        shelf.choices.append(Choice(words=mention_of(name), start=0, candidates=tuple(candidates)))


def _candidates(file: File, symbol: str | None) -> list[FileHit]:
    """Return a file, or each definition of that name in it, as one that may be meant."""
    hit = FileHit(root=file.root, path=file.path, language=file.outline.language, score=1.0)
    if symbol is None:
        return [hit]
    return [msgspec.structs.replace(hit, symbols=(symbol_hit(each),)) for each in _defined(file, symbol)]


def _several(paths: Sequence[str], symbol: str | None) -> str:
    """Say which files share a name, and how to name one of them alone."""
    some = ", ".join(f"`{path}`" for path in paths[:_MOST_NAMED])
    more = f" and {len(paths) - _MOST_NAMED} more" if len(paths) > _MOST_NAMED else ""
    return f"Several files have it: {some}{more}. Say which, as in `{mention_of(name_of(paths[0], symbol))}`."


def _take_some(short: Short, files: Reader, shelf: Shelf, hits: Sequence[FileHit]) -> None:
    file, lines, name = short
    parts: Sequence[Part] = ()
    if not file.stale:
        told = next((hit.parts for hit in hits if (hit.root, hit.path) == (file.root, file.path)), ())
        parts = told or (files.parts(file.root, file.path) if shelf.tokens_left >= _LEAST_SEARCHED else ())
    for part in _best(file, lines, shelf, parts) or _beginning(file, lines, shelf):
        shelf.take(file, part, f"You pinned `{name}`: there is room for this part of it.", pin=name)


def _tell_missing(short: Short, shelf: Shelf) -> None:
    file, lines, name = short
    missing = [each for each in without(lines, shelf.lines(file)) if trimmed(file, each)]
    if not missing:
        return
    (first, last), *more = missing
    what = "it" if missing == [lines] else "the rest of it" if more else f"lines {first}-{last} of it"
    shelf.left_out.append(
        LeftOut(
            path=file.path,
            symbol=shelf.symbol(file, (first, missing[-1][1])),
            tokens=sum(file.tokens(*each) for each in missing),
            reason=f"You pinned it, but there is no room for {what}: `context.maxTokens` is too small.",
            pin=name,
        )
    )


def _best(file: File, lines: Lines, shelf: Shelf, parts: Sequence[Part]) -> Sequence[Lines]:
    """Return the `parts` of these lines that speak most to the prompt, as many as there is room for."""
    inside = [(part.score, (max(part.start_line, lines[0]), min(part.end_line, lines[1]))) for part in parts]
    ranked = [Candidate(worth(score, file.size(*each)), 0, each) for score, each in inside if each[0] <= each[1]]
    ranked.sort(key=lambda each: (-each.score, each.lines))
    chosen, _ = choose(ranked, {0: file}, {0: shelf.lines(file)}, shelf.tokens_left)
    return chosen.get(0, ())


def _beginning(file: File, lines: Lines, shelf: Shelf) -> Sequence[Lines]:
    """Return the first of these lines, as many as there is room for."""
    first, last = lines
    ends = range(first, last)
    fitting = first + bisect_right(ends, shelf.tokens_left, key=lambda end: needed(file, (first, end))) - 1
    return [(first, fitting)] if fitting > first else []


def _defined(file: File, symbol: str) -> Sequence[Definition]:
    """Return the definitions of that name: qualified as written, else those whose last parts it gives."""
    wanted = symbol.replace("::", ".")
    names = [(each, each.name.replace("::", ".")) for each in file.outline.definitions]
    whole = [each for each, name in names if name == wanted]
    return whole or [each for each, name in names if name.endswith(f".{wanted}")]
