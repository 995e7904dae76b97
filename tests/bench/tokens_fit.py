"""Fit the coefficients of `optafly.tokens` against `ctok`, an offline reconstruction of Claude's token counts.

Needs an environment of its own with Python 3.12 or later, `ctok` and `numpy`; OptaFly itself needs neither:

    python3.12 -m venv /tmp/fit && /tmp/fit/bin/pip install ctok numpy
    PYTHONPATH=server /tmp/fit/bin/python tests/bench/tokens_fit.py \\
        --data python='/usr/lib/python3.12/**/*.py' --data prose='/usr/share/doc/**/*.md' --counts /tmp/counts.json

Each `--data NAME=GLOB` is one kind of text, with at most `--chunks` of it (`--skip PATTERN` leaves out paths).
Chunks of 100 to 6,000 characters are cut from its files at random; whole files go to one side of the split, so that the
held-out error is measured on files the fit never saw. Prints coefficients for optafly/tokens.py and the error per kind.
"""

from __future__ import annotations

import argparse
import glob
import hashlib
import importlib
import json
import multiprocessing
import random
import re
from pathlib import Path
from typing import Any

HELD_OUT = 0.3
FRAME_TOKENS = 6  # what ctok 1.3.0 adds for a message of the 4.8 family


def chunks(pattern: str, skip: str, count: int, seed: int) -> list[tuple[bool, str]]:
    """Cut `count` chunks out of the files of `pattern`; True marks the held-out ones."""
    chance = random.Random(f"{seed}{pattern}")
    files = [path for path in sorted(glob.glob(pattern, recursive=True)) if not (skip and re.search(skip, path))]
    chance.shuffle(files)
    found: list[tuple[bool, str]] = []
    for round_number in range(20):
        for name in files:
            if len(found) == count:
                return found
            text = Path(name).read_text(encoding="utf-8", errors="replace")
            if name.endswith(".po"):  # a translation alone, without its English original
                text = "\n".join(re.findall(r'^msgstr "(.+)"$', text, re.MULTILINE)).replace("\\n", "\n")
            size = int(100 * 60 ** chance.random())
            if len(text) < size or (round_number and len(text) < 4 * size):
                continue
            start = chance.randrange(len(text) - size + 1)
            found.append((random.Random(name).random() < HELD_OUT, text[start : start + size]))
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


def fit(features: Any, tokens: Any, weights: Any) -> Any:  # Any: numpy arrays; numpy's types are not installed here
    """Non-negative least squares of relative errors, by cyclic coordinate descent."""
    import numpy

    design, goal = features * weights[:, None], tokens * weights
    gram, pull = design.T @ design, design.T @ goal
    found = numpy.zeros(features.shape[1])
    for _ in range(5000):
        for at in range(len(found)):
            if gram[at, at] > 0:
                step = (pull[at] - gram[at] @ found) / gram[at, at]
                found[at] = max(0.0, found[at] + step)
    return found


def main() -> None:
    """Fit, and say how good the fit is on texts that it did not see."""
    import numpy

    from optafly import tokens

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", action="append", required=True, metavar="NAME=GLOB")
    parser.add_argument("--skip", default="", metavar="PATTERN")
    parser.add_argument("--chunks", type=int, default=150, help="per kind of text")
    parser.add_argument("--version", default="4.8", help="ctok's name of the tokenizer family")
    parser.add_argument("--counts", type=Path, default=Path("counts.json"), help="where true counts are remembered")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    kinds: list[str] = []
    held: list[bool] = []
    texts: list[str] = []
    for item in options.data:
        name, _, pattern = item.partition("=")
        for held_out, text in chunks(pattern, options.skip, options.chunks, options.seed):
            kinds.append(name)
            held.append(held_out)
            texts.append(text)
    true = numpy.array(counted(texts, options.version, options.counts), dtype=float)
    features = numpy.array([tokens.features(text) for text in texts], dtype=float)
    kind, out = numpy.array(kinds), numpy.array(held)
    weights = 1 / true
    found = fit(features[~out], true[~out], weights[~out])
    print(f"{(~out).sum()} chunks fitted, {out.sum()} held out, {true.sum() / 1000:.0f}k tokens")
    print("WEIGHTS = (")
    for value in found:
        print(f"    {value:.4f},")
    print(")")
    report("now in optafly.tokens", numpy.array([tokens.estimate_tokens(text) for text in texts]), true, kind, out)
    report("this fit", features @ found, true, kind, out)


def report(title: str, estimate: Any, true: Any, kind: Any, out: Any) -> None:
    """Print the mean relative error and the bias, held-out chunks only, and for all the others."""
    import numpy

    error = (estimate - true) / true
    print(f"\n{title}: mean |error| held out {abs(error[out]).mean():.1%}, fitted {abs(error[~out]).mean():.1%}")
    p95 = numpy.quantile(abs(error[out]), 0.95)
    print(f"  p95 held out {p95:.1%}; sums of 10: {_pooled(estimate[out], true[out]):.1%}")
    for name in dict.fromkeys(kind):
        mine = out & (kind == name)
        if not mine.any():
            continue
        words = f"{len(error[mine])} chunks, |error| {abs(error[mine]).mean():.1%}, bias {error[mine].mean():+.1%}"
        print(f"  {name:12} {words}, {true[mine].sum() / 1000:.0f}k tokens")


def _pooled(estimate: Any, true: Any) -> float:
    """Return the mean relative error of sums over ten chunks of any kind, as a whole request is."""
    import numpy

    order = numpy.random.default_rng(1).permutation(len(true))[: len(true) // 10 * 10].reshape(-1, 10)
    sums = estimate[order].sum(1), true[order].sum(1)
    return float(abs((sums[0] - sums[1]) / sums[1]).mean())


if __name__ == "__main__":
    main()
