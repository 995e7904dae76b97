"""Earlier answers that may do, beside all that tells whether they do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from optafly.cli.figures import age, money, odds
from optafly.cli.layout import diff_text, is_plain, row
from optafly.domain import CodeChange, DiffPart, Proposal, ReuseCandidate

if TYPE_CHECKING:
    from rich.console import Console

NEAR = 1  # lines shown before and after a changed line of code
SAME_CODE = ", had the code stayed the same"  # calibrated on pairs of prompts, so it knows nothing of changed code
WHAT = {
    "changed": "has changed since",
    "gone": "went along with the old prompt and does not now",
    "new": "goes along now and did not with the old prompt",
}


def show_offers(console: Console, proposal: Proposal) -> None:
    """Print the earlier answers that may do, each beside the prompt that it answered and the code it was about."""
    for number, candidate in enumerate(proposal.reuse, 1):
        _show_offer(console, "r" if len(proposal.reuse) == 1 else f"r {number}", candidate)


def _show_offer(console: Console, name: str, candidate: ReuseCandidate) -> None:
    from rich.text import Text

    right = f"right {odds(candidate.probability)}{SAME_CODE if candidate.code else ''}"
    saves = f"saves {money(candidate.saved_usd)} and {candidate.saved_s:.1f} s"
    row(console, name, f"an earlier answer, {age(candidate.age_s)} · {right} · {saves}", "cyan")
    row(console, "", candidate.evidence, "cyan")
    row(console, "", f"it answered: {candidate.prompt}")
    if any(part.op != "equal" for part in candidate.diff):
        row(console, "", Text("you ask now: ") + diff_text(candidate.diff, marked=is_plain(console)))
    for change in candidate.code:
        show_code(console, change)
    row(console, "", f"it says: {' '.join(candidate.answer_preview.split())}", "dim")


def show_code(console: Console, change: CodeChange) -> None:
    """Print what became of a piece of code since an earlier answer: the lines that changed and those beside them."""
    from rich.text import Text

    row(console, "", f"{change.path}{f' {change.symbol}' if change.symbol else ''} {WHAT[change.kind]}", "yellow")
    for line in excerpt(change.diff):
        row(console, "", Text("  ") + diff_text(line, marked=is_plain(console), code=True))


def excerpt(diff: Iterable[DiffPart]) -> list[tuple[DiffPart, ...]]:
    """Return the lines of `diff` that hold a change and those next to them; a line "…" stands for what is left out."""
    lines = _lines(diff)
    changed = [number for number, line in enumerate(lines) if any(part.op != "equal" for part in line)]
    beside = {near for number in changed for near in range(number - NEAR, number + NEAR + 1)}
    kept = sorted(beside & set(range(len(lines))))
    shown: list[tuple[DiffPart, ...]] = []
    for before, number in zip([-1, *kept], kept, strict=False):
        if number > before + 1:
            shown.append((DiffPart(op="equal", text="…"),))
        shown.append(lines[number])
    if kept and kept[-1] < len(lines) - 1:
        shown.append((DiffPart(op="equal", text="…"),))
    return shown


def _lines(diff: Iterable[DiffPart]) -> list[tuple[DiffPart, ...]]:
    """Split `diff` at the ends of lines; a line end that itself was inserted or deleted ends a line all the same."""
    lines: list[list[DiffPart]] = [[]]
    for part in diff:
        for number, text in enumerate(part.text.split("\n")):
            if number:
                lines.append([])
            if text:
                lines[-1].append(DiffPart(op=part.op, text=text))
    return [tuple(line) for line in lines if line]
