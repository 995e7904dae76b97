"""What people said of earlier answers: every query on the table `label`, and what follows from its rows.

A label is about a pair of prompts: the one `asked` and the one an answer was given to. Prompts are kept as hashes of
their normalised spelling, so that forgetting an answer leaves none of its text behind. The latest word on a pair
counts, in either direction: where the answer of one prompt is wrong for the other, so is the other's for the one.
"""

from __future__ import annotations

import hashlib
import math
import sqlite3
from typing import Literal, NamedTuple

from optafly.cache.calibration import SHIPPED, Calibration, moved
from optafly.cache.normalise import normalise
from optafly.domain import CacheKey, Entry, Record

Kind = Literal["taken", "right", "wrong", "refused", "regenerate", "passed"]

LATEST = 1_000  # labels of a namespace that move its calibration: what it is asked today is like what it was lately
PASSED_WEIGHT = 3  # so many offers that were passed over without a word weigh as much as one that was refused


class Label(Record, frozen=True):
    """A person's word on the answer to `answered`, given or offered for `asked`; `score` is the verifier's, if known.

    `passed`: the person sent their own prompt although this was offered first.
    """

    namespace: str
    kind: Kind
    asked: str
    answered: str
    asked_fingerprint: str
    answered_fingerprint: str
    score: float | None = None


class Pair(NamedTuple):
    """Two prompts in either order; their code counts only where their words are the same."""

    texts: tuple[str, str]
    code: tuple[str, str]


class Learned(NamedTuple):
    """What the labels of a namespace come to: pairs that are wrong, pairs that are not wanted, and a calibration."""

    wrong: frozenset[Pair]
    unwanted: frozenset[Pair]
    calibration: Calibration


def record(connection: sqlite3.Connection, label: Label, now_s: float) -> None:
    """Add a label."""
    connection.execute(
        """INSERT INTO label (at_s, namespace, kind, asked, answered, asked_fingerprint, answered_fingerprint, score)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            now_s,
            label.namespace,
            label.kind,
            spelled(label.asked),
            spelled(label.answered),
            label.asked_fingerprint,
            label.answered_fingerprint,
            label.score if label.score is not None and math.isfinite(label.score) else None,
        ),
    )


def of(connection: sqlite3.Connection, namespace: str) -> list[tuple[float, bool]]:
    """Return (score, right) of the latest labels of a namespace that tell something of a score, oldest first."""
    rows = connection.execute(
        "SELECT kind, score FROM label WHERE namespace = ? ORDER BY seq DESC LIMIT ?", (namespace, LATEST)
    ).fetchall()
    found: list[tuple[float, bool]] = []
    passed = 0
    for row in reversed(rows):
        passed += row["kind"] == "passed"
        if row["score"] is not None and (row["kind"] != "passed" or passed % PASSED_WEIGHT == 0):
            found.append((float(row["score"]), row["kind"] in ("taken", "right")))
    return found


def newest(connection: sqlite3.Connection, namespace: str) -> int:
    """Return a number that grows with every label of a namespace; 0 where there is none."""
    row = connection.execute("SELECT max(seq) FROM label WHERE namespace = ?", (namespace,)).fetchone()
    return int(row[0] or 0)


def learned(connection: sqlite3.Connection, namespace: str, calibration: Calibration = SHIPPED) -> Learned:
    """Return what the labels of a namespace come to, however old, and how the latest move `calibration`."""
    latest: dict[Pair, str] = {}
    for row in _words(connection, namespace):
        pair = _pair((row["asked"], row["answered"]), (row["asked_fingerprint"], row["answered_fingerprint"]))
        if not own(pair):
            latest[pair] = row["kind"]
    return Learned(
        wrong=frozenset(pair for pair, kind in latest.items() if kind == "wrong"),
        unwanted=frozenset(pair for pair, kind in latest.items() if kind in ("refused", "regenerate")),
        calibration=moved(calibration, of(connection, namespace)),
    )


def clear(connection: sqlite3.Connection, namespace: str | None) -> None:
    """Delete every label, or those of one namespace."""
    connection.execute("DELETE FROM label WHERE :namespace IS NULL OR namespace = :namespace", {"namespace": namespace})


def pair(key: CacheKey, entry: Entry) -> Pair:
    """Return the pair of what is asked with `key` and what `entry` answered."""
    return _pair((spelled(key.intent), spelled(entry.intent)), (key.fingerprint, entry.fingerprint))


def own(pair: Pair) -> bool:
    """Say whether an answer was given to what is asked itself: then it is the answer that is right or wrong."""
    return pair.texts[0] == pair.texts[1] and pair.code[0] == pair.code[1]


def spelled(intent: str) -> str:
    """Return the hash that stands for the normalised spelling of `intent`."""
    return hashlib.sha256(normalise(intent).encode("utf-8", "surrogatepass")).hexdigest()


def _pair(texts: tuple[str, str], code: tuple[str, str]) -> Pair:
    low, high = sorted(texts)
    if low != high:
        return Pair((low, high), ("", ""))
    before, after = sorted(code)
    return Pair((low, high), (before, after))


def _words(connection: sqlite3.Connection, namespace: str) -> sqlite3.Cursor:
    return connection.execute(
        """SELECT kind, asked, answered, asked_fingerprint, answered_fingerprint FROM label
           WHERE namespace = ? AND kind != 'passed' ORDER BY seq""",
        (namespace,),
    )
