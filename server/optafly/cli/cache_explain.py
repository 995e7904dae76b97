"""`optafly cache explain`: what the cache would do with a prompt, and why; stores and sends nothing."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from typing import TYPE_CHECKING

import msgspec

from optafly.cli import exits
from optafly.cli.ask import add_prompt_arguments, snapshot_of
from optafly.cli.cache_words import described
from optafly.cli.figures import age, odds, until
from optafly.domain import CacheKey, Considered, Explanation, Snapshot, Verdict

if TYPE_CHECKING:
    from rich.console import Console

OUTCOMES = {"serve": "It would be answered from the cache.", "offer": "You would be offered an earlier answer.",
            "miss": "The provider would be asked."}  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `cache explain`."""
    add_prompt_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print the Explanation as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Explain, and print it to stdout."""
    explanation = asyncio.run(_explained(snapshot_of(args)))
    if args.json:
        print(msgspec.json.encode(explanation).decode())
        return exits.OK
    from optafly.cli.layout import open_console

    show_explanation(open_console(sys.stdout), explanation)
    return exits.OK


async def _explained(asked: Snapshot) -> Explanation:
    from optafly.cli.road import open_road

    async with open_road(asked.folders[0].path) as pipeline:
        return await pipeline.explain(asked)


def show_explanation(console: Console, explanation: Explanation) -> None:
    """Print the verdict, the key that it is about, and each earlier answer that was compared with it."""
    from optafly.cli.layout import row

    verdict = explanation.verdict
    row(console, "verdict", OUTCOMES[verdict.outcome], "bold")
    row(console, "why", verdict.evidence)
    _show_key(console, explanation.key)
    for number, candidate in enumerate(explanation.candidates, 1):
        console.print()
        _show_candidate(console, number, candidate, verdict)
    if not explanation.candidates:
        row(console, "others", "None was compared with it.")


def _show_key(console: Console, key: CacheKey) -> None:
    from optafly.cli.layout import row

    row(console, "asks", key.intent)
    row(console, "kind", key.intent_kind)
    row(console, "within", described(key.namespace))
    row(console, "context", f"fingerprint {key.fingerprint[:12]} · code: {len(key.sources) or 'none'}")
    for source in key.sources:
        symbol = f" {source.symbol}" if source.symbol else ""
        row(console, "", f"{source.path}{symbol} · {source.fingerprint[:12]}")


def _show_candidate(console: Console, number: int, candidate: Considered, verdict: Verdict) -> None:
    from optafly.cli.layout import row
    from optafly.cli.offers import SAME_CODE, show_code

    row(console, f"{number}", f"{candidate.entry_id[:12]} · {age(candidate.age_s)} · {candidate.model}", "cyan")
    row(console, "", f"it answered: {candidate.prompt}")
    right = f"right {odds(candidate.probability)}{'' if candidate.same_code else SAME_CODE}"
    row(console, "", f"{_outcome(candidate, verdict)} · {right}")
    row(console, "", _evidence(candidate))
    if candidate.veto is not None:
        row(console, "", f"never by itself: {candidate.veto}", "yellow")
    elif candidate.reason:
        row(console, "", f"what differs: {candidate.reason}")
    for change in candidate.code:
        show_code(console, change)
    row(console, "", f"it says: {' '.join(candidate.answer_preview.split())}", "dim")


def _outcome(candidate: Considered, verdict: Verdict) -> str:
    if candidate.refuted:
        return "reported wrong for this prompt, so neither served nor offered"
    if candidate.entry_id == verdict.entry_id:
        return "served"
    if any(candidate.entry_id == offer.entry_id for offer in verdict.offers):
        return "offered"
    return "could be served, but another is likelier" if candidate.serves else "not used"


def _evidence(candidate: Considered) -> str:
    score = "the same text" if candidate.score is None else f"score {candidate.score:+.2f}"
    kept = "pinned" if candidate.pinned else until(candidate.expires_at_s, time.time())
    distrust = f" · distrust {candidate.distrust:.2f}" if candidate.distrust else ""
    code = "the same code" if candidate.same_code else "other code"
    return f"cosine {candidate.cosine:.3f} · {score}{distrust} · {code} · {kept}"
