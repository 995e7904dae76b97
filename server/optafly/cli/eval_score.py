"""`optafly eval score`: what verdicts are worth, as a table or as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from optafly.evaluation.curve import Curve
    from optafly.evaluation.score import Figures, Latency, Score

COLUMNS = ("", "prompts", "reusable", "serves", "wrong", "≤ (95 %)", "recall", "offers", "precision", "reuse")


def print_score(stream: Path, verdicts: Path, *, as_json: bool) -> None:
    """Print the score of the verdicts in one file on the prompts in another."""
    from optafly.evaluation.rows import Judged, Labelled, read
    from optafly.evaluation.score import score

    scored = score(read(stream, Labelled), read(verdicts, Judged))
    print(msgspec.json.encode(scored).decode() if as_json else "\n".join(_lines(scored)))


def _lines(scored: Score) -> list[str]:
    rows = [COLUMNS, _row("all", scored.all)]
    rows += [_row(name or "no source", figures) for name, figures in scored.by_source.items()]
    lines = [f"{name:<18}" + "".join(f"{cell:>11}" for cell in cells) for name, *cells in rows]
    if scored.curve:
        lines += ["", *_curve(scored.curve)]
    if scored.latency:
        lines += ["", _latency(scored.latency)]
    return lines


def _row(name: str, figures: Figures) -> tuple[str, ...]:
    return (
        name,
        f"{figures.prompts:,}",
        f"{figures.reusable:,}",
        f"{figures.serves:,}",
        _share(figures.wrong_per_serve),
        _share(figures.upper95),
        _share(figures.serve_recall),
        f"{figures.offers:,}",
        _share(figures.offer_precision),
        _share(figures.reuse_recall),
    )


def _curve(curve: Curve) -> list[str]:
    lines = ["with the best threshold, known only afterwards:"]
    for each in curve.at_budgets:
        at = f" from {each.threshold:.4f}" if each.threshold is not None else ""
        lines.append(f"  wrong ≤ {each.budget:<6.1%} recall {each.serve_recall:.1%}, {each.serves:,} serves{at}")
    return [*lines, f"  P-CHR AUC {curve.p_chr_auc:.4f}"]


def _latency(latency: Latency) -> str:
    times = {"p50": latency.p50_ms, "p90": latency.p90_ms, "p99": latency.p99_ms, "most": latency.max_ms}
    return "a lookup took " + ", ".join(f"{name} {ms:.1f} ms" for name, ms in times.items())


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"
