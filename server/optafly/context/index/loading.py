"""What is stored of a root becomes what can be found in it: all of it at first, then what another process wrote."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from optafly.context.history import History
from optafly.context.index.content import Content, decode
from optafly.context.index.files import HASH_BYTES
from optafly.context.index.keeping import Keeping, News
from optafly.context.index.past import Kept, Past
from optafly.context.index.reading import Answer
from optafly.context.index.store import File
from optafly.context.index.vectors import SPARE, Vectors
from optafly.context.index.view import View
from optafly.context.index.walk import Listing, Walk

UNMADE = "unmade"
_MARK, _HISTORY, _RULES = "head", "history", "history rules"
AT_ONCE = 1_000  # files between which a question may be answered


def loaded(
    keeping: Keeping, view: View, vectors: Vectors | None, listing: Listing, is_wanted: Callable[[], bool]
) -> tuple[dict[str, File], list[str]]:
    """Take what is stored of the files that were listed (what is excluded by now is not even looked at).

    Returns the files that are known now, and those that are stored but are not there any more. Raises keeping.Rebuilt.
    """
    everything = keeping.files()
    stored = {
        path: file
        for path, file in everything.items()
        if path in listing.files or (path in listing.skipped and not file.hash)
    }
    lost = [path for path in everything if path not in listing.files and path not in listing.skipped]
    made = _vectors(keeping, vectors)
    paths: dict[bytes, list[str]] = {}
    for path, file in stored.items():
        if file.hash:
            paths.setdefault(file.hash, []).append(path)
    whole: set[bytes] = set()
    batch: list[tuple[str, Content, bytes | None]] = []
    for digest, data in keeping.contents():
        if not is_wanted():
            return {}, []
        if digest not in paths:
            continue
        content = decode(data)
        batch += [(path, content, made.get(digest)) for path in paths[digest]]
        whole.add(digest)
        if len(batch) >= AT_ONCE:
            view.fill(batch, later=True)
            batch = []
    view.fill(batch, later=True)
    return {path: file for path, file in stored.items() if not file.hash or file.hash in whole}, lost


def _vectors(keeping: Keeping, vectors: Vectors | None) -> dict[bytes, bytes]:
    """Return the stored vectors, if they were made as they would be now; else they are made again."""
    if vectors is None or not are_ours(keeping, vectors):
        return {}
    made = keeping.vectors()
    vectors.take(made)
    vectors.unmade = _unmade(keeping)
    return made


def are_ours(keeping: Keeping, vectors: Vectors) -> bool:
    """Tell whether the stored vectors were made as they would be now; whoever writes begins with none where not.

    Raises keeping.Rebuilt.
    """
    if keeping.meta("embedder") == vectors.name.encode():
        return True
    keeping.void_vectors()
    keeping.keep({"embedder": vectors.name.encode(), UNMADE: b""})
    return False


def _unmade(keeping: Keeping) -> frozenset[bytes]:
    """Return the contents of which whoever writes could make no vectors."""
    kept = keeping.meta(UNMADE) or b""
    return frozenset(kept[start : start + HASH_BYTES] for start in range(0, len(kept), HASH_BYTES))


def hear(
    news: News | None,
    again: set[str],
    files: dict[str, File],
    keeping: Keeping,
    view: View,
    vectors: Vectors | None,
) -> None:
    """Take in what another process wrote, and some files `again`, also into `files`. Raises keeping.Rebuilt."""
    news = news or News({}, {})
    if again:
        stored = keeping.files()
        news = News({path: stored[path] for path in again & stored.keys()} | news.files, news.vectors)
    gone = [path for path, file in news.files.items() if file is None]
    for path in gone:
        files.pop(path, None)
    view.drop(gone)
    made: dict[bytes, bytes] = {}
    if vectors is not None and not are_ours(keeping, vectors):
        news = News(news.files, {})  # whoever writes has another model: its vectors are not compared with ours
    elif vectors is not None:
        vectors.take(news.vectors)
        vectors.unmade = _unmade(keeping)
        known = vectors.made
        fresh = {file.hash for file in news.files.values() if file is not None and file.hash}
        made = {digest: known[digest] for digest in fresh & known.keys()}
        made |= keeping.vectors_of(list(fresh - known.keys()))
    for path, file in news.files.items():
        if file is None:
            continue
        before = files.get(path)
        if not file.hash:
            view.drop([path])
        elif before is None or before.hash != file.hash:
            content = keeping.content(file.hash)
            if content is None:  # it was written anew meanwhile, which is news too; until then nothing is known of it
                files.pop(path, None)
                continue
            view.put(path, decode(content), made.get(file.hash))
        files[path] = file
    see(news.vectors, files, view)
    if vectors is not None and len(vectors.made) > 2 * len(files) + SPARE:
        vectors.prune({file.hash for file in files.values()})


def see(made: Mapping[bytes, bytes], files: Mapping[str, File], view: View) -> None:
    """Let files be found by their vectors too."""
    for path, file in files.items() if made else ():
        if file.hash in made:
            view.see(path, made[file.hash])


def take_in(answers: Mapping[str, Answer], view: View, vectors: Mapping[bytes, bytes]) -> None:
    """Let what was read be found."""
    view.drop(path for path, answer in answers.items() if not answer.file.hash)
    view.fill(
        (path, decode(answer.content), vectors.get(answer.file.hash))
        for path, answer in answers.items()
        if answer.content is not None
    )


def let_go(paths: Collection[str], walk: Callable[[], Walk], keeping: Keeping) -> None:
    """Keep what was read of files that are gone, for they may come back; nothing of those that are excluded by now.

    `walk` gives the rules as they are. Raises keeping.Rebuilt.
    """
    if not paths:
        return
    rules = walk()
    excluded = {path for path in paths if rules.excludes(path)}
    if gone := {path: None for path in paths if path not in excluded}:
        keeping.write(files=gone)
    if excluded:
        keeping.erase(excluded)


def recall(keeping: Keeping, past: Past, view: View) -> None:
    """Take in the history that is stored, where it is another than the one that is known. Raises keeping.Rebuilt."""
    mark = keeping.meta(_MARK)
    if mark is None and past.known.mark:  # the file was begun anew
        _keep(keeping, past.known)
    if mark is None or mark == past.known.mark:
        return
    history = past.take(Kept(keeping.meta(_HISTORY) or b"", keeping.meta(_RULES) or b"", mark))
    if history is not None:
        view.remember(history)


def remember(keeping: Keeping, view: View, past: Past, history: History, kept: Kept) -> None:
    """Take in a history that was read, and store it; nothing of an older one stays. Raises keeping.Rebuilt."""
    if past.known is not kept:
        return  # another is known by now
    _keep(keeping, kept)
    keeping.scrub()
    view.remember(history)


def _keep(keeping: Keeping, kept: Kept) -> None:
    keeping.keep({_RULES: kept.rules, _HISTORY: kept.data, _MARK: kept.mark})
