"""A Proposal and an Answer as a person reads them in a terminal.

What is inserted is underlined and green, what is deleted struck and red; without styles (a pipe, a dumb terminal) the
words are marked `{+so+}` and `[-so-]`. Text from files and answers is stripped of control characters.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO

from optafly.cli.streams import printable
from optafly.domain import Answer, DiffPart, Estimate, Proposal, Quality, ReuseCandidate

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text


def open_console(stream: TextIO | None = None) -> Console:
    """Return a console on `stream` (stderr by default) that shows text as it is: no markup, no emoji codes."""
    from rich.console import Console

    return Console(file=stream or sys.stderr, markup=False, emoji=False, highlight=False, soft_wrap=True)


def show_proposal(console: Console, proposal: Proposal) -> None:
    """Print all that a decision needs: what would be sent, why each change, and what it would cost."""
    console.print(diff_text(proposal.diff, marked=is_plain(console)))
    console.print()
    show_reasons(console, proposal)


def show_reasons(console: Console, proposal: Proposal) -> None:
    """Print why each change was made, which code goes along, what was masked, what it costs, what could be reused."""
    if proposal.question:
        _row(console, "asks", proposal.question, "yellow")
    _show_changes(console, proposal)
    for piece in proposal.pieces:
        symbol = f" {piece.symbol}" if piece.symbol else ""
        place = f"{piece.path}:{piece.start_line}-{piece.end_line}{symbol}"
        _row(console, "code", f"{place} · {piece.reason} · {_tokens(piece.tokens)}")
    for masked in proposal.masked:
        _row(console, "masked", f"{masked.kind} in {masked.where} → {masked.placeholder}", "yellow")
    for note in proposal.notes:
        _row(console, "note", note, "yellow")
    quality = quality_words(proposal.quality_before, proposal.quality_after)
    _row(console, "quality", f"{quality} · read as: {proposal.intent}")
    _row(
        console, "sends", f"{_tokens(proposal.route.input_tokens)} to {proposal.route.model} · {proposal.route.reason}"
    )
    _row(console, "costs", cost_words(proposal.estimate))
    show_offers(console, proposal)


def show_offers(console: Console, proposal: Proposal) -> None:
    """Print the earlier answers that may do, each beside the prompt that it answered."""
    for number, candidate in enumerate(proposal.reuse, 1):
        _show_offer(console, number, candidate, alone=len(proposal.reuse) == 1)


def _show_changes(console: Console, proposal: Proposal) -> None:
    for number, change in enumerate(proposal.changes, 1):
        switch = "●" if change.enabled else "○"
        words = f"{change.kind}: {change.reason} · {change.tokens:+,} tokens{'' if change.enabled else ' · off'}"
        _row(console, f"{number} {switch}", words, "" if change.enabled else "dim")


def _show_offer(console: Console, number: int, candidate: ReuseCandidate, *, alone: bool) -> None:
    from rich.text import Text

    saves = f"saves {money(candidate.saved_usd)} and {candidate.saved_s:.1f} s"
    name = "r" if alone else f"r {number}"
    _row(console, name, f"an earlier answer, {_age(candidate.age_s)}, {saves} · {candidate.evidence}", "cyan")
    asked = diff_text(candidate.diff, marked=is_plain(console)) if candidate.diff else Text(printable(candidate.prompt))
    _row(console, "", Text("it answered: ") + asked)
    _row(console, "", " ".join(candidate.answer_preview.split()), "dim")


def _row(console: Console, name: str, words: str | Text, style: str = "") -> None:
    """Print a name and words beside it; in a terminal the words keep to their column."""
    from rich.text import Text

    text = Text(printable(words)) if isinstance(words, str) else words
    lines = text.wrap(console, max(20, console.width - 10)) if console.is_terminal else [text]
    for number, line in enumerate(lines):
        line.rstrip()
        console.print(Text(f"  {'' if number else name:<8}") + line, style=style)


def is_plain(console: Console) -> bool:
    """Whether `console` cannot show styles, so that inserted and deleted words need marks."""
    return not console.is_terminal or console.is_dumb_terminal


def diff_text(parts: tuple[DiffPart, ...], *, marked: bool) -> Text:
    """Return a word diff as styled text; inside inserted code blocks green alone, so that the code stays readable."""
    from rich.text import Text

    shown = Text()
    fenced = False
    for part in _joined(parts):
        if marked:
            opening, closing = {"equal": ("", ""), "insert": ("{+", "+}"), "delete": ("[-", "-]")}[part.op]
            shown.append(f"{opening}{printable(part.text)}{closing}")
            continue
        for line in printable(part.text).splitlines(keepends=True):
            is_fence = line.lstrip().startswith("```")
            shown.append(line, _style(part.op, code=fenced or is_fence))
            fenced = fenced ^ (is_fence and part.op != "delete")
    return shown


def _joined(parts: tuple[DiffPart, ...]) -> list[DiffPart]:
    """Return `parts` with neighbours of the same kind as one."""
    joined: list[DiffPart] = []
    for part in parts:
        if joined and joined[-1].op == part.op:
            joined[-1] = DiffPart(op=part.op, text=joined[-1].text + part.text)
        else:
            joined.append(part)
    return joined


def _style(op: str, *, code: bool) -> str:
    if op == "equal":
        return ""
    return "red strike" if op == "delete" else "green" if code else "green underline"


def answer_words(answer: Answer) -> str:
    """Return one line on an answer: where it came from, what it cost or saved, how long it took."""
    took = f"{seconds(answer.latency_ms)}"
    if answer.source == "cache":
        return (
            f"from the cache · saved {money(answer.saved_usd)} and {answer.saved_s:.1f} s · {took} · {answer.evidence}"
        )
    first = f" (first words after {seconds(answer.first_token_ms)})" if answer.first_token_ms is not None else ""
    tokens = f"{answer.usage.input_tokens:,} tokens in, {answer.usage.output_tokens:,} out"
    cached = (
        f", {answer.usage.cache_read_tokens:,} read from the prompt cache" if answer.usage.cache_read_tokens else ""
    )
    return f"from {answer.model} · {money(answer.cost_usd)} · {tokens}{cached} · {took}{first}"


def quality_words(before: Quality, after: Quality) -> str:
    """Return both scores, and the features between which they differ with their weights."""
    had = {feature.name: feature.value for feature in before.features}
    moved = [each for each in after.features if abs(each.value - had.get(each.name, 0.0)) >= 0.005]
    because = [f"{each.name} {had.get(each.name, 0.0):.1f} → {each.value:.1f} (×{each.weight:.2f})" for each in moved]
    return " · ".join([f"{before.score:.2f} → {after.score:.2f}", *because])


def cost_words(estimate: Estimate) -> str:
    """Return an estimate in words, with how it was made."""
    if estimate.input_cost_usd is None or estimate.max_cost_usd is None:
        return "unknown: the settings hold no price for this model"
    within = (
        f"{money(estimate.input_cost_usd)} for the question, at most {money(estimate.max_cost_usd)} with the answer"
    )
    return f"{within} · {estimate.method}, prices of {estimate.prices_as_of}"


def money(usd: float | None) -> str:
    """Return US dollars with as many places as a small amount needs."""
    if usd is None:
        return "no price known"
    return f"${usd:.2f}" if usd >= 1 or usd == 0 else f"${usd:.4f}" if usd >= 0.0001 else f"${usd:.6f}"


def seconds(latency_ms: float) -> str:
    """Return a latency: milliseconds below one second, seconds above."""
    if latency_ms >= 1000:
        return f"{latency_ms / 1000:.1f} s"
    return f"{latency_ms:.0f} ms" if latency_ms >= 10 else f"{latency_ms:.1f} ms"


def _tokens(count: int) -> str:
    return f"about {count:,} tokens"


def _age(age_s: float) -> str:
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if age_s >= 2 * size:
            return f"{age_s / size:.0f} {unit} old"
    return "just now"
