"""A draft with the code that the workspace has for it: what was asked for by name, what may leave, what it means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from optafly.approval import Draft
from optafly.config import Config
from optafly.domain import Change, Document, FileHit, Found, Gathered, Piece
from optafly.mentions import means
from optafly.pipeline.gathering import NO_ANSWER, UNFINISHED, as_it_is, checked, named_in, without_strays
from optafly.pipeline.mentioned import as_mentioned
from optafly.pipeline.named import STEM, Words, if_named
from optafly.pipeline.planning import About, planned
from optafly.privacy.ignored import IgnoreRules
from optafly.refine.compose import compose, parts, used_pieces
from optafly.refine.meanings import LOCATED, located, resolved, unclear
from optafly.refine.resolving import Phrase
from optafly.refine.rules.code import block
from optafly.route.plan import estimate
from optafly.uris import path_of

BY_SCREEN = "No telling word of the prompt stands in the code found: open files, commits and meaning led to it."
BY_MEANING = "No telling word of the prompt stands in the code found: commits and meaning led to it."
NAMELESS = "No code goes along, for no word of the prompt names any here. Name what you mean: #path or @name."
_MOST_WORDS = 200


def asked_about(draft: Draft, text: str) -> tuple[About, tuple[Piece, ...], tuple[Change, ...]]:
    """Return what `text` asks for, the collected pieces that it holds, and the changes that are part of its key."""
    proposal = draft.proposal
    if proposal.edited:
        used = tuple(piece for piece in draft.pieces if piece.text in text)
        return About(without_code(text, used), proposal.intent, draft.project), used, ()
    used = _left(used_pieces(proposal.changes, draft.pieces), draft.removed)
    return About(proposal.original, proposal.intent, draft.project), used, proposal.changes


def sought_of(draft: Draft) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of code that a person asked for, in the prompt too, and of what they want left out."""
    pinned = tuple(name for name in named_in(written_in(draft), draft.pinned) if name not in draft.removed)
    return pinned, draft.removed


def written_in(draft: Draft) -> str:
    """Return what a person wrote themselves."""
    return draft.proposal.refined if draft.proposal.edited else draft.proposal.original


def reaches_out(draft: Draft) -> bool:
    """Say whether the workspace may have anything for a prompt."""
    return draft.reach != "nowhere" and draft.proposal.question is None


def resolves(draft: Draft, config: Config) -> bool:
    """Say whether words of a prompt may be told what they mean: never in a text of the person's own."""
    off = not config.refine.enabled or "locate" in config.refine.disabled_rules
    return not (off or draft.proposal.edited) and reaches_out(draft)


def means_something(draft: Draft) -> bool:
    """Say whether words of a prompt were told, in this revision or before, what they mean in the workspace."""
    return any(change.id.startswith(LOCATED) for change in draft.proposal.changes)


def with_names(draft: Draft, found: Iterable[tuple[Sequence[Phrase], Found]], active: Document | None = None) -> Draft:
    """Return `draft` with a change for each phrase that means one definition, and a choice for each that may mean more.

    A phrase that is located already stays as it is; a meaning that is not among what was gathered is searched for by
    its name from now on. What the text of the `active` document does not hold any more, the index has not read yet: it
    is meant by nobody.
    """
    proposal = draft.proposal
    said = {change.start for change in proposal.changes if change.kind == "locate"}
    changes = list(proposal.changes)
    choices = list(draft.gathered.choices)
    missing: list[str] = []
    for readings, answer in found:
        meaning = resolved(readings, _as_they_are(answer.hits, active), draft.pinned)
        if meaning is None or meaning[0].end in said or meaning[0].start in {each.start for each in choices}:
            continue
        phrase = meaning[0]  # what parts its words was meant for less than all of them
        changes = [each for each in changes if each.kind != "locate" or not phrase.start < each.start < phrase.end]
        if len(meaning[1]) == 1:
            changes.insert(0, located(meaning[0], meaning[1][0], draft.snapshot))  # before what follows the prompt
            missing += _not_in(draft.gathered.pieces, meaning[1][0])
        else:
            choices.append(unclear(*meaning))
    refined, difference = compose(proposal.original, changes), parts(proposal.original, changes)
    proposal = msgspec.structs.replace(proposal, changes=tuple(changes), refined=refined, diff=difference)
    gathered = msgspec.structs.replace(draft.gathered, choices=tuple(choices))
    sought = " ".join((draft.said or draft.snapshot.prompt, *missing)) if missing else draft.said
    return msgspec.structs.replace(draft, proposal=proposal, gathered=gathered, said=sought)


