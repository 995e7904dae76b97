"""The difference between two texts in words, for any script, in time that stays near linear."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from difflib import SequenceMatcher
from itertools import pairwise

from optafly.domain import DiffPart

# Scripts written without spaces are compared character by character.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"\n|[^\S\n]+|[{_UNSPACED}]|[^\W{_UNSPACED}]+|[^\w\s]")

# One call to `word_diff` lets difflib compare at most this many pairs of tokens; a gap beyond it is replaced whole.
_MOST_PAIRS = 30_000

Block = tuple[int, int, int]  # where a shared run starts in the old and the new tokens, and its length
Gap = tuple[int, int, int, int]  # old start and end, new start and end


def word_diff(before: str, after: str) -> tuple[DiffPart, ...]:
    """Return what changed, in words: equal and delete parts join to `before`, equal and insert parts to `after`.

    Common ends are cut off first; what is left is split at words that occur once on both sides (a patience diff), and
    only the small gaps between them go through difflib, within a fixed budget.
    """
    old: list[str] = _TOKEN.findall(before)
    new: list[str] = _TOKEN.findall(after)
    steps: list[tuple[str, str, str]] = []  # deleted, inserted, then shared
    i = j = 0
    for a, b, size in [*_shared(old, new), (len(old), len(new), 0)]:
        steps.append(("".join(old[i:a]), "".join(new[j:b]), "".join(old[a : a + size])))
        i, j = a + size, b + size
    return _as_parts(_bridged(steps))


def _shared(old: list[str], new: list[str]) -> list[Block]:
    """Return the runs that both share, in order. Gaps are kept on a stack, so depth is never a limit."""
    found: list[Block] = []
    gaps: list[Gap] = [(0, len(old), 0, len(new))]
    pairs_left = _MOST_PAIRS
    while gaps:
        a, a_end, b, b_end = gaps.pop()
        head = _common_head(old, new, a, a_end, b, b_end)
        found.append((a, b, head))
        a, b = a + head, b + head
        tail = _common_tail(old, new, a, a_end, b, b_end)
        found.append((a_end - tail, b_end - tail, tail))
        a_end, b_end = a_end - tail, b_end - tail
        if a == a_end or b == b_end:
            continue
        if a_end - a == 1 and b_end - b == 1:
            continue
        anchors = _anchors(old, new, (a, a_end, b, b_end))
        if anchors:
            for gap in _between((a, a_end, b, b_end), anchors):
                # Between most anchors nothing changed: compare such a run at once.
                if old[gap[0] : gap[1]] == new[gap[2] : gap[3]]:
                    found.append((gap[0], gap[2], gap[1] - gap[0]))
                else:
                    gaps.append(gap)
        elif (pairs := (a_end - a) * (b_end - b)) <= pairs_left:
            pairs_left -= pairs
            matcher = SequenceMatcher(None, old[a:a_end], new[b:b_end], autojunk=False)
            found.extend((a + block.a, b + block.b, block.size) for block in matcher.get_matching_blocks())
    return sorted(block for block in found if block[2])


def _common_head(old: list[str], new: list[str], a: int, a_end: int, b: int, b_end: int) -> int:
    most = min(a_end - a, b_end - b)
    size = 0
    while size < most and old[a + size] == new[b + size]:
        size += 1
    return size


def _common_tail(old: list[str], new: list[str], a: int, a_end: int, b: int, b_end: int) -> int:
    most = min(a_end - a, b_end - b)
    size = 0
    while size < most and old[a_end - 1 - size] == new[b_end - 1 - size]:
        size += 1
    return size


def _anchors(old: list[str], new: list[str], gap: Gap) -> list[tuple[int, int]]:
    """Return the longest rising run of tokens that occur exactly once on each side of a gap."""
    a, a_end, b, b_end = gap
    once_new = {token: index for index, token in enumerate(new[b:b_end], b)}
    count_old, count_new = Counter(old[a:a_end]), Counter(new[b:b_end])
    pairs = [
        (index, once_new[token])
        for index, token in enumerate(old[a:a_end], a)
        if count_old[token] == 1 and count_new[token] == 1
    ]
    return _longest_rising(pairs)


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Patience sorting: the longest run of pairs in which the second number rises too."""
    tops: list[int] = []
    top_pairs: list[int] = []
    previous: list[int] = []
    for index, (_, value) in enumerate(pairs):
        pile = bisect_left(tops, value)
        previous.append(top_pairs[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [value]
        top_pairs[pile : pile + 1] = [index]
    chosen: list[tuple[int, int]] = []
    at = top_pairs[-1] if top_pairs else -1
    while at >= 0:
        chosen.append(pairs[at])
        at = previous[at]
    return chosen[::-1]


def _between(gap: Gap, anchors: list[tuple[int, int]]) -> list[Gap]:
    """Split a gap so that each part begins with an anchor, which its common head then takes up."""
    a, a_end, b, b_end = gap
    cuts = [(a, b), *anchors, (a_end, b_end)]
    return [(low[0], high[0], low[1], high[1]) for low, high in pairwise(cuts) if low != high]


def _bridged(steps: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Join two changes that share only white space between them: one change reads better than two."""
    joined: list[tuple[str, str, str]] = []
    for deleted, inserted, shared in steps:
        if joined and (deleted or inserted) and (joined[-1][0] or joined[-1][1]) and not joined[-1][2].strip():
            last = joined.pop()
            deleted, inserted = last[0] + last[2] + deleted, last[1] + last[2] + inserted
        joined.append((deleted, inserted, shared))
    return joined


def _as_parts(steps: list[tuple[str, str, str]]) -> tuple[DiffPart, ...]:
    parts: list[DiffPart] = []
    for deleted, inserted, shared in steps:
        if deleted:
            parts.append(DiffPart(op="delete", text=deleted))
        if inserted:
            parts.append(DiffPart(op="insert", text=inserted))
        if shared and parts and parts[-1].op == "equal":
            parts[-1] = DiffPart(op="equal", text=parts[-1].text + shared)
        elif shared:
            parts.append(DiffPart(op="equal", text=shared))
    return tuple(parts)
