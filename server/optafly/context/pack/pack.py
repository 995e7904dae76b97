"""From files that were found to the code that goes with a prompt: whole where it matters, in outline where it may."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from optafly.context.find.parts import FILES
from optafly.context.pack.because import because, outlined_because
from optafly.context.pack.choose import Candidate, candidates, choose
from optafly.context.pack.pinned import Short, is_of_a_file, named_lines, pin, tell_missing
from optafly.context.pack.reader import File, Reader
from optafly.context.pack.shelf import Shelf
from optafly.context.wire import NOTHING
from optafly.domain import FileHit, Gathered, LeftOut, Piece
from optafly.mentions import halves

# Shares of the tokens, chosen on the development cases (docs/decisions/095).
PATHS_SHARE = 0.06
SKELETON_SHARE = 0.04
MOST_OUTLINED = 400  # tokens: beyond these, code holds more of a change than outlines do
MOST_PATHS = 100
_MOST_SKELETONS = 12
_MOST_LEFT_OUT = 10
_LEAST_TOKENS = 300  # below this, outlines would leave no room for code
_REMOVED = "You removed it."
_NO_ROOM = "There is no room for it: other code speaks more to the prompt."
_GONE = "It cannot be read any more."


def pack(
    hits: Sequence[FileHit],
    files: Reader,
    *,
    max_tokens: int,
    taken: Sequence[Piece] = (),
    pinned: Sequence[str] = (),
    removed: Sequence[str] = (),
    unlisted: Container[str] = (),
) -> Gathered:
    """Return the code that goes with a prompt: at most `max_tokens` of it, those of the pieces `taken` included.

    First comes what is `pinned`, whole files last; what of it does not fit is said in `left_out`, and what may mean
    several things is one of the `choices`. Then the parts of the best files that speak most to the question, then
    skeletons of the next files, then the bare paths of those behind. Nothing `removed` and no line of `taken` is among
    them, and no `unlisted` name, which is not the path alone, among those paths. What changes slowly stands first, so
    that a prompt cache can keep it.
    """
    shelf = Shelf(taken, max_tokens - sum(piece.tokens for piece in taken))
    short: list[Short] = []
    for name in sorted(pinned, key=is_of_a_file):  # else a long file would leave no room for one of its lines
        short += pin(name, files, shelf, pinned=pinned, removed=removed, hits=hits)
    hits = [hit for hit in hits if hit.path not in removed]
    opened = _opened(hits, files, shelf)
    outlines = len(hits) > 1 or any(file.stale for file in opened.values())
    reserved = _reserved(shelf.tokens_left) if outlines else 0
    avoid = {
        number: [*shelf.lines(file), *(lines for name in removed for lines in named_lines(file, name))]
        for number, file in opened.items()
    }
    ranked = candidates(hits, opened)
    chosen, refused = choose(ranked, opened, avoid, shelf.tokens_left - reserved)
    for number, lines in sorted(chosen.items()):  # best file first, which is how much its pieces matter
        for each in lines:
            if not shelf.take(opened[number], each, because(hits[number])):  # its secrets replaced, it is longer
                refused.append(Candidate(0.0, number, each))
    tell_missing(short, shelf)
    _outline(hits, opened, shelf, reserved, unlisted)
    _tell(shelf, opened, refused, removed)
    pieces = shelf.ordered()
    return Gathered(
        pieces=pieces,
        left_out=tuple(shelf.left_out),
        tokens=sum(piece.tokens for piece in pieces),
        choices=tuple(shelf.choices),
    )


def _reserved(tokens: int) -> int:
    """Return how many tokens are kept for outlines and paths."""
    return min(int(tokens * (PATHS_SHARE + SKELETON_SHARE)), MOST_OUTLINED) if tokens >= _LEAST_TOKENS else 0


def _opened(hits: Sequence[FileHit], files: Reader, shelf: Shelf) -> dict[int, File]:
    found: dict[int, File] = {}
    for number, hit in enumerate(hits[:FILES]):
        file = files.open(hit.root, hit.path)
        if file is None:
            shelf.left_out.append(LeftOut(path=hit.path, tokens=0, reason=_GONE))
        else:
            found[number] = file
    return found


def _outline(
    hits: Sequence[FileHit], opened: Mapping[int, File], shelf: Shelf, tokens: int, unlisted: Container[str]
) -> None:
    """Take the skeletons of files of which no line was chosen, and the paths of all that are left."""
    if not tokens:
        return
    left = int(tokens * SKELETON_SHARE / (PATHS_SHARE + SKELETON_SHARE))
    for number in [number for number, file in opened.items() if not shelf.has(file)][:_MOST_SKELETONS]:
        before, wanted = shelf.tokens_left, [symbol.name for symbol in hits[number].symbols]
        why = outlined_because(hits[number], stale=opened[number].stale)
        if not shelf.take_skeleton(opened[number], wanted, why, left):
            break
        left -= before - shelf.tokens_left
    known = shelf.paths()
    gone = {each.path for each in shelf.left_out if each.reason == _GONE}
    root = hits[0].root  # a name says nothing of which root it lies in
    # With a space in it, it could not be told from two, nor be judged by the ignore rules before it leaves.
    near = [hit.path for hit in hits[:MOST_PATHS] if hit.root == root and " " not in hit.path]
    near = [path for path in near if path not in unlisted]
    rest = [path for path in near if path not in known and path not in gone]
    while rest and not shelf.take_paths(rest, root):
        rest = rest[: len(rest) * 4 // 5]


def _tell(shelf: Shelf, opened: Mapping[int, File], refused: Sequence[Candidate], removed: Sequence[str]) -> None:
    """Say what was removed, and the best of what would have come next."""
    for name in removed:
        path, symbol = halves(name)
        shelf.left_out.append(LeftOut(path=path, symbol=symbol, tokens=0, reason=_REMOVED))
    found: dict[tuple[str, str | None], LeftOut] = {}
    for each in refused:
        file = opened[each.hit]
        symbol = shelf.symbol(file, each.lines)
        if not any(_covers(other, file.path, symbol) for other in shelf.left_out):
            left = LeftOut(path=file.path, symbol=symbol, tokens=file.cost(*each.lines), reason=_NO_ROOM)
            found.setdefault((file.path, symbol), left)
    said = [*found, *((each.path, each.symbol) for each in shelf.left_out)]
    named = {path for path, symbol in said if symbol is not None}  # the rest of such a file is not said once more
    told = [left for (path, symbol), left in found.items() if symbol is not None or path not in named]
    shelf.left_out += told[:_MOST_LEFT_OUT]


def _covers(other: LeftOut, path: str, symbol: str | None) -> bool:
    """Say whether it was said already of all of a file, or of the definition or one around it, that it is left out."""
    if other.path != path or other.reason == NOTHING:
        return False
    return other.symbol is None or f"{symbol or ''}.".startswith(f"{other.symbol}.")
