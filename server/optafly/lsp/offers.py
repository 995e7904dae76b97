"""Answers from the cache in a review document: those that are offered, and the one that was given."""

from __future__ import annotations

from optafly.domain import Answer, CodeChange, ReuseCandidate
from optafly.lsp.words import ago, diff_block, how_often, lower_first, saving

REPORTED = "You reported this answer as wrong. It is not given for this prompt again."

_KINDS = {
    "changed": "has changed since",
    "gone": "went along then and does not now",
    "new": "goes along now and did not then",
}


def offer_words(offer: ReuseCandidate) -> str:
    """Return an offer with what differs in the prompt and in the code, what it would save, and how sure that is."""
    prompt = " ".join(offer.prompt.split())
    same = " where the code was the same" if offer.code else ""  # the probability is one of prompts
    sure = f" {how_often(offer.probability).capitalize()}{same}." if offer.probability > 0 else ""
    parts = [
        f"## “{prompt[:120]}{'…' if len(prompt) > 120 else ''}”, {ago(offer.age_s)}",
        f"{offer.evidence}{sure} Reusing it saves {saving(offer.saved_usd, offer.saved_s)}.",
        diff_block(offer.diff),
        *(_code_words(change) for change in offer.code),
        "\n".join(f"> {line}".rstrip() for line in offer.answer_preview.splitlines()),
    ]
    return "\n\n".join(part for part in parts if part)


def _code_words(change: CodeChange) -> str:
    symbol = f" `{change.symbol}`" if change.symbol else ""
    diff = diff_block(change.diff)
    return f"{change.path}{symbol} {_KINDS[change.kind]}{':' if diff else '.'}" + (f"\n\n{diff}" if diff else "")


def answer_words(answer: Answer) -> str:
    """Return an answer with a line on where it came from; one from the cache says so before anything else."""
    if answer.source == "cache":
        asked = "" if answer.age_s is None else f" Asked {ago(answer.age_s)}."
        saved = saving(answer.saved_usd, answer.saved_s)
        return f"_From the cache: {lower_first(answer.evidence)}{asked} Saved {saved}._\n\n{answer.text}"
    cost = "" if answer.cost_usd is None else f", ${answer.cost_usd:.4f}"
    return f"{answer.text}\n\n_From {answer.model} in {answer.latency_ms:.0f} ms{cost}. {answer.evidence}_"
