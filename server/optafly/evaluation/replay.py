"""Ask a prompt log again, in its order, of the real cache: the same lookup, verdict and storage as in an editor.

Everything happens in one namespace, without code, in a database of its own. An entry exists for every earlier prompt
that was not itself served. The models worker's service runs in this process, so that a lookup never times out and the
same log gives the same verdicts on every machine.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from sqlite3 import Connection
from typing import TYPE_CHECKING, TypeVar

import msgspec

from optafly.cache.cache import Cache
from optafly.cache.calibration import SHIPPED, Calibration, parse
from optafly.cache.fingerprint import fingerprint, namespace
from optafly.cache.service import Service
from optafly.cache.verifier import Verifier, load
from optafly.cache.wire import Ask, Found, Hit, Text
from optafly.domain import CacheKey, Completion, Entry, Usage, Verdict
from optafly.errors import ModelFileError, OptaflyError
from optafly.evaluation.rows import SAME_TEXT, Candidate, Id, Judged, Prompt
from optafly.storage import Database

if TYPE_CHECKING:
    from optafly.config import CacheSettings
    from optafly.models.embedding import Embedder

T = TypeVar("T")

NAMESPACE = namespace("eval", "anthropic", "eval", "eval")
WITHOUT_CODE = fingerprint((), ())


class Replayed(msgspec.Struct, frozen=True):
    """The verdict on one prompt, and the rows that were compared for it, nearest first."""

    judged: Judged
    candidates: tuple[Candidate, ...]


async def replay(
    prompts: Sequence[Prompt], embedder: Embedder, folder: Path, settings: CacheSettings, model: Path | None = None
) -> AsyncGenerator[Replayed]:
    """Yield the cache's word on each of `prompts` in turn, keeping its database in `folder`.

    `model` is another verifier's file than the one that is shipped.
    Raises OptaflyError where the embedder or the database fails: a replay is never a little worse in silence.
    """
    async with open_cache(folder / "replay.db", embedder, model) as (database, cache, vectors):
        ids = _Ids()
        for prompt in prompts:
            key = CacheKey(namespace=NAMESPACE, fingerprint=WITHOUT_CODE, intent=prompt.prompt)
            vectors.hits = ()
            started = time.perf_counter()
            verdict = await cache.lookup(key, settings)
            ms = (time.perf_counter() - started) * 1000
            if vectors.fault is not None:
                raise vectors.fault
            candidates = ids.candidates(prompt.id, vectors.hits)
            yield Replayed(ids.judged(prompt.id, verdict, ms, candidates), candidates)
            if verdict.outcome != "serve":
                answer = Completion(text="an answer", model="eval", usage=Usage(), stop_reason="end_turn")
                entry = await cache.remember(key, prompt.prompt, answer, None, 0.0, settings)
                ids.add(prompt.id, entry, await database.run(lambda c, e=entry: _seq(c, e)))


class _Ids:
    """Which prompt each entry of the cache belongs to."""

    def __init__(self) -> None:
        self._by_entry: dict[str, Id] = {}
        self._by_seq: dict[int, Id] = {}

    def add(self, prompt_id: Id, entry: Entry, seq: int) -> None:
        self._by_entry[entry.id] = prompt_id
        self._by_seq[seq] = prompt_id

    def judged(self, prompt_id: Id, verdict: Verdict, ms: float, candidates: Sequence[Candidate]) -> Judged:
        entry_id = verdict.offers[0].entry_id if verdict.outcome == "offer" else verdict.entry_id
        match = self._by_entry[entry_id] if entry_id is not None else None
        best = max(candidates, key=lambda each: each.score, default=None)
        free = max((each for each in candidates if each.veto is None), key=lambda each: each.score, default=None)
        same_text = verdict.outcome == "serve" and match not in {each.match for each in candidates}
        return Judged(
            id=prompt_id,
            verdict=verdict.outcome,
            match=match,
            ms=round(ms, 3),
            probability=verdict.probability,
            reason=verdict.evidence,
            best=match if match is not None or best is None else best.match,
            servable=match if same_text else free and free.match,
            score=SAME_TEXT if same_text else free and free.score,
        )

    def candidates(self, prompt_id: Id, hits: Sequence[Hit]) -> tuple[Candidate, ...]:
        return tuple(
            Candidate(
                id=prompt_id,
                match=self._by_seq[hit.seq],
                similarity=hit.cosine,
                score=hit.judgement.score,
                veto=hit.judgement.veto,
            )
            for hit in hits
        )


class Here:
    """The service of the models worker in this process; keeps what the latest lookup found, and the first fault."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.hits: tuple[Hit, ...] = ()
        self.fault: OptaflyError | None = None

    async def call(self, method: str, params: object, timeout_s: float, *, result: type[T]) -> T:
        """See `optafly.cache.cache.Vectors`."""
        try:
            answer = self._answer(params)
        except OptaflyError as error:
            self.fault = error
            raise
        if not isinstance(answer, result):
            raise TypeError(f"{method} answered with {type(answer).__name__}")
        return answer

    def _answer(self, params: object) -> object:
        if isinstance(params, Ask):
            found: Found = self._service.lookup(params)
            self.hits = found.hits
            return found
        if isinstance(params, Text):
            return self._service.embed(params)
        raise TypeError(f"the replay does not know the call with {type(params).__name__}")


def _seq(connection: Connection, entry: Entry) -> int:
    return int(connection.execute("SELECT seq FROM entry WHERE id = ?", (entry.id,)).fetchone()[0])


def _read(model: Path) -> tuple[Verifier, Calibration]:
    verifier = load(model)
    try:
        return verifier, parse(model.read_bytes())
    except msgspec.DecodeError as error:
        raise ModelFileError(f"The verifier {model} has no calibration that can be used.", why=f"{error}.") from error


@asynccontextmanager
async def open_cache(
    path: Path, embedder: Embedder, model: Path | None
) -> AsyncGenerator[tuple[Database, Cache, Here]]:
    """Open a cache on a new database at `path` that does not wait for the disk, with its vectors in this process."""
    verifier, calibration = _read(model) if model else (None, SHIPPED)
    database = Database(path)
    # Nobody needs this file after a power cut, and waiting for the disk would take most of the time.
    await database.run(lambda connection: connection.execute("PRAGMA synchronous=OFF").close())
    vectors = Here(Service(embedder, path, verifier))
    cache = Cache(database, vectors, calibration=calibration)
    try:
        yield database, cache, vectors
    finally:
        await cache.close()
        await database.close()
