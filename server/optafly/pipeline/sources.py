"""The code from the workspace that went along with an answer: whether it still stands as it stood then.

It is no part of what tells one question from another, or no paraphrase would ever find an answer. But an answer rests
on it: where any of it has changed, the answer is not served, and is offered with what changed.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Iterable, Sequence

import msgspec

from optafly.cache.cache import Cache
from optafly.cache.codechange import Moved, moved
from optafly.cache.verdict import preview
from optafly.config import Config
from optafly.context.lines import DocumentLines
from optafly.context.outline.languages import language_of
from optafly.context.pack.reader import sendable, times_in
from optafly.context.pack.shelf import is_paths
from optafly.context.pack.skeleton import holds
from optafly.context.symbols import symbols_in
from optafly.domain import CacheKey, Entry, Piece, ReuseCandidate, Source, Verdict
from optafly.pipeline.freshness import Reader
from optafly.privacy.masking import mask

CHANGED = "code from the workspace that went with the answer has changed since"


def came_along(pieces: Iterable[Piece]) -> tuple[Source, ...]:
    """Return gathered pieces as sources of an answer. The bare names of files say nothing that an answer rests on."""
    return tuple(
        Source(
            path=piece.path,
            symbol=piece.symbol,
            fingerprint=hashlib.sha256(piece.text.encode("utf-8", "surrogatepass")).hexdigest(),
            text=piece.text,
            role="outlined" if piece.kind == "skeleton" else "gathered",
            uri=piece.uri,
            times=piece.times,
        )
        for piece in pieces
        if not is_paths(piece)
    )


def changes_in(read: Reader, config: Config) -> Callable[[Entry], tuple[Moved, ...]]:
    """Return what says what became of the code that came along with an entry."""
    return lambda entry: changed_since(entry.sources, read, masked=config.privacy.mask_secrets)


async def lookup(cache: Cache, key: CacheKey, config: Config, read: Reader) -> Verdict:
    """Return the cache's word on `key`. What it would serve is offered where the code that went along has changed."""
    verdict = await cache.lookup(key, config.cache)
    if verdict.outcome != "serve" or verdict.entry_id is None:
        return verdict
    return await current(cache, verdict, config, read)


async def current(cache: Cache, verdict: Verdict, config: Config, read: Reader) -> Verdict:
    """Return `verdict`, or the offer that a serve becomes where the code that went along has changed."""
    entry = await cache.get(verdict.entry_id) if verdict.outcome == "serve" and verdict.entry_id else None
    if entry is None:
        return verdict
    return _still_good(verdict, entry, await asyncio.to_thread(changes_in(read, config), entry), time.time())


async def rests_on_the_same(entry: Entry, config: Config, read: Reader) -> bool:
    """Say whether all of the code that went along with an entry stands as it stood."""
    return not await asyncio.to_thread(changes_in(read, config), entry)


def changed_since(sources: Sequence[Source], read: Reader, *, masked: bool) -> tuple[Moved, ...]:
    """Return what became of the code that came along with an answer; () where all of it stands as it stood.

    Moved within its file it is the same. `read` gives the current text of a piece's file; `masked` says that secrets
    were masked in it.
    """
    texts: dict[str, str | None] = {}
    found: list[Moved] = []
    for source in sources:
        if source.role == "asked":
            continue
        if source.uri not in texts:
            texts[source.uri] = _now(source, read, masked=masked)
        text = texts[source.uri]
        if text is None:
            found.append(Moved(source, None))
        elif not _stands(source, text):
            found.append(Moved(source, _successor(source, text)))
    return tuple(found)


def _still_good(verdict: Verdict, entry: Entry, changed: Sequence[Moved], now_s: float) -> Verdict:
    if not changed:
        return verdict
    candidate = ReuseCandidate(
        entry_id=entry.id,
        prompt=entry.prompt,
        answer_preview=preview(entry.answer),
        cosine=verdict.cosine if verdict.cosine is not None else 1.0,
        age_s=max(0.0, now_s - entry.created_at_s),
        saved_usd=entry.cost_usd,
        saved_s=entry.latency_ms / 1000,
        evidence=f"{verdict.evidence.rstrip('.')}, but {CHANGED}.",
        probability=verdict.probability or 0.0,
    )
    return Verdict(
        outcome="offer",
        evidence=candidate.evidence,
        cosine=candidate.cosine,
        offers=(candidate,),
        probability=candidate.probability,
    )


def since(entry: Entry, key: CacheKey, changed: Sequence[Moved]) -> tuple[Moved, ...]:
    """Return all that changed in the code behind an answer: what was asked about then and now, and what came along."""
    asked = tuple(source for source in entry.sources if source.role == "asked")
    return (*(() if entry.fingerprint == key.fingerprint else moved(asked, key.asked)), *changed)


def as_piece(source: Source) -> Piece:
    """Return a source as a reader of files takes it; of its place in the file nothing is known."""
    return Piece(
        path=source.path,
        uri=source.uri,
        kind="lines",
        language="",
        start_line=1,
        end_line=1,
        text=source.text,
        content_hash="",
        tokens=0,
        reason="",
    )


def _now(source: Source, read: Reader, *, masked: bool) -> str | None:
    """Return the current text of a source's file as its parts would be sent."""
    text = read(as_piece(source))
    if text is None:
        return None
    return sendable(DocumentLines.of(mask(text, source.path)[0] if masked else text))


def _stands(source: Source, text: str) -> bool:
    return holds(text, source.text) if source.role == "outlined" else times_in(text, source.text) == source.times


def _successor(source: Source, text: str) -> Source | None:
    """Return the code that took the place of a source, as far as its name or its first line tell; else None."""
    lines = text.split("\n")
    first, count = source.text.split("\n")[0], source.text.count("\n") + 1
    language = language_of(source.path)
    named = next((each for each in symbols_in(text, language) if each.name == source.symbol), None)
    if source.role == "outlined":
        return None
    if named is not None:
        part = lines[named.start_line - 1 : named.end_line]
    elif first.strip() and first in lines:
        part = lines[lines.index(first) : lines.index(first) + count]
    else:
        return None
    return msgspec.structs.replace(source, text="\n".join(part))