def with_meant(draft: Draft, gathered: Gathered | None, active: Document | None) -> Draft:
    """Return `draft` with what was `gathered` once it was known what its words mean; as it is where that is nothing."""
    if gathered is None or not gathered.answered:
        return draft
    gathered = msgspec.structs.replace(as_told(gathered, draft, active), choices=draft.gathered.choices)
    return msgspec.structs.replace(draft, gathered=gathered)


def as_told(gathered: Gathered, draft: Draft, active: Document | None) -> Gathered:
    """Return what was gathered without what is old or names nothing, each piece with why it was asked for."""
    gathered = without_strays(as_it_is(gathered, active), draft.pinned)
    return as_mentioned(gathered, written_in(draft), draft.pinned)


def _not_in(pieces: Iterable[Piece], hit: FileHit) -> list[str]:
    """Return the name of the definition in a hit, if its lines are in none of the pieces."""
    symbol = hit.symbols[0]
    name = re.split(r"\.|::", symbol.name)[-1]
    held = (each for each in pieces if each.path == hit.path and each.kind != "skeleton")
    shown = any(each.start_line <= symbol.start_line <= each.end_line and name in each.text for each in held)
    return [] if shown else [name]


def _as_they_are(hits: Iterable[FileHit], active: Document | None) -> tuple[FileHit, ...]:
    file = path_of(active.uri) if active is not None else None
    return tuple(
        msgspec.structs.replace(
            hit, symbols=tuple(each for each in hit.symbols if re.split(r"\.|::", each.name)[-1] in active.text)
        )
        if active is not None and file is not None and Path(hit.root, hit.path) == file
        else hit
        for hit in hits
    )


def with_gathered(draft: Draft, config: Config) -> Draft:
    """Return `draft` with a plan that holds the gathered code, as far as that may leave."""
    proposal = draft.proposal
    rules = IgnoreRules([Path(folder.path) for folder in draft.snapshot.folders], config.privacy.ignore)

    def excludes(uri: str) -> str | None:
        path = path_of(uri)
        return "it is no file" if path is None else rules.excludes(path, opened=False)

    fit = checked(draft.gathered, excludes, config)
    about, used, for_key = asked_about(draft, proposal.refined)
    route, refined = planned(proposal.refined, about, used, for_key, config, fit.gathered.pieces)
    known = {each.placeholder for each in proposal.masked}
    notes = tuple(note for note in proposal.notes if note not in (UNFINISHED, BY_SCREEN, BY_MEANING))
    if fit.gathered.pieces and not proposal.edited and not speaks(draft.words, fit.gathered.pieces):
        notes = (*notes, BY_MEANING if draft.snapshot.active is None else BY_SCREEN)
    proposal = msgspec.structs.replace(
        proposal,
        pieces=(*used, *fit.gathered.pieces),
        estimate=estimate(route, refined.outgoing, config),
        masked=(*proposal.masked, *(each for each in fit.masked if each.placeholder not in known)),
        route=route,
        digest=refined.outgoing.digest,
        notes=notes if fit.gathered.complete or not fit.gathered.answered else (*notes, UNFINISHED),
        left_out=fit.gathered.left_out,
        choices=fit.gathered.choices,
        unfinished=not fit.gathered.complete,
    )
    return msgspec.structs.replace(draft, proposal=proposal, refined=refined, gathered=fit.gathered)


