"""How much is served at each error budget, and how much of that is wrong: by the labels, and by a person's reading.

    optafly eval cache STREAM.jsonl.gz --out VERDICTS.jsonl
    python tests/bench/cache_floor.py --data STREAM.jsonl.gz --verdicts VERDICTS.jsonl [--audit FILE] [--unread]

Read off one replay: the best earlier prompt that nothing forbids to serve, at the least score of each budget that is
shipped. `--audit` holds a person's word on pairs that the labels call different ({"id", "match", "same"} in a JSON
array); a pair that nobody read counts as wrong. Where a pair deserves one answer after all, its prompt was reusable.
`--unread` prints the pairs that are called different and were not read.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from optafly.cache.calibration import SHIPPED
from optafly.evaluation.bounds import upper_bound
from optafly.evaluation.rows import Id, Judged, Labelled, Prompt, read

AUDIT = Path(__file__).parent / "verdict" / "audit.json"
Said = Mapping[tuple[Id, Id], bool]


class Word(msgspec.Struct, frozen=True):
    """A person's word on a pair of prompts: whether one answer serves both."""

    id: Id
    match: Id
    same: bool


class Line(msgspec.Struct, frozen=True):
    """The serves at one least score; `read_wrong` and `read_recall` are by reading. Ambiguous pairs count nowhere."""

    least: float
    serves: int
    wrong: int
    recall: float
    read_wrong: int
    read_recall: float


def line(least: float, prompts: Mapping[Id, Labelled], verdicts: Sequence[Judged], said: Said) -> Line:
    """Return what would be served from the score `least` on."""
    seen: set[Id] = set()
    reusable = right = wrong = mistaken = 0
    for judged in verdicts:
        asked = prompts[judged.id]
        reusable += asked.group in seen
        seen.add(asked.group)
        if judged.servable is None or judged.score is None or judged.score < least:
            continue
        match = prompts[judged.servable]
        if match.group == asked.group:
            right += 1
        elif asked.loose is None or asked.loose != match.loose:
            wrong += 1
            mistaken += said.get((judged.id, judged.servable), False)
    return Line(
        least=least,
        serves=right + wrong,
        wrong=wrong,
        recall=right / reusable,
        read_wrong=wrong - mistaken,
        read_recall=(right + mistaken) / (reusable + mistaken),
    )


def table(lines: Mapping[str, Line]) -> str:
    """Return a line for each budget."""
    heads = ("least", "serves", "wrong by label", "≤ (95 %)", "recall", "wrong by reading", "≤ (95 %)", "recall")
    rows = [f"{'error budget':<16}" + "".join(f"{head:>18}" for head in heads)]
    for name, each in lines.items():
        label, reading = (
            (f"{wrong} ({wrong / each.serves:.1%})", f"{upper_bound(wrong, each.serves):.1%}")
            for wrong in (each.wrong, each.read_wrong)
        )
        shares = (*label, f"{each.recall:.1%}", *reading, f"{each.read_recall:.1%}")
        rows.append(f"{name:<16}{each.least:>18.2f}{each.serves:>18}" + "".join(f"{share:>18}" for share in shares))
    return "\n".join(rows)


def unread(least: float, data: Path, verdicts: Sequence[Judged], said: Said) -> list[str]:
    """Return the pairs served from `least` on that the labels call different and nobody read."""
    prompts = {row.id: row for row in read(data, Labelled)}
    texts = {row.id: row.prompt for row in read(data, Prompt)}
    found: list[str] = []
    for judged in verdicts:
        if judged.servable is None or judged.score is None or judged.score < least:
            continue
        asked, match = prompts[judged.id], prompts[judged.servable]
        different = asked.group != match.group and (asked.loose is None or asked.loose != match.loose)
        if different and (judged.id, judged.servable) not in said:
            found.append(f"{judged.id} / {judged.servable}: {texts[match.id]!r} for {texts[asked.id]!r}")
    return found


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--verdicts", type=Path, required=True)
    arguments.add_argument("--audit", type=Path, default=AUDIT)
    arguments.add_argument("--unread", action="store_true")
    given = arguments.parse_args()
    prompts = {row.id: row for row in read(given.data, Labelled)}
    verdicts = [msgspec.json.decode(each, type=Judged) for each in given.verdicts.read_bytes().splitlines()]
    words = msgspec.json.decode(given.audit.read_bytes(), type=list[Word])
    said = {(each.id, each.match): each.same for each in words}
    budgets = {f"{budget:.1%}": least for budget, least in SHIPPED.budgets}
    print(f"{len(words)} pairs that the labels call different were read: {sum(said.values())} deserve one answer")
    print(table({name: line(least, prompts, verdicts, said) for name, least in budgets.items()}))
    if given.unread:
        print("\n".join(unread(min(budgets.values()), given.data, verdicts, said)))


if __name__ == "__main__":
    main()
