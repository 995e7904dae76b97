"""What of a root may be found, as its ignore rules are at the moment of a question."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Set
from pathlib import Path

from optafly.context.index.threads import started
from optafly.context.index.view import View
from optafly.context.index.walk import Walk
from optafly.privacy.ignored import IgnoreRules

LOOK_S = 5.0
LATE_S = 1.0  # a disk on a network may be away: what lies on others can still be found


def _ignore(walk: Walk) -> None:
    """Stand in for whoever judges nothing more."""


class Judging:
    """Used by whoever asks and by the thread of the root, in any process: it waits for nobody to notice a change."""

    def __init__(self, root: Path, ignore: tuple[str, ...], view: View) -> None:
        self.rules = IgnoreRules([root], ignore)
        self._ignore = ignore
        self._root = root
        self._view = view
        self._left_out: set[str] = set()
        self._looked_s = 0.0
        self._asked: threading.Thread | None = None
        self._beside: object = None
        self._changed_beside = False

    def walk(self) -> Walk:
        """Return a walk with the ignore rules as they are now."""
        return Walk(self._root, self.rules)

    def walk_of_history(self) -> Walk:
        """Return a walk that says of a file of a commit the same whenever it is asked under the same rules."""
        return Walk(self._root, IgnoreRules([self._root], self._ignore), rules_alone=True)

    def begin(self, most: int, stop: Callable[[], bool]) -> Walk:
        """Return a walk with the rules as they are now, by which everything is looked at."""
        self._beside, self._changed_beside = self.rules.stamp(self._root), False
        return Walk(self._root, self.rules, most=most, stop=stop)

    @property
    def changed_beside(self) -> bool:
        """Whether, as the last question found, rules changed since `begin` in files that nobody watches."""
        return self._changed_beside

    def allows(self, paths: Iterable[str], keep: Callable[[Walk], None] = _ignore) -> bool | None:
        """Tell whether all of these may be found; None where the disk does not say so in time.

        `keep` gets the walk that judged them, for what else the same question is to judge. Used by one thread.
        """
        told: list[bool] = []
        wanted = tuple(paths)

        def judge() -> None:
            walk = self.walk()
            self._changed_beside = self._beside not in (None, self.rules.stamp(self._root))
            told.append(not any(walk.excludes(path) for path in wanted))
            keep(walk)

        if self._asked is None or not self._asked.is_alive():  # else the disk does not answer an earlier question yet
            self._asked = started("optafly-rules", judge)
            if self._asked is not None:
                self._asked.join(LATE_S)
        return told[0] if told else None

    def leave_out(self) -> set[str]:
        """Let nothing be found that is excluded by now, and return what that is."""
        walk = self.walk()
        self._view.give_back_all(walk.excludes)
        excluded = {path for path in self._view.paths if walk.excludes(path)}
        self._view.drop(excluded)
        return excluded

    def watch(self, excluded: Set[str]) -> None:
        """Remember what was left out, for `allowed_again`."""
        self._left_out |= excluded

    def allowed_again(self, known: Set[str]) -> set[str]:
        """Return which of the `known` files were left out and are excluded no more; asked often, it looks now and then.

        Used by one thread, as `watch` is.
        """
        self._left_out &= known
        if not self._left_out or time.monotonic() - self._looked_s < LOOK_S:
            return set()
        self._looked_s = time.monotonic()
        walk = self.walk()
        allowed = {path for path in self._left_out if not walk.excludes(path)}
        self._left_out -= allowed
        return allowed
