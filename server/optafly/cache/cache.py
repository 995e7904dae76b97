"""The cache as the pipeline sees it: look up, remember, learn, list, forget.

The same text is found without any model. The rest needs the models worker; without it, or when it is too slow, the
cache goes on with the same text only and says so in its evidence.
"""

from __future__ import annotations

import sqlite3
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

import msgspec

from optafly.cache import labels, store
from optafly.cache.calibration import SHIPPED, Calibration
from optafly.cache.judge import Judgement
from optafly.cache.keeping import COMPLETE, OFF, PRIVATE, expires_at_s, outlived, why_not
from optafly.cache.labels import Label, Learned, Pair
from optafly.cache.meaning import Meaning, Vectors
from optafly.cache.verdict import SAME, Neighbour, Ranked, decide, preview, rank
from optafly.cache.wire import Hit
from optafly.config import CacheSettings
from optafly.domain import CacheKey, Completion, Considered, Entry, Explanation, FeedbackKind, Verdict
from optafly.errors import CacheError, OptaflyError, StorageError, WorkerDied, WorkerError, WorkerTimeout
from optafly.storage import Database

__all__ = ["COMPLETE", "Cache", "Vectors"]

R = TypeVar("R")

SAME_TEXT = 8  # entries about other code that are looked at where there are no vectors
HELD_SCORES = 1_024  # of the latest lookups, so that a person's word on an answer is one on a score as well
WRONG_COSTS = 2.0  # logits that a report takes from an entry, and from its neighbours by how near they are
UNWANTED_COSTS = 2.0  # logits that an answer which was not wanted for a prompt stands back there
LEAST_COST = 0.1
ONLY_SAME = "only the same text was looked for"
FOR_NOW = f"for now {ONLY_SAME}"
UNWANTED = "you did not want it for this prompt"
DEFAULTS = CacheSettings()


class _Compared(NamedTuple):
    """What was found for a key but the same text about the same code; what people refuted is not among `neighbours`."""

    neighbours: tuple[Neighbour, ...]
    refuted: tuple[Neighbour, ...]
    learned: Learned
    missing: str