def speaks(words: Words, pieces: Iterable[Piece]) -> bool:
    """Say whether any of a prompt's own words, cut to what its forms have in common, stands in what was found.

    So it is where there are none: a prompt that only says "this" is about what is open, and each piece says so.
    """
    told = "\n".join(f"{piece.path}\n{piece.text}" for piece in pieces if not piece.pinned).lower()
    said = [word for each in words for word in each][:_MOST_WORDS]
    telling = [word for word in said if len(word) > 2 or not word.isascii()]
    return not telling or not told or any(word.lower()[:STEM] in told for word in telling)


def where_named(draft: Draft) -> Draft:
    """Return `draft` with what was gathered only if its own words name any of it (see `if_named`)."""
    least = 2 if draft.reach == "outside" else 1
    gathered = if_named(draft.gathered, draft.words, least, wholly=draft.reach == "general")
    return msgspec.structs.replace(draft, gathered=gathered)


def with_names_wanted(draft: Draft) -> Draft:
    """Return `draft` with a note where the index has nothing for it, and no word that code is written in was asked for.

    Words that no code is written in name none: a person who wrote no others is told how to name what they mean.
    """
    found, prompt = draft.gathered, draft.snapshot.prompt
    written = any(word.isascii() and word in prompt for word, *_ in draft.words)  # and not only meant by one of theirs
    telling = bool(found.pieces or found.choices or taken_by(draft) or written)
    told = tuple(note for note in draft.proposal.notes if note != NAMELESS)
    if draft.words and draft.snapshot.folders and found.answered and found.complete and not telling:
        told = (*told, NAMELESS)
    return msgspec.structs.replace(draft, proposal=msgspec.structs.replace(draft.proposal, notes=told))


def with_silence(draft: Draft, *, silent: bool) -> Draft:
    """Return `draft` with a note where the index was asked and said nothing in time, and without one where it was not.

    A worker that is stopped, or being started again, is no reason to wait, but the person is told what it costs them.
    """
    notes = tuple(note for note in draft.proposal.notes if note != NO_ANSWER)
    told = (*notes, NO_ANSWER) if silent else notes
    return msgspec.structs.replace(draft, proposal=msgspec.structs.replace(draft.proposal, notes=told))


def without_code(text: str, pieces: tuple[Piece, ...]) -> str:
    """Put a mark in the place of each piece: what stands around it, and in which order, still counts.

    The same piece has the same mark in whatever order they were collected.
    """
    known = sorted(pieces, key=lambda piece: (piece.path, piece.symbol or "", piece.kind, piece.text))
    for piece in pieces:
        text = text.replace(piece.text, f"\u27e6{known.index(piece)}\u27e7")
    return text


def taken_by(draft: Draft) -> tuple[Piece, ...]:
    """Return the collected pieces that go with a draft already."""
    return asked_about(draft, draft.proposal.refined)[1]


def without_removed(draft: Draft) -> Draft:
    """Return `draft` with the changes switched off that put in code which a person removed."""
    proposal = draft.proposal
    changes = switched_off(proposal.changes, draft.pieces, draft.removed)
    if proposal.edited or changes == proposal.changes:
        return draft
    proposal = msgspec.structs.replace(
        proposal,
        changes=changes,
        refined=compose(proposal.original, changes),
        diff=parts(proposal.original, changes),
    )
    return msgspec.structs.replace(draft, proposal=proposal)


def switched_off(
    changes: tuple[Change, ...], pieces: tuple[Piece, ...], removed: tuple[str, ...]
) -> tuple[Change, ...]:
    """Return `changes`, those off that put in a piece which a person removed."""
    blocks = {block(piece) for piece in pieces} - {block(piece) for piece in _left(pieces, removed)}
    return tuple(
        msgspec.structs.replace(change, enabled=False) if change.kind == "code" and change.after in blocks else change
        for change in changes
    )


def _left(pieces: Iterable[Piece], removed: tuple[str, ...]) -> tuple[Piece, ...]:
    return tuple(piece for piece in pieces if not any(means(name, piece) for name in removed))
