"""How long masking takes, and that hostile texts cost no more than their length: `python tests/bench/masking_speed.py`.

`file_ms` is a text of 2,000 lines without secrets, `with_secrets_ms` one with a secret in every hundredth line.
`growth` is, per hostile text, the time for eight times the length over the time for the length: 8 is linear, 64 is
quadratic. Times are CPU times of this thread, so that other work on the machine counts little.
"""

from __future__ import annotations

import json
import math
import time

from context_speed import PYTHON, TYPESCRIPT, file_of

from optafly.privacy.masking import mask

ROUNDS = 50
HOSTILE = {
    "names": "password",
    "spaced names": "password ",
    "assignments": "key=",
    "open quotes": 'password="',
    "escaped quotes": 'password=\\"',
    "types": "token: a, ",
    "jwt heads": "eyJ",
    "jwt dots": "eyJaaaaaaaaaa.",
    "pem heads": "-----BEGIN RSA PRIVATE" + " KEY-----",
    "pem ends": "-----END RSA PRIVATE" + " KEY-----\n",
    "base64": "A" * 64 + "\n",
    "urls": "a://b:",
    "dashes": "-",
    "spaces": " ",
    "bearer": "bearer ",
}


def cost_ms(text: str) -> float:
    """Return the CPU time of masking `text` once, in milliseconds."""
    began = time.thread_time()
    mask(text, "bench")
    return (time.thread_time() - began) * 1000


def quantiles(text: str) -> dict[str, float]:
    """Return the median and the 99th percentile (nearest rank) of masking `text`."""
    ordered = sorted(cost_ms(text) for _ in range(ROUNDS))
    return {"p50": round(ordered[ROUNDS // 2], 3), "p99": round(ordered[math.ceil(0.99 * ROUNDS) - 1], 3)}


def planted(text: str) -> str:
    """Return `text` with a password in every hundredth line."""
    lines = text.split("\n")
    for number in range(0, len(lines), 100):
        lines[number] = f'password = "hunter{number}"'
    return "\n".join(lines)


def growth(part: str) -> float:
    """Return how many times longer eight times the text takes."""
    small, large = (min(cost_ms(part * (length // len(part))) for _ in range(3)) for length in (10_000, 80_000))
    return round(large / small, 1)


def main() -> None:
    texts = {"python": file_of(PYTHON, 1), "typescript": file_of(TYPESCRIPT, 1)}
    report = {
        "file_ms": {language: quantiles(text) for language, text in texts.items()},
        "with_secrets_ms": {language: quantiles(planted(text)) for language, text in texts.items()},
        "growth": {name: growth(part) for name, part in HOSTILE.items()},
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