class Cache:
    """Answers that were paid for, kept in `database`. `vectors` is the models worker, or None for the same text only.

    `timeout_s` bounds how long a lookup waits for the worker.
    """

    def __init__(
        self,
        database: Database,
        vectors: Vectors | None = None,
        *,
        timeout_s: float = 1.0,
        calibration: Calibration = SHIPPED,
    ) -> None:
        self._database = database
        self._calibration = calibration
        self._meaning = Meaning(database, vectors, timeout_s) if vectors is not None else None
        self._scores: OrderedDict[tuple[str, str, str], float] = OrderedDict()
        self._learned: dict[str, tuple[int, Learned]] = {}

    async def lookup(self, key: CacheKey, settings: CacheSettings = DEFAULTS) -> Verdict:
        """Return the cache's word on `key`. Never crosses its namespace, never raises an OptaflyError."""
        if (word := _switched_off(settings)) is not None:
            return word
        try:
            same = await self.exact(key, settings)
            if same is not None:
                return decide(key, same, (), settings, time.time())
            return await self._judged(key, settings, lambda found: _verdict(key, None, found, settings))
        except StorageError as error:
            return Verdict(outcome="miss", evidence=f"The cache cannot be read. {error.why}".strip())

    async def exact(self, key: CacheKey, settings: CacheSettings = DEFAULTS) -> Entry | None:
        """Return the answer to the same text about the same code that may still be used, or None."""
        if _switched_off(settings) is not None:
            return None
        now_s = time.time()
        entry = await self._database.run(lambda connection: store.exact(connection, key, now_s))
        return None if entry is None or outlived(entry, now_s, settings) else entry

    async def explain(self, key: CacheKey, settings: CacheSettings = DEFAULTS) -> Explanation:
        """Return the verdict that `lookup` would give, with all that was compared for it. Raises StorageError."""
        if (word := _switched_off(settings)) is not None:
            return Explanation(key=key, verdict=word, candidates=())
        same = await self.exact(key, settings)
        return await self._judged(key, settings, lambda found: _explained(key, same, found, settings))

    async def remember(
        self,
        key: CacheKey,
        prompt: str,
        completion: Completion,
        cost_usd: float | None,
        latency_ms: float,
        settings: CacheSettings = DEFAULTS,
        *,
        masked: bool = False,
    ) -> Entry:
        """Keep a complete answer to `key`; on the disk when this returns. `prompt` is what a person is shown of it.

        Replaces an older answer to the same key. Raises CacheError for what is never remembered (`cache.keeping`).
        """
        if (why := why_not(completion, settings, masked=masked)) is not None:
            raise CacheError("This answer is not remembered.", why=why, todo="Ask again when it is needed again.")
        now_s = time.time()
        entry = Entry(
            id=uuid.uuid4().hex,
            namespace=key.namespace,
            fingerprint=key.fingerprint,
            intent=key.intent,
            prompt=prompt,
            answer=completion.text,
            model=completion.model,
            usage=completion.usage,
            cost_usd=cost_usd,
            latency_ms=latency_ms,
            created_at_s=now_s,
            intent_kind=key.intent_kind,
            sources=key.sources,
            expires_at_s=expires_at_s(key.intent_kind, now_s, settings),
        )
        vector = await self._meaning.vector(key.intent) if self._meaning and settings.semantic else None

        def keep(connection: sqlite3.Connection) -> None:
            room = {"max_entries": settings.max_entries, "max_bytes": settings.max_mb * 1_000_000}
            store.insert(connection, entry, vector, **room, now_s=now_s)
            store.settle(connection)

        await self._database.run(keep)
        return entry

    async def feedback(self, key: CacheKey, entry_id: str, kind: FeedbackKind) -> None:
        """Learn a person's word on an entry that was given or offered for `key`. Raises StorageError.

        What is `wrong` is never given or offered for this prompt again, and it and its neighbours are trusted less; the
        answer to this very prompt is forgotten. `regenerate` forgets it too, unless it is pinned for another prompt.
        """
        entry = await self.get(entry_id)
        if entry is None or entry.namespace != key.namespace:
            return
        pair = labels.pair(key, entry)
        own = labels.own(pair)
        repeated = pair in (await self._database.run(lambda c: self._learn(c, key.namespace))).wrong
        if (kind == "wrong" and own) or (kind == "regenerate" and (own or not entry.pinned)):
            await self.forget(entry_id)
        await self._label(key, entry, kind)
        if kind == "wrong" and not repeated:
            costs = await self._near(entry) | {entry_id: WRONG_COSTS}
            await self._database.run(lambda connection: store.distrust(connection, costs))

    async def noticed(self, key: CacheKey, entry_id: str, *, taken: bool) -> None:
        """Learn that an offer for `key` was taken, or passed over for the person's own prompt. Raises StorageError."""
        entry = await self.get(entry_id)
        if entry is not None and entry.namespace == key.namespace:
            await self._label(key, entry, "taken" if taken else "passed")

    async def get(self, entry_id: str) -> Entry | None:
        """Return the entry with that id, or None."""
        return await self._database.run(lambda connection: store.get(connection, entry_id))

    async def hit(self, entry_id: str) -> bool:
        """Count one more use of an entry; return whether it is still there."""
        return await self._database.run(lambda connection: store.hit(connection, entry_id, time.time()))

    async def pin(self, entry_id: str, pinned: bool = True) -> bool:
        """Keep an entry whatever its age and the cache's size, or no longer; return whether it is there."""
        return await self._database.run(lambda connection: store.pin(connection, entry_id, pinned))

    async def entries(
        self, *, namespace: str | None = None, search: str = "", limit: int = 50, offset: int = 0
    ) -> tuple[Entry, ...]:
        """Return a page of entries, newest first, whose prompt or answer contains `search`."""
        return await self._database.run(
            lambda connection: store.page(connection, namespace, search, limit=limit, offset=offset)
        )

    async def forget(self, entry_id: str) -> bool:
        """Delete one entry; return whether it was there."""
        return await self._database.run(lambda connection: store.forget(connection, entry_id))

    async def clear(self, namespace: str | None = None) -> int:
        """Delete every entry and what people said of them, or those of one namespace; return how many entries."""

        def delete(connection: sqlite3.Connection) -> int:
            labels.clear(connection, namespace)
            return store.clear(connection, namespace)

        self._learned.clear()
        return await self._database.run(delete)

    async def count(self, namespace: str | None = None) -> int:
        """Return how many entries there are."""
        return await self._database.run(lambda connection: store.count(connection, namespace))

    async def close(self) -> None:
        """End what runs in the background. The database and the worker belong to others."""
        if self._meaning is not None:
            await self._meaning.close()

    async def _judged(self, key: CacheKey, settings: CacheSettings, use: Callable[[_Compared], R]) -> R:
        hits, missing = await self._hits(key, settings)
        return await self._database.run(lambda c: use(self._compared(c, key, hits, missing, settings)))

    async def _hits(self, key: CacheKey, settings: CacheSettings) -> tuple[tuple[Hit, ...] | None, str]:
        """Return what is near in meaning, or None and why there is no telling."""
        if not settings.semantic:
            return None, f"{ONLY_SAME}: comparing by meaning is off"
        if self._meaning is None:
            return None, f"{ONLY_SAME}: there is no embedding model"
        try:
            return await self._meaning.near(key), ""
        except OptaflyError as error:
            missing = FOR_NOW if isinstance(error, WorkerError) else ONLY_SAME
            return None, f"{missing}: {_why_not(error)}"

    def _compared(
        self,
        connection: sqlite3.Connection,
        key: CacheKey,
        hits: Sequence[Hit] | None,
        missing: str,
        settings: CacheSettings,
    ) -> _Compared:
        now_s = time.time()
        if hits is None:
            same = store.same_text(connection, key, SAME_TEXT, now_s)
            found = [Neighbour(entry=entry, cosine=1.0, judgement=SAME) for entry in same]
        else:
            entries = store.by_seq(connection, key.namespace, [hit.seq for hit in hits], now_s)
            found = [
                Neighbour(entry=entries[hit.seq], cosine=hit.cosine, judgement=hit.judgement)
                for hit in hits
                if hit.seq in entries
            ]
        learned = self._learn(connection, key.namespace)
        live = [each for each in found if not outlived(each.entry, now_s, settings)]
        for each in live:
            self._hold_score(key, each)
        if not learned.wrong and not learned.unwanted:
            return _Compared(neighbours=tuple(live), refuted=(), learned=learned, missing=missing)
        paired = [(each, labels.pair(key, each.entry)) for each in live]
        return _Compared(
            neighbours=tuple(_wanted(each, pair, learned) for each, pair in paired if pair not in learned.wrong),
            refuted=tuple(each for each, pair in paired if pair in learned.wrong),
            learned=learned,
            missing=missing,
        )

    def _learn(self, connection: sqlite3.Connection, namespace: str) -> Learned:
        """Return what the labels of a namespace come to, also those of other processes."""
        newest = labels.newest(connection, namespace)
        held = self._learned.get(namespace)
        if held is None or held[0] != newest:
            held = self._learned[namespace] = (newest, labels.learned(connection, namespace, self._calibration))
        return held[1]

    async def _label(self, key: CacheKey, entry: Entry, kind: labels.Kind) -> None:
        label = Label(
            namespace=key.namespace,
            kind=kind,
            asked=key.intent,
            answered=entry.intent,
            asked_fingerprint=key.fingerprint,
            answered_fingerprint=entry.fingerprint,
            score=self._scores.get(_judgement_of(key, entry)),
        )

        def write(connection: sqlite3.Connection) -> None:
            labels.record(connection, label, time.time())
            store.settle(connection)

        await self._database.run(write)

    async def _near(self, entry: Entry) -> dict[str, float]:
        """Return what a report on `entry` costs the entries near it: the more, the likelier they answer the same."""
        if self._meaning is None:
            return {}
        key = CacheKey(namespace=entry.namespace, fingerprint=entry.fingerprint, intent=entry.intent)
        try:
            hits = await self._meaning.near(key)
        except OptaflyError:
            return {}
        seqs = [hit.seq for hit in hits]
        found = await self._database.run(lambda c: store.by_seq(c, entry.namespace, seqs, time.time()))
        learned = await self._database.run(lambda c: self._learn(c, entry.namespace))
        costs = {
            found[hit.seq].id: WRONG_COSTS * learned.calibration.probability(hit.judgement.score)
            for hit in hits
            if hit.seq in found and hit.judgement.veto is None
        }
        return {each: cost for each, cost in costs.items() if cost >= LEAST_COST}

    def _hold_score(self, key: CacheKey, each: Neighbour) -> None:
        at = _judgement_of(key, each.entry)
        self._scores[at] = each.judgement.score
        self._scores.move_to_end(at)
        while len(self._scores) > HELD_SCORES:
            self._scores.popitem(last=False)


