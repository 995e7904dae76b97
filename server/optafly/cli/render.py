"""A Proposal and an Answer as a person reads them in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from optafly.cli.figures import age, money, odds, seconds, tokens
from optafly.cli.layout import diff_text, is_plain, row
from optafly.cli.offers import SAME_CODE, show_offers
from optafly.domain import Answer, Choice, Estimate, LeftOut, Piece, Proposal, Quality, by_rank
from optafly.mentions import mention_of, name_of

if TYPE_CHECKING:
    from rich.console import Console

_FIRST = 3


def show_proposal(console: Console, proposal: Proposal) -> None:
    """Print all that a decision needs: what would be sent, why each change, and what it would cost."""
    console.print(diff_text(proposal.diff, marked=is_plain(console)))
    console.print()
    show_reasons(console, proposal)


def show_reasons(console: Console, proposal: Proposal) -> None:
    """Print why each change was made, which code goes along, what was masked, what it costs, what could be reused."""
    if proposal.question:
        row(console, "asks", proposal.question, "yellow")
    _show_changes(console, proposal)
    show_pieces(console, "code", proposal.pieces)
    for choice in proposal.choices:
        row(console, "unclear", choice_words(choice), "yellow")
    show_left_out(console, proposal.left_out, _FIRST)
    for masked in proposal.masked:
        row(console, "masked", f"{masked.kind} in {masked.where} → {masked.placeholder}", "yellow")
    for note in proposal.notes:
        row(console, "note", note, "yellow")
    quality = quality_words(proposal.quality_before, proposal.quality_after)
    row(console, "quality", f"{quality} · read as: {proposal.intent}")
    if proposal.reuse_before is not None and proposal.reuse_after is not None:
        changed = any(candidate.code for candidate in proposal.reuse)
        words = reuse_words(proposal.reuse_before, proposal.reuse_after)
        row(console, "reuse", words + (SAME_CODE if changed else ""))
    row(console, "sends", f"{tokens(proposal.route.input_tokens)} to {proposal.route.model} · {proposal.route.reason}")
    row(console, "costs", cost_words(proposal.estimate))
    show_offers(console, proposal)


def _show_changes(console: Console, proposal: Proposal) -> None:
    for number, change in enumerate(proposal.changes, 1):
        switch = "●" if change.enabled else "○"
        words = f"{change.kind}: {change.reason} · {change.tokens:+,} tokens{'' if change.enabled else ' · off'}"
        row(console, f"{number} {switch}", words, "" if change.enabled else "dim")


def show_pieces(console: Console, name: str, pieces: Iterable[Piece]) -> None:
    """Print where each piece of code is, why it goes along, and how much it is: what matters most first.

    A file's one reason is given once.
    """
    said = ("", "")
    for piece in by_rank(pieces):
        why = "" if said == (piece.path, piece.reason) else f" · {piece.reason}"
        said = (piece.path, piece.reason)
        row(console, name, f"{_place(piece)}{why} · {tokens(piece.tokens)}{' · pinned' if piece.pinned else ''}")


def _place(piece: Piece) -> str:
    if piece.kind == "skeleton":
        return "file names" if piece.path == "." else f"{piece.path}, signatures only"
    symbol = f" {piece.symbol}" if piece.symbol else ""
    return f"{piece.path}:{piece.start_line}-{piece.end_line}{symbol}"


def show_left_out(console: Console, left_out: Iterable[LeftOut], most: int | None = None) -> None:
    """Print what is not sent, once for each reason: of those with the same reason all, or the `most` first."""
    by_reason: dict[str, list[LeftOut]] = {}
    for each in left_out:
        by_reason.setdefault(each.reason, []).append(each)
    for reason, group in by_reason.items():
        style = (
            "dim" if any(each.tokens for each in group) else "yellow"
        )  # without tokens it is not there, or never read
        if most is None and len(group) > 1:
            row(console, "not", reason, style)
            for each in group:
                row(console, "", f"  {_left(each)}", style)
        else:
            row(console, "not", f"{_named(group, most)} · {reason}", style)


def _named(group: Sequence[LeftOut], most: int | None) -> str:
    """Return the names of what was left out for one reason; cut to the `most` first, each file is named once."""
    if most is None:
        return ", ".join(map(_left, group))
    names = list(dict.fromkeys(each.path or _left(each) for each in group))
    more = f" and {len(names) - most:,} more (`optafly context` names them)" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"


def _left(left: LeftOut) -> str:
    name = " ".join(filter(None, (left.path, left.symbol))) if left.path else f"@{left.symbol}"
    return f"{name} · {tokens(left.tokens)}" if left.tokens else name


def choice_words(choice: Choice) -> str:
    """Return the definitions that words of the prompt may mean, each as it can be mentioned."""
    meant = [mention_of(name_of(hit.path, symbol.name)) for hit in choice.candidates for symbol in hit.symbols[:1]]
    files = [mention_of(hit.path) for hit in choice.candidates if not hit.symbols]
    return f"“{choice.words}” may be {' or '.join((*meant, *files))}: write in the prompt which one you mean"


def answer_words(answer: Answer) -> str:
    """Return one line on an answer: where it came from, how old it is, what it cost or saved, how long it took."""
    took = seconds(answer.latency_ms)
    if answer.source == "cache":
        old = "" if answer.age_s is None else f", {age(answer.age_s)}"
        saved = f"saved {money(answer.saved_usd)} and {answer.saved_s:.1f} s"
        return f"from the cache{old} · {saved} · {took} · {answer.evidence}"
    first = f" (first words after {seconds(answer.first_token_ms)})" if answer.first_token_ms is not None else ""
    used = f"{answer.usage.input_tokens:,} tokens in, {answer.usage.output_tokens:,} out"
    cached = (
        f", {answer.usage.cache_read_tokens:,} read from the prompt cache" if answer.usage.cache_read_tokens else ""
    )
    return f"from {answer.model} · {money(answer.cost_usd)} · {used}{cached} · {took}{first}"


def quality_words(before: Quality, after: Quality) -> str:
    """Return both scores, and the features between which they differ with their weights."""
    had = {feature.name: feature.value for feature in before.features}
    moved = [each for each in after.features if abs(each.value - had.get(each.name, 0.0)) >= 0.005]
    because = [f"{each.name} {had.get(each.name, 0.0):.1f} → {each.value:.1f} (×{each.weight:.2f})" for each in moved]
    return " · ".join([f"{before.score:.2f} → {after.score:.2f}", *because])


def reuse_words(before: float, after: float) -> str:
    """Return how likely an earlier answer does, for the prompt as written and for the refined one."""
    if max(before, after) < 0.06:
        return "no earlier answer is likely to do, refined or not"
    if f"{before:.0%}" == f"{after:.0%}":
        return f"an earlier answer is right {odds(after)}, refined or not"
    return f"an earlier answer is right {odds(before)} for your words, {odds(after)} for the refined prompt"


def cost_words(estimate: Estimate) -> str:
    """Return an estimate in words, with how it was made."""
    if estimate.input_cost_usd is None or estimate.max_cost_usd is None:
        return "unknown: the settings hold no price for this model"
    within = (
        f"{money(estimate.input_cost_usd)} for the question, at most {money(estimate.max_cost_usd)} with the answer"
    )
    return f"{within} · {estimate.method}, prices of {estimate.prices_as_of}"
