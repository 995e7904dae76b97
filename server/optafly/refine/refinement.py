"""Make a prompt better by insertions alone, or ask one question, or leave it as it is."""

from __future__ import annotations

import logging
from collections.abc import Callable

import msgspec

from optafly.config import RefineSettings
from optafly.domain import Change, ChangeKind, Piece, Refinement, Snapshot
from optafly.refine.compose import compose
from optafly.refine.quality import quality_of
from optafly.refine.question import question
from optafly.refine.reading import Reading, read_prompt
from optafly.refine.rules.code import code
from optafly.refine.rules.draft import Draft
from optafly.refine.rules.error import error
from optafly.refine.rules.goal import goal
from optafly.refine.rules.locate import locate
from optafly.tokens import estimate_tokens

log = logging.getLogger(__name__)

Rule = Callable[[Reading], list[Draft]]

# In the order in which their insertions follow one another at the end of a prompt.
RULES: dict[ChangeKind, Rule] = {"locate": locate, "goal": goal, "error": error, "code": code}


def refine(snapshot: Snapshot, pieces: tuple[Piece, ...], settings: RefineSettings) -> Refinement:
    """Return what the rules make of the prompt.

    The original is never altered, only added to; nothing is named that is not in the prompt, the snapshot or the
    pieces; refining the result again, in whole or in part, adds nothing. A rule that fails is logged and left out.
    """
    reading = read_prompt(snapshot, pieces)
    before = quality_of(reading)
    asked = question(reading) if settings.enabled and not reading.refined else None
    changes = () if asked or reading.refined or not settings.enabled else _changes(reading, settings)
    refined = compose(snapshot.prompt, changes)
    return Refinement(
        refined=refined,
        intent=reading.intent,
        language=reading.language,
        changes=changes,
        quality_before=before,
        quality_after=quality_of(read_prompt(msgspec.structs.replace(snapshot, prompt=refined), pieces))
        if changes
        else before,
        question=asked,
    )


def _changes(reading: Reading, settings: RefineSettings) -> tuple[Change, ...]:
    found: list[Change] = []
    for kind, rule in RULES.items():
        if kind in settings.disabled_rules:
            continue
        for number, draft in enumerate(_drafts(kind, rule, reading), 1):
            found.append(
                Change(
                    id=f"{kind}-{number}",
                    kind=kind,
                    start=draft.start,
                    before="",
                    after=draft.text,
                    reason=draft.reason,
                    tokens=estimate_tokens(draft.text),
                )
            )
    return tuple(found)


def _drafts(kind: ChangeKind, rule: Rule, reading: Reading) -> list[Draft]:
    try:
        return rule(reading)
    except Exception:  # one failing rule must not cost the person the others
        # The traceback names our own lines only; the prompt's text stays out of the log.
        log.exception("The rule %s failed and was left out.", kind)
        return []
