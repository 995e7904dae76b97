"""Code actions: the decisions on a proposal, for every editor that has no view of ours.

Actions carry a command and never an edit, because some editors run only one of the two. Their arguments are complete,
so that an action that was offered works whatever happened since; a stale one is refused by its digest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
from lsprotocol import types

from optafly.domain import Decision, LeftOut, Piece, Proposal, Range, ReuseCandidate
from optafly.lsp.review import Review, edited, names, plain
from optafly.mentions import name_of
from optafly.protocol import (
    APPROVE,
    CANCEL,
    FEEDBACK,
    INDEX,
    REFINE,
    ApproveParams,
    CancelParams,
    FeedbackParams,
    IndexParams,
    RefineParams,
)

MOST_ADDED = 10  # of what was left out; a mention in the prompt adds anything else
KINDS = [types.CodeActionKind.QuickFix, types.CodeActionKind.Refactor]


class Act(NamedTuple):
    """One code action before it is LSP's."""

    title: str
    command: str
    argument: RefineParams | ApproveParams | CancelParams | FeedbackParams | IndexParams
    kind: types.CodeActionKind = types.CodeActionKind.QuickFix
    preferred: bool = False


RESUME = Act("Resume Indexing", INDEX, IndexParams(run=True), kind=types.CodeActionKind.Refactor)


def to_lsp(acts: Iterable[Act], only: Iterable[str] | None) -> list[types.CodeAction]:
    """Return actions as LSP has them, of the kinds that the editor asked for."""
    wanted = tuple(str(getattr(kind, "value", kind)) for kind in only or ())
    return [
        types.CodeAction(
            title=f"OptaFly: {act.title}",
            kind=act.kind,
            is_preferred=act.preferred or None,
            command=types.Command(
                title=f"OptaFly: {act.title}", command=act.command, arguments=[_compact(act.argument)]
            ),
        )
        for act in acts
        if not wanted or any(_within(act.kind.value, each) for each in wanted)
    ]


def _within(kind: str, wanted: str) -> bool:
    return wanted == "" or kind == wanted or kind.startswith(wanted + ".")


def _compact(argument: msgspec.Struct) -> dict[str, object]:
    """Return a Struct as camelCase data, without what it does not say."""
    values: dict[str, object] = msgspec.to_builtins(argument)
    said = {name: value for name, value in values.items() if value is not None and value is not False}
    return {name: value for name, value in said.items() if name == "without" or value not in ((), [])}


def on_proposal(proposal: Proposal) -> list[Act]:
    """Return the decisions on a proposal, at the place it belongs to."""
    return [*_decisions(proposal), *_modify(proposal), *_ways_out(proposal)]


def _decisions(proposal: Proposal) -> list[Act]:
    acts: list[Act] = []
    if proposal.question is None:
        accept: Decision = "modify" if proposal.edited else "accept"
        acts.append(Act("Accept & Send", APPROVE, _decide(proposal, accept), preferred=True))
    for offer in proposal.reuse:
        name = _named(offer)
        refused = FeedbackParams(proposal_id=proposal.id, entry_id=offer.entry_id, kind="refused")
        acts.append(Act(f"Reuse Answer to {name}", APPROVE, _decide(proposal, "reuse", offer.entry_id)))
        acts.append(Act(f"Not This One: {name}", FEEDBACK, refused))
    return acts


def _named(offer: ReuseCandidate) -> str:
    prompt = " ".join(offer.prompt.split())
    return f"“{prompt[:60]}{'…' if len(prompt) > 60 else ''}”"


def _modify(proposal: Proposal) -> list[Act]:
    return [Act("Modify", REFINE, RefineParams(proposal_id=proposal.id, review=True))]


def _ways_out(proposal: Proposal) -> list[Act]:
    return [
        Act("Use Original", APPROVE, _decide(proposal, "original")),
        Act("Discard", APPROVE, _decide(proposal, "discard")),
    ]


def _decide(proposal: Proposal, decision: Decision, entry_id: str | None = None) -> ApproveParams:
    return ApproveParams(
        proposal_id=proposal.id,
        digest=proposal.original_digest if decision == "original" else proposal.digest,
        decision=decision,
        entry_id=entry_id,
        send=decision != "discard",
    )


def in_review(review: Review, proposal: Proposal) -> list[Act]:
    """Return the actions in a review document. Edited or outdated text is looked at again before it can be sent."""
    if edited(review, proposal):
        use = RefineParams(proposal_id=proposal.id, edited=review.prompt.strip())
        return [Act("Modify (use the edited prompt)", REFINE, use, preferred=True), *_ways_out(proposal)]
    if review.digest != proposal.digest:
        refresh = RefineParams(proposal_id=proposal.id, review=True)
        return [Act("Show what would be sent now", REFINE, refresh, preferred=True), *_ways_out(proposal)]
    return [*_decisions(proposal), *_ways_out(proposal), *_switches(proposal), *_on_code(proposal)]


