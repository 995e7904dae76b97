"""The history of one root's files, followed in the background."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from optafly.context.history import NO_COMMITS, History, boundary, follow, has_repository, locate, read_hunks
from optafly.context.history.git import Leash
from optafly.context.history.hunks import AT_ONCE as COMMITS_AT_ONCE
from optafly.context.index.pauses import Pauses
from optafly.context.index.threads import started
from optafly.context.index.vectors import Vectors
from optafly.context.index.walk import Walk

AT_A_TIME = 32  # titles
AT_ONCE = 2_500  # titles that are told, and stored, together
LOOK_S = 0.2
AT_ONCE_S = 10.0  # for which a new commit is kept back until its title has a vector

log = logging.getLogger(__name__)


class Kept(msgspec.Struct, frozen=True):
    """A history as bytes, what tells it apart, and by what it was read: the ignore `rules`, a shallow clone's end."""

    data: bytes
    rules: bytes
    mark: bytes


_NOTHING = Kept(b"", b"", b"")


class Past:
    """`tell` gets, from another thread, the history that follows on the one that was `take`n, and what to keep of it.

    A history is never changed once it was told: whoever searches it needs no lock. It holds nothing of files that the
    ignore rules exclude: where these change, it is read anew, for what was left out may be wanted now. `trouble` says
    why it is not whole. Once it is told, the lines of its commits are read, and their titles get `vectors`, while that
    `is_wanted` and once nothing more pressing `is_going_on`; where none can be made, it is tried again at the first
    `refresh` after a pause. `ended` hears, from that thread too, that nothing more is to be done.
    """

    def __init__(
        self,
        root: Path,
        tell: Callable[[History, Kept], None],
        walk: Callable[[], Walk],
        vectors: Vectors | None = None,
        is_wanted: Callable[[], bool] = lambda: True,
        ended: Callable[[], None] = lambda: None,
        is_going_on: Callable[[], bool] = lambda: False,
    ) -> None:
        self._root = root
        self._tell = tell
        self._walk = walk
        self._vectors = vectors
        self._is_wanted = is_wanted
        self._ended = ended
        self._is_going_on = is_going_on
        self.trouble = ""
        self.total = self.left = 0  # titles that shall have vectors, and those that are still to get them
        self._looked = False
        self._leash = Leash()
        self._known = _NOTHING
        self._learnt = _NOTHING  # of it no more vectors are to be made
        self._whole = _NOTHING  # of it no more lines are to be read
        self._failed: set[str] = set()  # commits of whose titles none could be made
        self._pauses = Pauses()
        self._reading = Pauses()  # where git does not say what commits changed
        self._rules = b""
        self._again = False
        self._running = False
        self._lock = threading.Lock()

    @property
    def _closed(self) -> bool:
        return self._leash.is_ended

    @property
    def known(self) -> Kept:
        """The history that is known."""
        return self._known

    @property
    def is_done(self) -> bool:
        """Whether the titles that are known have their vectors, but for a few of new commits."""
        return self._vectors is None or (self._looked and self.left <= AT_A_TIME)

    def take(self, stored: Kept) -> History | None:
        """Return the history that was stored, None where there is none or it is not sound."""
        try:
            history = self._decoded(stored) if stored.data else None
        except ValueError:
            return None
        with self._lock:
            self._known = stored
        return history

    def refresh(self, rules: bytes | None = None) -> None:
        """Look where the repository stands now; a question while one is being answered is answered after it.

        `rules` is the fingerprint of the ignore rules, None where they are as before.
        """
        with self._lock:
            self._rules = self._rules if rules is None else rules
            self._again = True
            if self._running:
                return
            self._running = True
        if started("optafly-history", self._run) is None:
            self._running = False

    def close(self) -> None:
        """Have nothing more made, and end the git that is asked."""
        self._leash.end()

    def _run(self) -> None:
        self._leash.hold()
        while self._goes_on():
            try:
                self._follow(self._rules)
                self._read()
                if self._vectors is not None:
                    self._learn(self._vectors)
            except Exception as error:  # a thread's boundary: without a history the index goes on
                log.warning("the history cannot be read: %s", type(error).__name__)
        self._ended()

    def _follow(self, rules: bytes) -> None:
        before = self._known
        read_by = rules + boundary(self._root)
        known = before if before.rules == read_by else _NOTHING
        history = self._decoded(known)
        head, judged = history.head, frozenset(history.paths)
        reason = follow(history, self._root)
        if reason and before.data and not known.data and not len(history):  # what new rules exclude goes all the same
            history = self._decoded(before)
            history.head = ""
        if history.head != head or (len(history) and not known.data):
            history.leave_out(self._walk().excludes, judged)
            if known.data:
                self._complete(history)
            self._say(history, read_by, before)
        told = reason not in ("", NO_COMMITS) and has_repository(self._root)
        self.trouble = f"Of the history not all is known: {reason}" if told else ""

    def _decoded(self, kept: Kept) -> History:
        """Return a history, without the vectors of another model than the one that prompts are compared by."""
        history = History.decode(kept.data) if kept.data else History()
        if self._vectors is not None:
            history.made_by(self._vectors.name)
        return history

    def _complete(self, history: History) -> None:
        """Learn all of a few new commits before these are told, where that takes a moment.

        Else each commit would be told, and all of the history stored, twice.
        """
        if len(unread := history.unread()) <= COMMITS_AT_ONCE:
            self._read_lines(history, unread)
        todo, vectors = self._todo(history), self._vectors
        if vectors is None or not 0 < len(todo) <= AT_A_TIME or vectors.left or self._pauses.left_s:
            return
        if self._is_going_on():
            return
        late_s = time.monotonic() + AT_ONCE_S
        made = vectors.of_texts([title for _, title in todo], lambda: not self._closed and time.monotonic() < late_s)
        history.learn({sha: vector for (sha, _), vector in zip(todo, made, strict=False) if vector})

    def _read(self) -> None:
        """Have the lines read that commits left, the newest first, as long as nothing new happens."""
        self._wait()
        known = self._known
        if known is self._whole or self._reading.left_s:
            return
        history = self._decoded(known)
        if not (unread := history.unread()):
            self._whole = known
        elif self._read_lines(history, unread):
            self._say(history, known.rules, known)

    def _read_lines(self, history: History, commits: Sequence[str]) -> bool:
        """Read the lines of some commits, as far as git says them and until something happens; tell whether any."""
        place = locate(self._root) if commits and not self._reading.left_s else ""
        read = False
        for start in range(0, len(commits), COMMITS_AT_ONCE):
            if start:
                self._wait()
            if isinstance(place, str) or self._again or self._closed or not self._is_wanted():
                break
            some = commits[start : start + COMMITS_AT_ONCE]
            found = read_hunks(self._root, some, place[1])
            history.read(found)
            read |= bool(found)
            if len(found) < len(some):
                self._reading.begin()
                break
            self._reading.succeeded()
        return read

    def _todo(self, history: History) -> list[tuple[str, str]]:
        """Return the commits whose titles are to get vectors, as ids and titles."""
        return [each for each in history.unlearnt() if each[0] not in self._failed]

    def _learn(self, vectors: Vectors) -> None:
        """Have vectors made of the titles that have none, the newest first, as long as nothing new happens."""
        self._wait()
        while (known := self._known) is not self._learnt and not self._again and not self._pauses.left_s:
            history = self._decoded(known)
            todo = self._todo(history)
            self.total, self.left = len(todo) + history.learnt, len(todo)
            if not todo:
                self._learnt = known
            elif made := self._made(todo[:AT_ONCE], vectors):
                history.learn(made)
                self._say(history, known.rules, known)
            else:
                return

    def _wait(self) -> None:
        """Wait while something more pressing goes on."""
        while self._is_going_on() and not self._again and not self._closed:
            time.sleep(LOOK_S)

    def _made(self, commits: Sequence[tuple[str, str]], vectors: Vectors) -> dict[str, bytes]:
        """Return the vectors of the titles of some commits, as far as there are any and until something happens."""
        made: dict[str, bytes] = {}
        for start in range(0, len(commits), AT_A_TIME):
            if self._again or self._closed or not self._is_wanted():
                break
            some = commits[start : start + AT_A_TIME]
            found = vectors.of_texts([title for _, title in some], lambda: not self._closed)
            fresh = {sha: vector for (sha, _), vector in zip(some, found, strict=False) if vector}
            if not fresh:
                self._pauses.begin()  # a batch of which nothing can be made says more of the model than of its titles
                break
            self._pauses.succeeded()
            self._failed |= {sha for sha, _ in some} - fresh.keys()
            made |= fresh
            self.left -= len(some)
        return made

    def _say(self, history: History, rules: bytes, before: Kept) -> None:
        """Tell a history that was made of `before`, unless another was taken meanwhile: then begin with that one."""
        learnt = f"{history.model} {history.learnt} {len(history.unread())}"
        kept = Kept(history.encode(), rules, f"{history.head} {rules.hex()} {learnt}".encode())
        with self._lock:
            if self._known is not before or self._closed:  # of a git that was ended comes less than there is
                self._again = True
                return
            self._known = kept
        self._tell(history, kept)

    def _goes_on(self) -> bool:
        with self._lock:
            self._running, self._again = self._again and not self._closed, False
            if not self._running and self._is_wanted():  # else it was stopped, and begins again
                self._looked, self.left = True, 0
            return self._running
