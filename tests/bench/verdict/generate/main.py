"""Write prompts of developers in groups that deserve one answer, beside groups that look alike and deserve another.

    python tests/bench/verdict/generate/main.py --groups 20000 --seed 1 --out FILE.jsonl

Each row is {group, prompt, family, kind, domain, near}: prompts of one `group` are paraphrases; `near` names the groups
that are traps for it, each with the kind of difference; `kind` is how the group came about: `base`, or the difference.
The same seed writes the same file.

`--grammars held_out` takes the templates that no verifier is fitted on: other subjects and other wordings, also those
of people whose first language is another one. They are there to calibrate with (see calibrate.py).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from bench.verdict.generate.build import Builder, rows


def main() -> None:
    """Write the file and print what is in it."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--groups", type=int, default=20_000)
    arguments.add_argument("--grammars", choices=("grammars", "held_out"), default="grammars")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--out", type=Path, required=True)
    given = arguments.parse_args()
    groups = Builder(given.seed, Path(__file__).parent / given.grammars).build(given.groups)
    written = list(rows(groups))
    given.out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in written), encoding="utf-8")
    kinds = Counter(kind for group in groups for kind in group.near.values())
    print(f"{len(written)} prompts in {len(groups)} groups; traps by kind: {dict(sorted(kinds.items()))}")


if __name__ == "__main__":
    main()