def _switches(proposal: Proposal) -> list[Act]:
    off = {change.id for change in proposal.changes if not change.enabled}
    return [
        Act(
            f"Switch {'off' if change.enabled else 'on'} “{change.kind}”: {change.reason[:60]}",
            REFINE,
            RefineParams(proposal_id=proposal.id, without=tuple(sorted(off ^ {change.id}))),
        )
        for change in (() if proposal.edited else proposal.changes)
    ]


def _on_code(proposal: Proposal) -> list[Act]:
    """Return what can be done about the code: say what is meant, look again, take a piece out, put one in or not."""
    meant = [
        (f"“{' '.join(choice.words.split())[:40]}” is {name}", _changed(proposal, pin=name))
        for choice in proposal.choices
        for name in names(choice)
    ]
    removed = dict.fromkeys(_to_remove(piece, proposal.left_out) for piece in proposal.pieces)
    left = proposal.left_out[:MOST_ADDED]
    added = dict.fromkeys(name_of(each.path, each.symbol) for each in left if each.pin is None)
    unpinned = dict.fromkeys(each.pin for each in left if each.pin is not None and not each.mentioned)
    removes = [(f"Remove {name} from the context", _changed(proposal, remove=name)) for name in removed]
    adds = [(f"Add {name} to the context", _changed(proposal, pin=name)) for name in added if name not in removed]
    unpins = [(f"Unpin {name}", RefineParams(proposal_id=proposal.id, unpin=(name,))) for name in unpinned]
    looks = [("Look again for code", RefineParams(proposal_id=proposal.id, look_again=True))] * proposal.unfinished
    return [Act(title, REFINE, argument) for title, argument in (*meant, *looks, *removes, *adds, *unpins)]


def _to_remove(piece: Piece, left_out: Sequence[LeftOut]) -> str:
    """Return what is to be removed for a piece to be gone: of a pin without room for all of it, that is the pin."""
    partly = piece.pin is not None and any(each.pin == piece.pin for each in left_out)
    return piece.pin if piece.pin is not None and partly else name_of(piece.path, piece.symbol)


def _changed(proposal: Proposal, *, pin: str = "", remove: str = "") -> RefineParams:
    return RefineParams(proposal_id=proposal.id, pin=(pin,) if pin else (), remove=(remove,) if remove else ())


def while_sending(proposal: Proposal) -> list[Act]:
    """Return what can be done about a proposal that is being sent."""
    return [Act("Cancel", CANCEL, CancelParams(proposal_id=proposal.id))] if proposal.state == "sent" else []


def on_given(proposal: Proposal, entry_id: str, *, wrong: bool) -> list[Act]:
    """Return what can be said about an answer that came from the cache; `wrong`: it was said already."""
    again = FeedbackParams(proposal_id=proposal.id, entry_id=entry_id, kind="regenerate")
    report = FeedbackParams(proposal_id=proposal.id, entry_id=entry_id, kind="wrong")
    acts = [Act("Regenerate", FEEDBACK, again, types.CodeActionKind.Refactor)]
    return acts if wrong else [*acts, Act("Wrong Answer", FEEDBACK, report, types.CodeActionKind.Refactor)]


def in_prompt_file(uri: str, text: str) -> list[Act]:
    """Return what can be done in a prompt file that a person wrote."""
    prompt = plain(text).strip()
    return [Act("Refine", REFINE, RefineParams(prompt=prompt, uri=uri, review=True), preferred=True)] if prompt else []


def asks(uri: str, place: Range, *, diagnostic: bool) -> list[Act]:
    """Return ways to ask about a selection, or about a line with a diagnostic; nothing where there is neither."""
    prompts = ["Fix this"] if diagnostic else []
    if not place.empty:
        prompts = ["Fix this", "Explain this", "Write tests for this"]
    elif diagnostic:
        prompts = ["Fix this", "Explain this"]
    ask = RefineParams(uri=uri, review=True)
    if place.empty:
        ask = msgspec.structs.replace(ask, cursor=place.start)
    else:
        ask = msgspec.structs.replace(ask, selection=place)
    return [
        Act(
            prompt,
            REFINE,
            msgspec.structs.replace(ask, prompt=prompt),
            types.CodeActionKind.QuickFix if diagnostic else types.CodeActionKind.Refactor,
        )
        for prompt in prompts
    ]
