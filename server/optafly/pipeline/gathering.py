"""Code from the whole workspace that goes with a prompt: asked for, checked before it may leave, and written out."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from urllib.parse import quote

import msgspec

from optafly.approval import Draft
from optafly.config import Config
from optafly.context.pack.shelf import is_paths
from optafly.context.pack.skeleton import paths_in, paths_text
from optafly.context.wire import NOTHING, Search
from optafly.domain import Document, Found, Gathered, LeftOut, Masked, Piece
from optafly.mentions import halves, is_word, means, mentions
from optafly.pipeline.freshness import agrees
from optafly.privacy.masking import PLACEHOLDER, mask
from optafly.refine.rules.code import block
from optafly.uris import path_of

Gather = Callable[[Search], Awaitable[Gathered | None]]
Find = Callable[[Search], Awaitable[Found]]
Excludes = Callable[[str], str | None]
"""Says why the file of a URI is never read into a prompt, or None."""

FIND_S = 0.2  # for what words mean: without it they are as clear as they were
HEADING = "Code from the workspace that may help. Use it where it does; the request follows it."
OUTLINES = "In outline:"
PATHS = "Other files there are:"
UNFINISHED = "Not all of the workspace could be searched: once its index is whole, other code may be found."
NO_ANSWER = "The index of the workspace gave no answer in time: no other code goes along."
OLD = "The index has not read your last edit of it yet."
LATE = "You pinned it, but the index gave no answer in time: add it again."
NOWHERE = "You pinned it, but no folder is open in which it could be looked for."
_PATH = re.compile(r".*[^/]/[^/]*[^/.]\.[A-Za-z]\w{0,9}", re.DOTALL)


class Checked(msgspec.Struct, frozen=True):
    """What of the gathered code may leave, with the secrets that are masked in it."""

    gathered: Gathered
    masked: tuple[Masked, ...] = ()


def named_in(prompt: str, pinned: Iterable[str]) -> tuple[str, ...]:
    """Return what a person pinned, and what they mention in the prompt: both are asked for by name."""
    return tuple(dict.fromkeys((*pinned, *(mention.name for mention in mentions(prompt)))))


def search(
    draft: Draft, config: Config, taken: tuple[Piece, ...], pinned: tuple[str, ...], removed: tuple[str, ...]
) -> Search:
    """Return what the index is asked, so that all code together keeps to `context.maxTokens`."""
    return Search(
        snapshot=draft.snapshot,
        settings=config.context,
        max_tokens=config.context.max_tokens,
        taken=taken,
        pinned=pinned,
        removed=removed,
        mask=config.privacy.mask_secrets,
        vague=draft.vague,
        said=draft.said,
    )


def checked(gathered: Gathered, excludes: Excludes, config: Config) -> Checked:
    """Return what may leave: nothing that is ignored, and no secret, whatever the index has done already."""
    pieces: list[Piece] = []
    left_out = list(gathered.left_out)
    masked: dict[str, Masked] = {}
    for piece in gathered.pieces:
        if is_paths(piece):
            piece = _allowed(piece, excludes)
        elif (reason := excludes(piece.uri)) is not None:
            left_out.append(_left(piece, f"Never read: {reason}."))
            continue
        if config.privacy.mask_secrets:
            text, _ = mask(piece.text, piece.path)
            piece = msgspec.structs.replace(piece, text=text) if text != piece.text else piece
            for found in PLACEHOLDER.finditer(piece.text):
                masked[found[0]] = Masked(kind=found[1], where=piece.path, placeholder=found[0])
        pieces.append(piece)
    tokens = sum(piece.tokens for piece in pieces)
    allowed = msgspec.structs.replace(gathered, pieces=tuple(pieces), left_out=tuple(left_out), tokens=tokens)
    return Checked(allowed, tuple(masked.values()))


def _left(piece: Piece, reason: str, tokens: int = 0) -> LeftOut:
    """Return what is said of a piece that cannot go along after all."""
    return LeftOut(
        path=piece.path, symbol=piece.symbol, tokens=tokens, reason=reason, pin=piece.pin, mentioned=piece.mentioned
    )


def _allowed(piece: Piece, excludes: Excludes) -> Piece:
    """Return a list of paths without those of files that are never read."""
    paths = list(paths_in(piece.text))
    left = [path for path in paths if excludes(f"{piece.uri}/{quote(path)}") is None]
    return piece if left == paths else msgspec.structs.replace(piece, text=paths_text(left))


def kept(gathered: Gathered, pinned: Sequence[str], removed: Sequence[str], reason: str = LATE) -> Gathered:
    """Return what was gathered before without what a person removed since; for when the index gives no answer.

    What they asked for by name and is not among it is said in `left_out`: no click is lost in silence. A pin that they
    took back is none any more.
    """
    pieces = tuple(
        piece if piece.pin is None or piece.pin in pinned else msgspec.structs.replace(piece, pinned=False, pin=None)
        for piece in gathered.pieces
        if not any(means(name, piece) for name in removed)
    )
    missing = [name for name in pinned if not any(means(name, piece) for piece in pieces)]
    stands = [each for each in gathered.left_out if each.pin is None or each.pin in pinned]
    left_out = (*(each for each in stands if each.pin not in missing), *(_missing(name, reason) for name in missing))
    return msgspec.structs.replace(
        gathered,
        pieces=pieces,
        left_out=left_out,
        tokens=sum(piece.tokens for piece in pieces),
        complete=False,
        answered=False,
    )


def _missing(name: str, reason: str) -> LeftOut:
    path, symbol = halves(name)
    return LeftOut(path=path, symbol=symbol, tokens=0, reason=reason, pin=name)


def as_it_is(gathered: Gathered, active: Document | None) -> Gathered:
    """Return what was gathered without what an older text of the `active` document says, and say so."""
    file = path_of(active.uri) if active is not None else None
    if active is None or file is None:
        return gathered
    of_it = (piece for piece in gathered.pieces if not is_paths(piece) and path_of(piece.uri) == file)
    old = [piece for piece in of_it if not agrees(piece, active.text)]
    if not old:
        return gathered
    pieces = tuple(piece for piece in gathered.pieces if piece not in old)
    told = [_left(each, OLD, each.tokens) for each in old]
    tokens = sum(piece.tokens for piece in pieces)
    return msgspec.structs.replace(gathered, pieces=pieces, left_out=(*gathered.left_out, *told), tokens=tokens)


def without_strays(gathered: Gathered, pinned: Sequence[str]) -> Gathered:
    """Return what was gathered without a word on mentions that name nothing: `@param` in code that was pasted is none.

    What a person `pinned` by a click was there once, and `#src/bil.py` can mean nothing but a file, nor can a `#bil` in
    a sentence: they are told.
    """
    left_out = tuple(
        each
        for each in gathered.left_out
        if each.reason not in (NOTHING, LATE, NOWHERE)
        or each.pin in pinned
        or _PATH.fullmatch(each.path)
        or is_word(each.path)
    )
    return msgspec.structs.replace(gathered, left_out=left_out)


def written(pieces: Sequence[Piece]) -> str:
    """Return the block that stands before the prompt; "" without pieces."""
    if not pieces:
        return ""
    paths = [piece.text for piece in pieces if is_paths(piece)]
    outlines = [piece.text for piece in pieces if piece.kind == "skeleton" and not is_paths(piece)]
    code = [block(piece) for piece in pieces if piece.kind != "skeleton"]
    parts = [HEADING]
    parts += ["\n\n".join((PATHS, *paths))] if paths else []
    parts += ["\n\n".join((OUTLINES, *outlines))] if outlines else []
    return "\n\n".join(parts) + "".join(code)
