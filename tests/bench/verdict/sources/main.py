"""Convert a public set, of which you have a checkout, to the rows that the verdict is fitted on.

    python tests/bench/verdict/sources/main.py tldr CHECKOUT --out FILE.jsonl

Each row is {group, prompt, family, kind, domain, near}, as the generator writes them. The sets, all of them with a
licence that allows to ship what was fitted on them: tldr (tldr-pages/tldr, CC-BY 4.0), nlu (xliuhw/NLU-Evaluation-Data,
CC-BY 4.0), home (home-assistant/intents, CC-BY 4.0), snips (sonos/nlu-benchmark, CC0), clinc (clinc/oos-eval,
CC-BY 3.0), commands and programs, each a folder of clones of several sets (their modules name them and the licences).
Nothing is fetched and nothing of the data is kept here.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from bench.verdict.sources import assistant, commands, programs, tldr

SETS = {
    "tldr": tldr.load,
    "commands": commands.load,
    "programs": programs.load,
    "nlu": assistant.nlu,
    "home": assistant.home,
    "snips": assistant.snips,
    "clinc": assistant.intents,
}


def main() -> None:
    """Write the file and print what is in it."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("set", choices=sorted(SETS))
    arguments.add_argument("checkout", type=Path)
    arguments.add_argument("--out", type=Path, required=True)
    given = arguments.parse_args()
    rows = list(SETS[given.set](given.checkout).rows())
    given.out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    print(f"{len(rows)} prompts in {len({row['group'] for row in rows})} groups")


if __name__ == "__main__":
    main()
