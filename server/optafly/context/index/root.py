"""The index of one root, kept current by a thread of its own until it is closed.

Whatever happens (a change on the disk, a file that was read, news of another process) is a step in its inbox.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Set
from functools import partial
from pathlib import Path

from optafly.context.history import History
from optafly.context.index import files as disk
from optafly.context.index import memory
from optafly.context.index.content import content_of
from optafly.context.index.crew import UNREAD, Batch, Crew
from optafly.context.index.helpers import Helpers
from optafly.context.index.inbox import Inbox, Step
from optafly.context.index.judging import Judging
from optafly.context.index.keeping import Keeping, Role
from optafly.context.index.known import Known
from optafly.context.index.looking import inside, listed_in, looked_into, read_here
from optafly.context.index.making import Making
from optafly.context.index.past import Kept, Past
from optafly.context.index.plan import compared, lying_in, parent
from optafly.context.index.resting import Resting
from optafly.context.index.store import File
from optafly.context.index.telling import Telling
from optafly.context.index.turns import attempt, take_turns
from optafly.context.index.vectors import Vectors
from optafly.context.index.view import View
from optafly.context.index.walk import MOST_FILES, Listing, Walk, decides
from optafly.context.index.watching import Watcher
from optafly.context.outline.languages import language_of
from optafly.context.outline.model import Outline
from optafly.domain import IndexState, RootStatus, Skipped

AT_ONCE = 8  # files that this process reads itself: sooner than a helper could be started
MANY = 400  # changes after which everything is looked at: the system may have lost some
FOLLOW_S = 0.5
AGAIN_S = 10.0
LOCKED_S = 60.0
REREAD_S = 2.0
_NEW = File(disk.UNSETTLED, b"")


class RootIndex:
    """Keeps the `view` of the files below `root` as they are on the disk.

    `status` may be read at any time. `close` ends it at any point; what was read until then is stored.
    """

    def __init__(
        self,
        root: Path,
        view: View,
        keeping: Keeping,
        helpers: Helpers,
        *,
        ignore: tuple[str, ...] = (),
        most: int = MOST_FILES,
        vectors: Vectors | None = None,
        watch: Callable[[Path, Callable[[set[str] | None], None]], Watcher] = Watcher,
    ) -> None:
        self.root = root
        self._real = Path(os.path.realpath(root))
        self.view = view
        self._keeping = keeping
        self._most = most
        self._inbox = Inbox(self._look_at)
        self._vectors = vectors
        self._making = Making(self._inbox, vectors, view, keeping, self._is_wanted, self._say_how_far)
        self._judging = Judging(root, ignore, view)
        ended = partial(self._inbox.put, self._past_ended)
        past_walk = self._judging.walk_of_history
        self._past = Past(root, self._told, past_walk, vectors, self._is_wanted, ended, lambda: self._crew.busy)
        self._past_taken = vectors is None  # all of it that was told at first is taken in
        self._watcher = watch(root, self._inbox.told)
        self._resting = Resting(self._inbox, lambda path: self._look_at({str(root / path)}))
        self._known = Known(root, view, keeping, vectors, self._past, self.walk)
        self._folders: set[str] = set()
        self._marked: set[str] = set()  # folders that are watched for the end of what marks them
        self._closed = self._halted = self._careful = False
        self._walk = self._judging.walk()
        self._crew = Crew(root, helpers, lambda one: self._inbox.put(partial(self._take_batch, one)), self._is_wanted)
        self._telling = Telling(view, keeping, self._crew, vectors, self._watcher, self._past, most)
        self._thread = threading.Thread(target=self._run, name=f"optafly-index {root.name}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self, wait_s: float = 5.0) -> None:
        """End, and wait until the file on disk is let go."""
        self._closed = True
        self._inbox.put(lambda: None)
        self._past.close()
        self._watcher.stop()
        if self._thread.is_alive():
            self._thread.join(wait_s)

    def halt(self) -> None:
        """Read no further until `go_on`. What was read can be found, and another process may write the index."""
        if not self._halted:
            self._halted = True
            if self._telling.state in ("lexical", "ready"):  # whoever asks next must see it, though nothing goes on
                self._telling.state = "cancelled"
            self._inbox.put(self._halt)

    def go_on(self) -> None:
        """Read on where it was halted."""
        if self._halted:
            self._halted = False
            self._telling.state = "scanning"  # whoever asks next must see that it goes on
            self._inbox.put(self._go_on)

    def changed(self, paths: Iterable[str]) -> None:
        """Look at these absolute paths: they were written, made or deleted."""
        self._inbox.told(set(paths))

    def look(self) -> None:
        """Look at everything."""
        self._inbox.told(None)

    def overlay(self, path: str, text: str | None) -> None:
        """Let an unsaved document stand in the place of its file, or give the file back (None)."""
        allowed = text is not None and len(text) <= disk.MOST_BYTES and self._judging.allows([path])
        if text is None or allowed is False:
            self.view.give_back(path)
        else:
            self.view.overlay(path, text, content_of(text, language_of(path)))
        if allowed is not None:  # else the disk does not say so now: whatever is found is judged before it is told
            self._making.typed(path)

    def now(self, path: str) -> tuple[str, Outline, bool] | None:
        """Return the text of a file that is in the index, the outline of it, and whether it was this that was read."""
        return self.view.now(path, self._known.files.get(path, _NEW).hash)

    def walk(self) -> Walk:
        """Return a walk with the ignore rules as they are now."""
        return self._judging.walk()

    def allows(self, paths: Iterable[str], keep: Callable[[Walk], None]) -> bool | None:
        """Tell whether all of these may be found (None: the disk does not say); if not, what may not is left out.

        `keep` gets the walk that judged them.
        """
        allowed = self._judging.allows(paths, keep)
        if allowed and self._judging.changed_beside:
            self.look()  # what was left out may be found from now on
        if allowed is False:
            self._inbox.put(partial(self._left_out, self._judging.leave_out()))
        return allowed

    @property
    def state(self) -> IndexState:
        """How far it is."""
        return self._telling.state

    @property
    def role(self) -> Role:
        """Whether it writes the file on disk, follows the one that does, or is in memory alone."""
        return self._keeping.role

    @property
    def has_vectors(self) -> bool:
        """Whether any file can be found by its vectors."""
        return self._vectors is not None and bool(self._vectors.made)

    def status(self) -> RootStatus:
        """Return how far it is."""
        return self._telling.status(self._known.files)

    def skipped(self) -> list[Skipped]:
        """Return what is not in the index, or not whole, and why."""
        return self._telling.skipped(self._known.files)

    @property
    def settled(self) -> bool:
        """Whether everything it was told of is done, vectors aside."""
        return self._inbox.is_empty and not self._crew.busy

    def _told(self, history: History, kept: Kept) -> None:
        self._inbox.put(partial(self._known.remember, history, kept))

    def _past_ended(self) -> None:
        self._past_taken = True  # for steps are done in order
        self._say_how_far()

    def _is_wanted(self) -> bool:
        return not self._closed and not self._halted

    def _halt(self) -> None:
        if self._halted:  # else it was told to go on meanwhile
            self._telling.left |= self._crew.under_way
            self._crew.forget()
            self._making.forget()
            self._keeping.step_back()
            if self._telling.state != "failed":
                self._finished()

    def _go_on(self) -> None:
        if self._halted:
            return
        self._telling.left.clear()
        self._crew.forget()  # helpers drop what they come to while it is halted, if only for a moment
        self._making.forget()
        if self._keeping.role == "follower" and not self._keeping.take_over():
            self._finished()  # another process reads on
        else:
            self._look_everywhere()

    def _take_batch(self, batch: Batch) -> None:
        answers = self._crew.taken(batch, self._walk.excludes)
        if answers is None:
            return
        stale = self._known.note_unchanged(answers)
        if stale:  # it changed while it was read, and may have been looked at since
            self._look_at({str(self.root / path) for path in stale})
        self._finished()

    def _run(self) -> None:
        self._do(self._begin)
        take_turns(self._inbox, self._do, self._look_by_itself, self._every_s, lambda: not self._closed)
        self._watcher.stop()
        self._keeping.shut()
        self._telling.state = "closed"

    def _every_s(self) -> float | None:
        if self._telling.state == "failed":
            return AGAIN_S
        return LOCKED_S if self._keeping.is_locked else FOLLOW_S if self.role == "follower" else None

    def _look_by_itself(self) -> None:
        if self._telling.state == "failed":
            self._look_everywhere()
        elif self.role == "follower":
            self._follow()
        elif not self._halted and self._keeping.come_back():
            self._anew()

    def _do(self, step: Step) -> None:
        attempt(step, self._anew, self._fail)

    def _fail(self, message: str) -> None:
        self._telling.state, self._telling.message = "failed", message

    def _begin(self) -> None:
        self._keeping.open()
        self._anew()
        self._keeping.clean()

    def _anew(self) -> None:
        """Begin with nothing but what is stored."""
        self._known.clear()
        self._crew.forget()
        self._telling.state, self._telling.message = "scanning", ""
        self._look_everywhere()

    def _look_everywhere(self, renewed: Set[str] | None = None) -> None:
        """Look at the whole root; its folders are taken to be those that are watched, but the `renewed` (None: all)."""
        began = time.monotonic()
        self._walk = self._judging.begin(self._most, lambda: self._closed)
        listing = self._walk.whole()
        if self._closed:
            return
        self._telling.message, self._telling.over = "", listing.over
        self._telling.state = "scanning" if self._telling.state == "failed" else self._telling.state
        if not self._known.files:
            self._known.begin(listing, lambda: not self._closed, self._can_be_asked)
            self._careful = bool(self._known.files)
        self.view.give_back_all(self._walk.excludes)
        before, self._folders, self._marked = self._folders, listing.folders, listing.marked
        if self._keeping.role == "follower":
            self._finished()
            return
        self._watch(None if renewed is None else renewed | (self._folders - before), time.monotonic() - began)
        if not self._halted:
            self._past.refresh(self._judging.rules.fingerprint())
        self._known.let_go([path for path in self._keeping.gone() if self._walk.excludes(path)])
        self._take(listing, list(self._known.files))

    def _can_be_asked(self) -> None:
        self._telling.state = "cancelled" if self._halted else "lexical"  # more may follow

    def _look_at(self, paths: set[str], everything: bool = False) -> None:
        """Look at the folders in which something changed, for only a list tells what there is and how it is written."""
        self._real = Path(os.path.realpath(self.root))  # a link may lead elsewhere by now
        inside = {path for each in paths if (path := self.relative(each)) is not None}
        rules_changed = any(decides(path, self.root) for path in inside)
        if (self._keeping.role == "follower" or self._halted) and not everything:
            if rules_changed:  # the one who writes need not have noticed yet
                self._left_out(self._judging.leave_out())
            return
        if everything or rules_changed or self._telling.state == "failed" or not self.root.is_dir():
            self._look_everywhere(inside)
            return
        if len(inside) > MANY:  # the watch is begun anew, and then says to look everywhere
            self._watch(None)
            return
        if any(path == ".git" or path.startswith(".git/") for path in inside):
            self._past.refresh()
        asked = {path for path in inside if path.rpartition("/")[2] == "."}  # see Watcher
        inside = {path for path in inside - asked if not self._walk.ignores(path) or path in self._folders}
        asked |= {parent(path) for path in asked} & self._marked  # the mark may have gone just before
        folders = {parent(path) for path in inside | asked} & self._folders
        renewed = {path for path in inside if path in self._folders or (self.root / path).is_dir()}
        before = self._folders
        self._look_into(folders | (renewed & before))
        self._watch(renewed | (self._folders - before))

    def _watch(self, renewed: Set[str] | None, look_s: float = 0.0) -> None:
        """Watch all folders; where there is no thread for it, no change would be told of, nor that one is to be had."""
        folders = self._folders | self._marked
        if not self._watcher.watch(folders, None if renewed is None else renewed & folders, look_s):
            self._inbox.later("watch", self._watcher.retry_s, lambda: self._watch(frozenset()))

    def _left_out(self, excluded: set[str]) -> None:
        """Make sure that files which are not found any more come back once the rules allow it."""
        self._known.doubt(excluded)
        if self._keeping.role == "follower":
            self._judging.watch(excluded)
        else:
            self._look_everywhere(frozenset())

    def _look_into(self, folders: set[str]) -> None:
        found, folders, self._folders = listed_in(self._walk, folders, self._folders)
        self._marked = {each for each in self._marked if parent(each) not in folders} | found.marked
        self._take(found, lying_in(self._known.files, folders))

    def relative(self, path: str) -> str | None:
        """Return an absolute path as it is in this root, None where it is not below it."""
        return inside(path, self.root, self._real)

    def _take(self, listing: Listing, within: list[str]) -> None:
        """Make the index as what was listed; files `within` that are not listed are gone."""
        files = self._known.files
        plan = compared(listing, files, within)
        self._known.forget(plan.gone)
        if plan.skipped:
            self._known.skip(plan.skipped)
        unread = [path for path in self._resting.awake(plan.look) if path not in self._crew.under_way]
        if files and unread:
            answers, unread = looked_into(self.root, unread, files, self._keeping, self._is_wanted)
            self._known.note(answers)
        if self._halted:
            self._telling.left |= set(unread)
            unread = []
        # What may have ended the process before this one, or has ended a helper, is left to helpers.
        here = [path for path in unread if not self._careful and files.get(path, _NEW).reason != UNREAD]
        if len(here) <= AT_ONCE:
            self._known.note(read_here(self.root, here, self._resting))
            unread = [path for path in unread if path not in here]
        if unread:
            self._telling.state = "reading"
            self._crew.hand_out(unread)
        self._careful = False
        self._finished()

    def _finished(self) -> None:
        """Say how far it is now, where no file is being read any more."""
        if self._crew.busy:
            return
        self._reread()
        self.view.renew()
        self.view.warm()
        memory.settle()
        if self._halted:  # whatever another process does
            self._telling.state = "cancelled"
            return
        if self._keeping.role == "follower":
            self._telling.state = self._keeping.phase or "reading"
            return
        self._making.want(self._known.files)
        self._say_how_far()

    def _reread(self) -> None:
        if not self.view.reread():
            self._inbox.later("manifests", REREAD_S, self._reread)

    def _say_how_far(self) -> None:
        if self._keeping.role == "follower" or self._halted or self._crew.busy or self._telling.state == "failed":
            return
        past = self._past.is_done and self._past_taken
        state: IndexState = "ready" if self._making.is_done and past else "lexical"
        if state != self._telling.state:
            self._telling.state = state
            self._keeping.keep({"phase": state.encode()})

    def _follow(self) -> None:
        """Take in what another process wrote; or take its place, where it is gone."""
        if not self._halted and self._keeping.take_over():
            self._careful = True
            self._look_everywhere()
            return
        if self._known.hear(self._judging.allowed_again(self._known.files.keys())):
            self._finished()
