"""How long choosing the context takes on a file of 2,000 lines: `python tests/bench/context_speed.py [--json]`.

For Python and TypeScript, in milliseconds: `first_ms` loads the grammar too; `cold` is a text never seen before under a
new name; `edited` is the same document with a letter typed at a line's end; `warm` is the same text again.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Callable

from optafly.config import ContextSettings
from optafly.context.collect import collect
from optafly.domain import Document, Position, Snapshot

LINES = 2_000
ROUNDS = 200

PYTHON = '''
class Ledger{n}(Base):
    """Keep the entries of account {n}."""

    @property
    def balance_{n}(self) -> Decimal:
        return sum((entry.amount for entry in self._entries if not entry.void), Decimal(0))

    def post_{n}(self, amount: Decimal, *, memo: str = "", at: datetime | None = None) -> Entry:
        if amount == 0:
            raise ValueError(f"nothing to post to {{self.name}}")
        entry = Entry(amount=amount, memo=memo.strip(), at=at or datetime.now(tz=UTC))
        self._entries.append(entry)
        for listener in self._listeners:
            try:
                listener(entry, self)
            except ListenerGone:
                self._listeners.remove(listener)
        return entry


'''
TYPESCRIPT = """
export interface Entry{n} {{ id: string; amount: number; memo?: string }}

export class Ledger{n} extends Base<Entry{n}> {{
  private readonly entries: Entry{n}[] = [];

  get balance(): number {{
    return this.entries.filter((entry) => !entry.memo?.startsWith("void")).reduce((sum, e) => sum + e.amount, 0);
  }}

  async post(amount: number, options: {{ memo?: string; at?: Date }} = {{}}): Promise<Entry{n}> {{
    if (amount === 0) {{
      throw new Error(`nothing to post to ${{this.name}}`);
    }}
    const entry = {{ id: crypto.randomUUID(), amount, memo: options.memo }};
    this.entries.push(entry);
    await Promise.all(this.listeners.map((listener) => listener(entry, this)));
    return entry;
  }}
}}

export const format{n} = (entry: Entry{n}): string => `${{entry.id}}: ${{entry.amount.toFixed(2)}}`;
"""


def file_of(template: str, seed: int) -> str:
    """Return source of exactly `LINES` lines that no other `seed` gives."""
    lines: list[str] = []
    number = seed * 1_000
    while len(lines) < LINES:
        lines += template.format(n=number).split("\n")[:-1]
        number += 1
    return "\n".join(lines[:LINES])


def timed(work: Callable[[], object]) -> float:
    """Return how many milliseconds `work` took."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def quantiles(samples: list[float]) -> dict[str, float]:
    """Return the median and the 99th percentile (nearest rank)."""
    ordered = sorted(samples)
    rank = math.ceil(0.99 * len(ordered)) - 1
    return {"p50_ms": round(ordered[len(ordered) // 2], 3), "p99_ms": round(ordered[rank], 3)}


def measure(language: str, template: str) -> dict[str, object]:
    """Measure one language."""
    settings = ContextSettings()

    def choose(text: str, uri: str, line: int) -> Callable[[], object]:
        document = Document(path="ledger", uri=uri, language=language, text=text)
        snapshot = Snapshot(prompt="why?", active=document, cursor=Position(line=line, character=4))
        return lambda: collect(snapshot, settings, lambda _: None)

    first = timed(choose(file_of(template, 0), "file:///first", 1_000))
    places = [(round_ * 37) % LINES for round_ in range(ROUNDS)]
    texts = [file_of(template, round_ + 1) for round_ in range(ROUNDS)]
    cold = [timed(choose(text, f"file:///{n}", places[n])) for n, text in enumerate(texts)]
    edited: list[float] = []
    text = file_of(template, 0)
    for line in places:
        lines = text.split("\n")
        lines[line] = f"{lines[line]}x"  # as if one letter had been typed, whether it parses or not
        choose(text, "file:///first", line)()
        edited.append(timed(choose("\n".join(lines), "file:///first", line)))
    warm = [timed(choose(text, "file:///first", line)) for line in places]
    return {
        "first_ms": round(first, 3),
        "cold": quantiles(cold),
        "edited": quantiles(edited),
        "warm": quantiles(warm),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    arguments = parser.parse_args()
    report = {
        "lines": LINES,
        "rounds": ROUNDS,
        "python": measure("python", PYTHON),
        "typescript": measure("typescript", TYPESCRIPT),
    }
    print(json.dumps(report, indent=None if arguments.json else 2))


if __name__ == "__main__":
    main()
