"""From a snapshot to a draft: mask, choose context, refine, plan, and ask the cache what it knows already."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import msgspec

from optafly.approval import Draft
from optafly.cache.cache import FOR_NOW, Cache
from optafly.cache.keeping import OFF, PRIVATE
from optafly.config import Config
from optafly.context.collect import collect
from optafly.context.lines import DocumentLines
from optafly.context.trees import parse
from optafly.context.wire import Complete, Completions, Search
from optafly.domain import (
    Change,
    Document,
    FileHit,
    Found,
    Gathered,
    Masked,
    Outgoing,
    Piece,
    Proposal,
    Range,
    Refinement,
    Snapshot,
    Verdict,
)
from optafly.errors import OptaflyError
from optafly.pipeline.enriching import (
    as_told,
    asked_about,
    means_something,
    reaches_out,
    resolves,
    sought_of,
    switched_off,
    taken_by,
    where_named,
    with_gathered,
    with_meant,
    with_names,
    with_names_wanted,
    with_silence,
    without_removed,
)
from optafly.pipeline.freshness import saved
from optafly.pipeline.gathering import FIND_S, LATE, NOWHERE, Find, Gather, kept, search
from optafly.pipeline.offers import Offered, show
from optafly.pipeline.planning import About, planned
from optafly.pipeline.sources import changes_in, lookup
from optafly.pipeline.withholding import masked_document, rules_of, without_ignored, without_secrets
from optafly.privacy.masking import mask
from optafly.refine.compose import compose, parts, used_pieces
from optafly.refine.meant import meant
from optafly.refine.quality import quality
from optafly.refine.refinement import refine
from optafly.refine.resolving import Phrase, names_of, phrases
from optafly.refine.scope import scope_of
from optafly.refine.worddiff import word_diff
from optafly.route.plan import estimate
from optafly.uris import path_of

log = logging.getLogger(__name__)
T = TypeVar("T")
Count = Callable[[Outgoing, Config], Awaitable[int]]
Completing = Callable[[Complete], Awaitable[Completions]]
COUNT_S = 4.0
_MOST_CALLED = 40
_CALLED_S = 0.15  # what was found for the words is told in any case

SERVED = "Accept will be answered from the cache, at no cost:"
MISSED = "The cache may know more than it says here:"
LATER = "Refine the prompt again in a moment, and answers to other words are looked for too."
OF_THE_CACHE = (SERVED, MISSED, OFF, PRIVATE)  # beginnings of notes that each revision makes anew


class Drafter:
    """Makes drafts. Its own work runs in one thread, so that the event loop goes on; the cache has its own."""

    def __init__(
        self,
        configure: Callable[[str | None], Config],
        cache: Cache,
        gather: Gather | None = None,
        find: Find | None = None,
        complete: Completing | None = None,
        count: Count | None = None,
    ) -> None:
        self._configure = configure
        self._cache = cache
        self._gather = gather
        self._find = find
        self._complete = complete
        self._count = count
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="optafly-draft")

    async def draft(self, snapshot: Snapshot, *, pinned: tuple[str, ...] = (), removed: tuple[str, ...] = ()) -> Draft:
        """Return a new draft for `snapshot`, with what the cache offers for it."""
        project = project_of(snapshot)
        config = self._configure(project)
        draft = await self._in_thread(lambda: _first(snapshot, project, config))
        draft = msgspec.structs.replace(draft, pinned=pinned, removed=removed)
        draft = await self._with_code(draft, config, snapshot.active)
        return await self._with_offers(await self._counted(draft, config), config)

    async def switched(self, draft: Draft, without: tuple[str, ...]) -> Draft:
        """Return the next revision of `draft`, with the changes named in `without` off and all others on."""
        changes = tuple(
            msgspec.structs.replace(change, enabled=change.id not in without) for change in draft.proposal.changes
        )
        changes = switched_off(changes, draft.pieces, draft.removed)
        text = compose(draft.proposal.original, changes)
        return await self._revised(draft, text, changes, edited=False)

    async def edited(self, draft: Draft, text: str) -> Draft:
        """Return the next revision of `draft`, with `text` as the whole refined prompt."""
        return await self._revised(draft, text, draft.proposal.changes, edited=True)

    async def _revised(self, draft: Draft, text: str, changes: tuple[Change, ...], *, edited: bool) -> Draft:
        config = self._configure(draft.project or None)
        revised = await self._in_thread(lambda: _again(draft, text, changes, config, edited=edited))
        if sought_of(revised) != revised.sought:
            revised = await self._with_code(revised, config)
        return await self._with_offers(await self._counted(revised, config), config)

    async def _with_code(self, draft: Draft, config: Config, active: Document | None = None) -> Draft:
        """Return `draft` with the code that the workspace has for it. Nobody waits for an index that is not ready.

        What disagrees with the text of the `active` document, where that is known, is left out. Where the index gave no
        answer, it is not asked what words mean, and the next revision asks it for the same names again.
        """
        pinned, removed = sought = sought_of(draft)
        draft = without_removed(draft)
        gathered: Gathered | None = Gathered()
        silent = False
        asked = self._gather is not None and config.context.enabled and bool(pinned or reaches_out(draft))
        if self._gather is not None and asked:
            gathered = await self._gather(search(draft, config, taken_by(draft), pinned, removed))
            silent = gathered is None
            if gathered is None or not gathered.answered:
                why = LATE if draft.snapshot.folders else NOWHERE
                gathered, sought = kept(draft.gathered, pinned, removed, why), draft.sought
            gathered = as_told(gathered, draft, active)
        before = msgspec.structs.replace(draft, gathered=gathered, sought=sought)
        draft = before if silent else await self._named(before, config, active)
        if self._gather is not None and asked and draft.said != before.said:
            draft = with_meant(
                draft, await self._gather(search(draft, config, taken_by(draft), pinned, removed)), active
            )
        if draft == before and draft.reach != "workspace" and not means_something(draft):
            draft = where_named(draft)
        draft = with_silence(with_names_wanted(draft) if asked else draft, silent=silent)
        return await self._in_thread(lambda: with_gathered(draft, config))

    async def _named(self, draft: Draft, config: Config, active: Document | None) -> Draft:
        """Return `draft` with what its words mean in the workspace: said where it is clear, asked where it is not."""
        if self._find is None or not resolves(draft, config):
            return draft
        found: list[tuple[tuple[Phrase, ...], Found]] = []
        for readings in await self._in_thread(lambda: phrases(draft.snapshot)):
            asked = msgspec.structs.replace(draft.snapshot, prompt=" ".join(readings[0].words))
            by_name = msgspec.structs.replace(config.context, vectors=False)
            try:
                async with asyncio.timeout(FIND_S):
                    finding = self._find(Search(snapshot=asked, settings=by_name))
                    alike, called = await asyncio.gather(finding, self._called(names_of(readings)))
            except TimeoutError:
                break
            found.append((readings, msgspec.structs.replace(alike, hits=(*called, *alike.hits))))
        return with_names(draft, found, active)

    async def _called(self, names: tuple[str, ...]) -> tuple[FileHit, ...]:
        """Return definitions that are called so, or begin with it, or are like it; none where that takes too long."""
        if self._complete is None:
            return ()
        asked = (Complete(kind="symbol", text=name, limit=_MOST_CALLED) for name in names)
        try:
            async with asyncio.timeout(_CALLED_S):
                completions = await asyncio.gather(*map(self._complete, asked))
        except TimeoutError:
            return ()
        return tuple(hit for each in completions for hit in each.hits)

    async def _counted(self, draft: Draft, config: Config) -> Draft:
        """Return `draft` with the tokens that the provider counts, for whom asked for that; else as it is."""
        if self._count is None or not config.claude.count_tokens or not draft.proposal.refined.strip():
            return draft
        try:
            async with asyncio.timeout(COUNT_S):
                tokens = await self._count(draft.refined.outgoing, config)
        except (OptaflyError, TimeoutError) as error:
            log.info("tokens were not counted: %s", type(error).__name__)
            return draft
        route = msgspec.structs.replace(draft.proposal.route, input_tokens=tokens)
        figures = estimate(route, draft.refined.outgoing, config, counted=True)
        proposal = msgspec.structs.replace(draft.proposal, route=route, estimate=figures)
        return msgspec.structs.replace(draft, proposal=proposal)

    async def _with_offers(self, draft: Draft, config: Config) -> Draft:
        """Ask the cache about the refined prompt, and about the original as it was written."""
        if not config.cache.enabled:
            return _noted(draft, OFF)
        if config.cache.private:
            return _noted(draft, PRIVATE)
        before = await lookup(self._cache, draft.original.key, config, saved)
        same = draft.refined.key == draft.original.key
        after = before if same else await lookup(self._cache, draft.refined.key, config, saved)
        proposal = msgspec.structs.replace(
            draft.proposal, reuse_before=before.probability or 0.0, reuse_after=after.probability or 0.0
        )
        draft = msgspec.structs.replace(draft, proposal=proposal)
        return draft if proposal.question is not None else await self._offered(draft, after, config)

    async def _offered(self, draft: Draft, verdict: Verdict, config: Config) -> Draft:
        key, prompt = draft.refined.key, asked(draft.proposal)
        found = [Offered(each, await self._cache.get(each.entry_id)) for each in verdict.offers]
        changed = changes_in(saved, config)
        offers = await self._in_thread(lambda: show(found, key, prompt, changed))
        draft = msgspec.structs.replace(draft, proposal=msgspec.structs.replace(draft.proposal, reuse=offers))
        if verdict.outcome == "serve":
            return _noted(draft, f"{SERVED} {verdict.evidence}")
        return _noted(draft, f"{MISSED} {verdict.evidence} {LATER}") if FOR_NOW in verdict.evidence else draft

    async def prepare(self, document: Document, folder: str | None) -> None:
        """Read `document` ahead, so that refining a prompt about it finds it masked and parsed."""
        config = self._configure(folder)
        await self._in_thread(lambda: _prepare(document, config))

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def close(self) -> None:
        """Let the thread end."""
        self._thread.shutdown(wait=False)


def asked(proposal: Proposal) -> str:
    """Return the prompt that a person is shown beside an answer to it."""
    return proposal.refined if proposal.edited else proposal.original


def _noted(draft: Draft, note: str) -> Draft:
    return msgspec.structs.replace(
        draft, proposal=msgspec.structs.replace(draft.proposal, notes=(*draft.proposal.notes, note))
    )


def _prepare(document: Document, config: Config) -> None:
    masked = masked_document(document.text, document.path)[0] if config.privacy.mask_secrets else document.text
    if config.context.enabled and config.context.symbols:
        parse(masked, document.language, document.uri)


def project_of(snapshot: Snapshot) -> str:
    """Return the workspace folder that holds the active document, else the first folder, else ""."""
    active = snapshot.active and path_of(snapshot.active.uri)
    holding = [folder.path for folder in snapshot.folders if active and active.is_relative_to(folder.path)]
    return max(holding, key=len) if holding else (snapshot.folders[0].path if snapshot.folders else "")


def _first(snapshot: Snapshot, project: str, config: Config) -> Draft:
    excludes = rules_of(snapshot, config)
    snapshot = without_ignored(snapshot, excludes)
    raw = snapshot.active
    masked: tuple[Masked, ...] = ()
    if config.privacy.mask_secrets:
        snapshot, masked = without_secrets(snapshot)
    pieces, notes = collect(snapshot, config.context, excludes, meant(snapshot))
    if not config.context.enabled:
        notes = (*notes, "No code is sent: `context.enabled` is off.")
    if masked and raw is not None:
        lines = DocumentLines.of(raw.text)  # what is compared later is the file as it is, secrets included
        pieces = tuple(
            msgspec.structs.replace(piece, content_hash=lines.content_hash(piece.start_line - 1, piece.end_line - 1))
            for piece in pieces
        )
    refinement = refine(snapshot, pieces, config.refine)
    shown = "\0".join((snapshot.prompt, refinement.refined, *(piece.text for piece in pieces)))
    masked = tuple(each for each in masked if each.placeholder in shown)
    scope = scope_of(snapshot, pieces)
    draft = _draft(snapshot, project, config, refinement, pieces, masked, notes)
    return msgspec.structs.replace(draft, reach=scope.reach, words=scope.words, vague=scope.vague, said=scope.said)


def _draft(
    snapshot: Snapshot,
    project: str,
    config: Config,
    refinement: Refinement,
    pieces: tuple[Piece, ...],
    masked: tuple[Masked, ...],
    notes: tuple[str, ...],
) -> Draft:
    used = used_pieces(refinement.changes, pieces)
    about = About(snapshot.prompt, refinement.intent, project)
    route, refined = planned(refinement.refined, about, used, refinement.changes, config)
    _, original = planned(snapshot.prompt, about, (), (), config)
    proposal = Proposal(
        id=uuid.uuid4().hex,
        revision=0,
        state="proposed",
        original=snapshot.prompt,
        refined=refinement.refined,
        intent=refinement.intent,
        language=refinement.language,
        question=refinement.question,
        changes=refinement.changes,
        pieces=used,
        diff=parts(snapshot.prompt, refinement.changes),
        quality_before=refinement.quality_before,
        quality_after=refinement.quality_after,
        estimate=estimate(route, refined.outgoing, config),
        reuse=(),
        masked=masked,
        route=route,
        digest=refined.outgoing.digest,
        original_digest=original.outgoing.digest,
        created_at_s=time.time(),
        uri=snapshot.active.uri if snapshot.active else None,
        range=_range(snapshot),
        notes=notes,
        max_code_tokens=config.context.max_tokens if config.context.enabled else 0,
    )
    slim = snapshot.active and msgspec.structs.replace(snapshot.active, text="")
    return Draft(
        proposal=proposal,
        refined=refined,
        original=original,
        snapshot=msgspec.structs.replace(snapshot, active=slim),
        pieces=pieces,
        project=project,
    )


def _again(draft: Draft, text: str, changes: tuple[Change, ...], config: Config, *, edited: bool) -> Draft:
    proposal = draft.proposal
    masked = proposal.masked
    if edited and config.privacy.mask_secrets:
        text, found = mask(text, "edited prompt")
        known = {each.placeholder for each in masked}
        masked += tuple(each for each in found if each.placeholder not in known)
    draft = msgspec.structs.replace(draft, proposal=msgspec.structs.replace(proposal, edited=edited, changes=changes))
    about, used, for_key = asked_about(draft, text)
    gathered = draft.gathered.pieces
    route, refined = planned(text, about, used, for_key, config, gathered)
    _, original = planned(proposal.original, About(proposal.original, proposal.intent, draft.project), (), (), config)
    revised = msgspec.structs.replace(
        proposal,
        revision=proposal.revision + 1,
        state="proposed",
        refined=text,
        changes=changes,
        pieces=(*used, *gathered),
        diff=word_diff(proposal.original, text) if edited else parts(proposal.original, changes),
        quality_after=quality(text, draft.snapshot, used),
        estimate=estimate(route, refined.outgoing, config),
        reuse=(),
        masked=masked,
        route=route,
        digest=refined.outgoing.digest,
        original_digest=original.outgoing.digest,
        edited=edited,
        notes=tuple(note for note in proposal.notes if not note.startswith(OF_THE_CACHE)),
        reuse_before=None,
        reuse_after=None,
    )
    return msgspec.structs.replace(draft, proposal=revised, refined=refined, original=original, approved=None)


def _range(snapshot: Snapshot) -> Range | None:
    if snapshot.selection is not None and not snapshot.selection.empty:
        return snapshot.selection
    return Range(start=snapshot.cursor, end=snapshot.cursor) if snapshot.cursor is not None else None
