"""Write the table of pieces of `optafly.tokens`, and measure the estimate against `ctok`.

Needs an environment of its own with Python 3.12 or later, `ctok` and `numpy`; OptaFly itself needs neither:

    python3.12 -m venv /tmp/fit && /tmp/fit/bin/pip install ctok==1.3.0 numpy
    PYTHONPATH=server /tmp/fit/bin/python tests/bench/tokens_table.py --write server/optafly/tokens/pieces.txt
    PYTHONPATH=server /tmp/fit/bin/python tests/bench/tokens_table.py \\
        --data python='/usr/lib/python3.12/**/*.py' --data prose='/usr/share/doc/**/*.md' --counts /tmp/counts.json

Each `--data NAME=GLOB` is one kind of text. Chunks of 100 to 6,000 characters are cut from its files at random; nothing
is fitted to them. Prints the error per kind, and the time that the estimate takes.
"""

from __future__ import annotations

import argparse
import glob
import hashlib
import importlib
import json
import multiprocessing
import random
import time
from importlib.resources import files
from pathlib import Path
from typing import Any

FRAME_TOKENS = 6  # what ctok 1.3.0 adds for a message of the 4.8 family
GROUPS = ("word_pieces", "punctuation", "whitespace")  # digits are counted by threes
MARKS = {"⟨bow⟩": "⟦", "⟨eow⟩": "⟧", "⟨shift⟩": "⇧"}


def table() -> list[str]:
    """Return the pieces of ctok's table for the family 4.7 and later, each once, in order."""
    data = json.loads(files("ctok").joinpath("data/pieces_v4_7.json").read_text(encoding="utf-8"))["tokens"]
    found: set[str] = set()
    for group in GROUPS:
        for piece in data[group]:
            for long, short in MARKS.items():
                piece = piece.replace(long, short)
            if piece.strip(" \t\n"):
                found.add(piece)
    return sorted(found)


def chunks(pattern: str, count: int, seed: int) -> list[str]:
    """Cut `count` chunks out of the files of `pattern`."""
    chance = random.Random(f"{seed}{pattern}")
    names = sorted(glob.glob(pattern, recursive=True))
    chance.shuffle(names)
    found: list[str] = []
    for _ in range(20):
        for name in names:
            if len(found) == count:
                return found
            text = Path(name).read_text(encoding="utf-8", errors="replace")
            size = int(100 * 60 ** chance.random())
            if len(text) >= size:
                start = chance.randrange(len(text) - size + 1)
                found.append(text[start : start + size])
    return found


def true_count(job: tuple[str, str]) -> int:
    """Count the tokens of one chunk with ctok, without the frame of a message."""
    ctok = importlib.import_module("ctok")  # of another environment: it has no types here
    text, version = job
    return int(ctok.token_count(text, version)) - FRAME_TOKENS


def counted(texts: list[str], version: str, store: Path) -> list[int]:
    """Count every text, remembering the counts in `store`: ctok takes about 50 ms per 1,000 characters."""
    known: dict[str, int] = json.loads(store.read_text()) if store.exists() else {}
    names = [version + hashlib.sha256(text.encode()).hexdigest() for text in texts]
    missing = {name: text for name, text in zip(names, texts, strict=True) if name not in known}
    with multiprocessing.Pool(2) as pool:
        counts = pool.imap(true_count, [(text, version) for text in missing.values()], chunksize=8)
        known.update(zip(missing, counts, strict=True))
    store.write_text(json.dumps(known))
    return [known[name] for name in names]


def main() -> None:
    """Write the table, or say how good the estimate is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", type=Path, metavar="FILE")
    parser.add_argument("--data", action="append", default=[], metavar="NAME=GLOB")
    parser.add_argument("--chunks", type=int, default=100, help="per kind of text")
    parser.add_argument("--version", default="4.8", help="ctok's name of the tokenizer family")
    parser.add_argument("--counts", type=Path, default=Path("counts.json"), help="where true counts are remembered")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.write:
        options.write.write_text("\n".join(table()), encoding="utf-8")
        return
    kinds: list[str] = []
    texts: list[str] = []
    for item in options.data:
        name, _, pattern = item.partition("=")
        found = chunks(pattern, options.chunks, options.seed)
        kinds += [name] * len(found)
        texts += found
    report(kinds, texts, counted(texts, options.version, options.counts))


def report(kinds: list[str], texts: list[str], true: list[int]) -> None:
    """Print the mean relative error and the bias, over all and per kind, and the time per 10 KB."""
    import numpy

    from optafly.tokens import estimate_tokens

    began = time.process_time()
    estimates = [estimate_tokens(text) for text in texts]
    cold_s = time.process_time() - began
    began = time.process_time()
    for text in texts:
        estimate_tokens(text)
    warm_s = time.process_time() - began
    error: Any = (numpy.array(estimates) - numpy.array(true)) / numpy.array(true)  # Any: numpy is not installed here
    size = sum(len(text.encode()) for text in texts) / 10_000
    print(f"{len(texts)} chunks, {sum(true) / 1000:.0f}k tokens: mean |error| {abs(error).mean():.2%}")
    print(f"  p95 {numpy.quantile(abs(error), 0.95):.2%}, worst {abs(error).max():.1%}, bias {error.mean():+.2%}")
    print(f"  10 KB take {1000 * cold_s / size:.2f} ms where words are new, {1000 * warm_s / size:.2f} ms after that")
    for name in dict.fromkeys(kinds):
        mine = error[numpy.array([kind == name for kind in kinds])]
        print(f"  {name:12} {len(mine)} chunks, |error| {abs(mine).mean():.2%}, bias {mine.mean():+.2%}")


if __name__ == "__main__":
    main()
