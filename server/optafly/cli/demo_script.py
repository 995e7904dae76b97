"""What `optafly demo` asks, in which order, and what its simulated Claude says."""

from __future__ import annotations

from typing import Literal, NamedTuple

FILE = "till/bill.py"
FIRST = "fix the lost cent here"
REWORDED = "help me fix the lost cent here"


class Ask(NamedTuple):
    """One step: what is asked, and the word that the demo has on the answer where it comes from the cache.

    With `edits` the code changes first. `after` names the word without which the step would have nothing to show.
    """

    prompt: str
    name: str
    words: str
    word: Literal["wrong", "regenerate"] | None = None
    edits: bool = False
    after: Literal["wrong", "regenerate"] | None = None


ASKS = (
    Ask(FIRST, "A vague prompt becomes a good one", f"You select `shares` and ask: {FIRST}"),
    Ask(
        REWORDED,
        "The same in other words",
        f"A colleague asks: {REWORDED}\nSuppose the answer did not help them: w reports it.",
        word="wrong",
    ),
    Ask(
        REWORDED,
        "What was reported wrong is not given again",
        f"The colleague asks once more: {REWORDED}",
        after="wrong",
    ),
    Ask(
        FIRST,
        "The same once more, and then anew",
        f"You ask again: {FIRST}\nAnd you want another answer than the one from the cache: r regenerates it.",
        word="regenerate",
    ),
    Ask(
        FIRST,
        "The code has changed since",
        f"You try a mend of your own in `shares` (`round` becomes `int`), and ask again: {FIRST}",
        edits=True,
    ),
)
ANSWER = """\
(simulated answer {number}) `shares` rounds one share and gives it to everybody: 1000 / 3 is 333, and 3 × 333 is 999, so
one cent is left over and the check below it fails. Hand the left-over cents out one by one:

```python
share, left = divmod(total_cents, people)
parts = [share + 1] * left + [share] * (people - left)
```

The shares now add up to the bill for every number of people.
"""
