"""Change requests made of the commits of public repositories: the message asks, the changed source files answer."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from optafly.context.history.git import ask
from optafly.evaluation.repository import is_candidate
from optafly.evaluation.requests import Case, folder_of

COMMITS = 1_500
MOST_FILES = 25
MOST_SOURCE_FILES = 5
MOST_CHARACTERS = 1_500
LEAST_WORDS = 4

_TRAILER = re.compile(
    r"\s*(signed-off-by|co-authored-by|reviewed-by|change-id|fixes|closes|resolves|refs?|see)\b", re.I
)
_FILE = re.compile(r"\b[\w./-]*[\w-]+\.[A-Za-z]{1,5}\b(?!\()")
_NOISE = re.compile(r"https?://\S+|\(?#\d+\)?|\b[0-9a-f]{7,40}\b")
_ROUTINE = re.compile(r"(bump|release|merge|revert|version|prepare|typo|update dep|chore\(deps)", re.I)


class Commit(msgspec.Struct, frozen=True):
    """A commit as git lists it; `files` are pairs of a status letter and a path."""

    sha: str
    parent: str
    time_s: int
    author: str
    message: str
    files: tuple[tuple[str, str], ...]


def cases_of(repo: str, repos: Path, *, most: int, step: int = 1) -> list[Case]:
    """Return at most `most` cases of a repository's latest commits, every `step`-th of those that are usable."""
    usable = [case for commit in _commits(folder_of(repo, repos)) if (case := _case(repo, commit))]
    return usable[::step][:most]


def _commits(folder: Path) -> Iterator[Commit]:
    shape = "--format=%x01%H%x02%P%x02%ct%x02%an%x02%B%x03"
    log = ("log", "--no-merges", "--no-renames", shape, "--name-status", f"--max-count={COMMITS}")
    answer = ask(folder, *log, timeout_s=120)
    if answer is None:
        raise SystemExit(f"git gave no log of {folder}")
    for record in answer.split("\x01")[1:]:
        head, _, names = record.partition("\x03")
        sha, parents, time_s, author, message = head.split("\x02")
        rows = [line.split("\t") for line in names.strip().split("\n") if "\t" in line]
        files = tuple((row[0], row[-1]) for row in rows)
        if parents and " " not in parents:
            yield Commit(sha, parents, int(time_s), author, message, files)


def _case(repo: str, commit: Commit) -> Case | None:
    """Return a commit as a case where people, not routine, made it and it changes few source files that were there."""
    source = [(status, path) for status, path in commit.files if is_candidate(path)]
    changed = [path for status, path in source if status == "M"]
    request = _request(commit.message)
    title = request.partition("\n")[0]
    if (
        "bot" in commit.author.lower()
        or len(commit.files) > MOST_FILES
        or not 1 <= len(source) <= MOST_SOURCE_FILES
        or len(changed) * 2 < len(source)
        or not changed
        or len(title.split()) < LEAST_WORDS
        or _ROUTINE.match(title)
    ):
        return None
    active = random.Random(commit.sha).choice(changed) if len(changed) > 1 else None
    return Case(
        id=f"{repo.partition('/')[2]}-{commit.sha[:10]}",
        repo=repo,
        parent_sha=commit.parent,
        query=request,
        time=commit.time_s,
        active_file=active,
        gold_files=tuple(changed),
    )


def _request(message: str) -> str:
    """Return a message without what names the files, other requests or people."""
    lines = [line for line in message.split("\n") if not _TRAILER.match(line)]
    text = _NOISE.sub("", _FILE.sub("", "\n".join(lines)))
    return re.sub(r"[ \t]+", " ", text).strip()[:MOST_CHARACTERS]
