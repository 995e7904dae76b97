"""How long refining takes on a 2,000-line active file, in milliseconds; prints one JSON object.

Run: `.venv/bin/python tests/bench/refine_speed.py`. Beside it, as a baseline in the same run, what `difflib` alone
takes to compare the same prompts with the same refined texts, word by word.
"""

from __future__ import annotations

import difflib
import gc
import hashlib
import json
import random
import re
import statistics
import time
from collections.abc import Callable

from optafly.config import RefineSettings
from optafly.domain import Diagnostic, Document, Piece, PieceKind, Position, Range, Snapshot
from optafly.refine.compose import compose
from optafly.refine.refinement import refine
from optafly.refine.worddiff import word_diff

LINES = 2_000
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
PROMPTS = (
    "Fix this bug",
    "fix it",
    "explain",
    "What does this function do?",
    "What is a monad?",
    "add tests",
    "Why does step_{n} return None when the input is empty?",
    "Refactor `step_{n}` so that it is easier to read, but don't rename anything.",
    "Why is this loop slow? It takes {n} ms and should take 10.",
    "How do I install Python 3 on Ubuntu?",
    "Behebe diesen Fehler in src/big.py bitte",
    "Que fait cette fonction avec {n} éléments ?",
    "Arréglalo",
    "Escreva testes para isto, por favor",
    "Spiegami questa funzione",
    "Почему это падает с ошибкой {n}?",
    "解释一下这段代码",
    "この関数を最適化してください",
    "이 버그를 고쳐줘",
    "Los deze bug op",
    'Review this.\n\nTraceback (most recent call last):\n  File "src/big.py", line {n}, in step_{n}\nValueError: bad',
)


def snapshot_of(prompt: str, text: str, rng: random.Random) -> Snapshot:
    """A snapshot with a large active file, a cursor somewhere in it and 40 diagnostics."""
    spots = [rng.randrange(LINES) for _ in range(40)]
    diagnostics = tuple(
        Diagnostic(
            path="src/big.py",
            range=Range(start=Position(line=line, character=4), end=Position(line=line, character=9)),
            severity="error" if line % 2 else "warning",
            message=f'"name_{line}" is not defined',
            source="Pyright",
        )
        for line in spots
    )
    document = Document(path="src/big.py", uri="file:///w/src/big.py", language="python", text=text)
    return Snapshot(
        prompt=prompt, active=document, cursor=Position(line=rng.randrange(LINES), character=0), diagnostics=diagnostics
    )


def pieces_of(snapshot: Snapshot, lines: list[str], size: int, kind: PieceKind) -> tuple[Piece, ...]:
    """The code around the cursor, as the context room would hand it over."""
    cursor = snapshot.cursor.line if snapshot.cursor else 0
    first = max(1, min(cursor, LINES - size) + 1)
    text = "\n".join(lines[first - 1 : first - 1 + size]) + "\n"
    return (
        Piece(
            path="src/big.py",
            uri="file:///w/src/big.py",
            kind=kind,
            language="python",
            start_line=first,
            end_line=first + size - 1,
            text=text,
            content_hash=hashlib.sha256(text.encode()).hexdigest(),
            tokens=len(text) // 3,
            reason="the code around the cursor",
            symbol=f"step_{first}",
        ),
    )


def timed_ms(work: Callable[..., object], *arguments: object) -> tuple[float, float]:
    """Run once and return the milliseconds it took: by the clock, and of this thread's processor time."""
    start, used = time.perf_counter(), time.thread_time()
    work(*arguments)
    return (time.perf_counter() - start) * 1_000, (time.thread_time() - used) * 1_000


def with_difflib(before: str, after: str) -> object:
    """The baseline: difflib by itself on words."""
    return difflib.SequenceMatcher(None, _WORDS.findall(before), _WORDS.findall(after), autojunk=False).get_opcodes()


def summary(samples: list[float]) -> dict[str, float]:
    """p50, p99 and the longest, in milliseconds."""
    cuts = statistics.quantiles(samples, n=100, method="inclusive")
    return {"p50": round(cuts[49], 3), "p99": round(cuts[98], 3), "max": round(max(samples), 3)}


def main() -> None:
    """Measure and print."""
    rng = random.Random(7)
    lines = [
        f"def step_{n}(value):" if n % 10 == 1 else f"    value = name_{n}(value, {n})" for n in range(1, LINES + 1)
    ]
    text = "\n".join(lines)
    settings = RefineSettings()
    taken: dict[str, list[tuple[float, float]]] = {"refine": [], "compose": [], "word_diff": [], "difflib": []}
    gc.disable()
    for round_ in range(16):
        for template in PROMPTS:
            snapshot = snapshot_of(template.replace("{n}", str(10 * rng.randrange(1, 190) + 1)), text, rng)
            kind: PieceKind = "selection" if round_ % 4 == 0 else "symbol"
            pieces = pieces_of(snapshot, lines, rng.choice((10, 60, 400)), kind)
            taken["refine"].append(timed_ms(refine, snapshot, pieces, settings))
            result = refine(snapshot, pieces, settings)
            taken["compose"].append(timed_ms(compose, snapshot.prompt, result.changes))
            taken["word_diff"].append(timed_ms(word_diff, snapshot.prompt, result.refined))
            taken["difflib"].append(timed_ms(with_difflib, snapshot.prompt, result.refined))
        gc.collect()
    report: dict[str, object] = {"active_lines": LINES, "prompts": len(taken["refine"])}
    for name, samples in taken.items():
        report |= {f"{name}_{key}_ms": value for key, value in summary([clock for clock, _ in samples]).items()}
    report |= {f"refine_cpu_{key}_ms": value for key, value in summary([cpu for _, cpu in taken["refine"]]).items()}
    print(json.dumps(report))


if __name__ == "__main__":
    main()