def _judgement_of(key: CacheKey, entry: Entry) -> tuple[str, str, str]:
    return key.namespace, key.intent, entry.id


def _switched_off(settings: CacheSettings) -> Verdict | None:
    if not settings.enabled:
        return Verdict(outcome="miss", evidence=OFF)
    return Verdict(outcome="miss", evidence=PRIVATE) if settings.private else None


def _why_not(error: OptaflyError) -> str:
    """Say why nothing could be compared by meaning to a person, who knows of no worker."""
    if isinstance(error, WorkerTimeout):
        return "comparing by meaning takes too long just now"
    if isinstance(error, WorkerDied):
        return "what compares by meaning has ended, and is being started again"
    return error.what.rstrip(".").lower() or "comparing by meaning failed"


def _wanted(each: Neighbour, pair: Pair, learned: Learned) -> Neighbour:
    """Let an answer that was not wanted for this prompt stand back: a person may still choose it."""
    if pair not in learned.unwanted:
        return each
    judgement = Judgement(score=each.judgement.score - UNWANTED_COSTS, veto=UNWANTED, reason=UNWANTED)
    return msgspec.structs.replace(each, judgement=judgement)


def _verdict(key: CacheKey, same: Entry | None, found: _Compared, settings: CacheSettings) -> Verdict:
    verdict = decide(key, same, found.neighbours, settings, time.time(), found.learned.calibration)
    if same is not None or not found.missing:
        return verdict
    evidence = f"{verdict.evidence.rstrip('.')} ({found.missing})."
    return msgspec.structs.replace(verdict, evidence=evidence)


def _explained(key: CacheKey, same: Entry | None, found: _Compared, settings: CacheSettings) -> Explanation:
    calibration = found.learned.calibration
    compared = [each for each in found.neighbours if same is None or each.entry.id != same.id]
    if same is not None:
        compared.append(Neighbour(entry=same, cosine=1.0, judgement=SAME))
    candidates = [
        _considered(each, key, refuted=refuted)
        for neighbours, refuted in ((compared, False), (found.refuted, True))
        for each in rank(key, neighbours, settings, calibration)
    ]
    return Explanation(key=key, verdict=_verdict(key, same, found, settings), candidates=tuple(candidates))


def _considered(each: Ranked, key: CacheKey, *, refuted: bool) -> Considered:
    entry, judgement = each.neighbour.entry, each.neighbour.judgement
    return Considered(
        entry_id=entry.id,
        prompt=entry.prompt,
        answer_preview=preview(entry.answer),
        model=entry.model,
        age_s=max(0.0, time.time() - entry.created_at_s),
        cosine=each.neighbour.cosine,
        score=judgement.score if judgement is not SAME else None,
        probability=each.probability,
        serves=each.serves and not refuted,
        same_code=entry.fingerprint == key.fingerprint,
        veto=judgement.veto,
        reason=judgement.reason,
        distrust=entry.distrust,
        pinned=entry.pinned,
        refuted=refuted,
        expires_at_s=entry.expires_at_s,
    )
