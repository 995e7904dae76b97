"""Reading commits: what is read of them, where nothing can be read, and that a hostile repository executes nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
import tracemalloc
from pathlib import Path

import pytest

from fakes import indexing
from fakes.repository import Repository
from optafly.context.history import History, boundary, follow, read_history, read_hunks, words_of
from optafly.context.history.git import start
from optafly.context.history.read import MOST_PATHS


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "work")


def test_commits_come_oldest_first_with_their_words_and_paths(repository: Repository) -> None:
    first = repository.commit("Add the parser", {"parser.py": "a", "doc/parser.md": "b"})
    second = repository.commit("Cache parsed files\n\nSigned-off-by: A <a@b.c>", {"parser.py": "c", "cache.py": "d"})

    commits = list(read_history(repository.root, limit=10))

    assert [c.sha for c in commits] == [first, second]
    assert commits[0].paths == ("doc/parser.md", "parser.py")
    assert commits[1].words == ("cach", "pars", "fil")
    assert commits[1].time_s - commits[0].time_s == 86_400


def test_the_limit_keeps_the_newest_commits(repository: Repository) -> None:
    shas = [repository.commit(f"Number {n}", {"a.py": str(n)}) for n in range(5)]

    assert [c.sha for c in read_history(repository.root, limit=2)] == shas[3:]


def test_since_and_until_cut_a_part_out(repository: Repository) -> None:
    shas = [repository.commit(f"Number {n}", {"a.py": str(n)}) for n in range(5)]

    assert [c.sha for c in read_history(repository.root, limit=9, since=shas[1], until=shas[3])] == shas[2:4]


def test_a_merge_is_left_out_and_what_it_merges_is_not(repository: Repository) -> None:
    repository.commit("Begin", {"a.py": "1"})
    repository.git("checkout", "--quiet", "-b", "side")
    side = repository.commit("Side", {"side.py": "1"})
    repository.git("checkout", "--quiet", "main")
    repository.commit("Main", {"b.py": "1"})
    repository.git("merge", "--quiet", "--no-ff", "--message", "Merge the side branch", "side")

    commits = list(read_history(repository.root, limit=10))

    assert len(commits) == 3
    assert side in {c.sha for c in commits}


def test_paths_with_quotes_newlines_and_other_scripts_are_read_as_they_are(repository: Repository) -> None:
    names = ('a "quoted".py', "two\nlines.py", "höhe/文件.py", "\x01tab\t.py", ":colon M.py")
    repository.commit("Odd names", dict.fromkeys(names, "x"))

    (commit,) = read_history(repository.root, limit=10)

    assert set(commit.paths) == set(names)


def test_a_path_that_is_not_unicode_is_left_out(repository: Repository) -> None:
    repository.commit("Begin", {"a.py": "1"})
    blob = repository.git("rev-parse", "HEAD:a.py").strip()
    subprocess.run(
        ["git", "update-index", "--add", "-z", "--index-info"],
        cwd=repository.root,
        input=b"100644 " + blob.encode() + b"\tcaf\xe9.py\0",
        check=True,
    )
    repository.git("commit", "--quiet", "--message", "Add a name in an old encoding")

    commits = list(read_history(repository.root, limit=10))

    assert [c.paths for c in commits] == [("a.py",), ()]


def test_a_deleted_file_is_in_no_paths(repository: Repository) -> None:
    repository.commit("Begin", {"a.py": "1", "b.py": "2"})
    repository.commit("Drop b", {"a.py": "3", "b.py": None})

    assert [c.paths for c in read_history(repository.root, limit=10)][1] == ("a.py",)


def test_a_file_that_goes_and_comes_elsewhere_in_one_commit_has_moved(repository: Repository) -> None:
    repository.commit("Begin", {"old/same.py": "1", "old/edited.py": "2", "old/other.py": "3"})
    repository.commit(
        "Move",
        {
            "old/same.py": None,
            "new/renamed.py": "1",
            "old/edited.py": None,
            "new/edited.py": "22",
            "old/other.py": None,
            "new/another.py": "4",
        },
    )

    commit = list(read_history(repository.root, limit=10))[1]

    assert commit.moves == (("old/edited.py", "new/edited.py"), ("old/same.py", "new/renamed.py"))


def test_a_commit_of_very_many_files_keeps_its_size_and_no_paths(repository: Repository) -> None:
    repository.commit("Format all", {f"f{n}.py": "x" for n in range(MOST_PATHS + 1)})

    (commit,) = read_history(repository.root, limit=10)

    assert (commit.size, commit.paths) == (MOST_PATHS + 1, ())


def test_a_bare_repository_is_read(repository: Repository, tmp_path: Path) -> None:
    sha = repository.commit("Begin", {"a.py": "1"})
    repository.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare"))

    assert [c.sha for c in read_history(tmp_path / "bare", limit=10)] == [sha]


def test_a_worktree_is_read(repository: Repository, tmp_path: Path) -> None:
    sha = repository.commit("Begin", {"a.py": "1"})
    repository.git("worktree", "add", "--quiet", str(tmp_path / "other"), "-b", "other")

    assert [c.sha for c in read_history(tmp_path / "other", limit=10)] == [sha]


def test_a_folder_in_a_checkout_has_its_own_paths_and_commits(repository: Repository) -> None:
    inside = repository.commit("Inside", {"part/a.py": "1", "b.py": "1"})
    repository.commit("Outside", {"b.py": "2"})

    (commit,) = read_history(repository.root / "part", limit=10)

    assert (commit.sha, commit.paths) == (inside, ("a.py",))


def test_a_submodule_is_no_file(repository: Repository) -> None:
    sha = repository.commit("Begin", {"a.py": "1"})
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{sha},vendored")
    repository.git("commit", "--quiet", "--message", "Add a submodule")

    assert [c.paths for c in read_history(repository.root, limit=10)] == [("a.py",), ()]


def test_a_shallow_clone_is_read_as_far_as_it_goes(repository: Repository, tmp_path: Path) -> None:
    repository.commit("Begin", {"a.py": "1"})
    sha = repository.commit("Go on", {"b.py": "1"})
    repository.git("clone", "--quiet", "--depth=1", f"file://{repository.root}", str(tmp_path / "shallow"))

    assert [c.sha for c in read_history(tmp_path / "shallow", limit=10)] == [sha]


def test_how_far_back_a_clone_goes_is_another_where_more_was_fetched(repository: Repository, tmp_path: Path) -> None:
    for number in range(3):
        repository.commit(f"Number {number}", {"a.py": str(number)})
    clone = tmp_path / "shallow"
    repository.git("clone", "--quiet", "--depth=1", f"file://{repository.root}", str(clone))
    shallow = boundary(clone)
    repository.git("-C", str(clone), "fetch", "--quiet", "--deepen=1")

    assert len({shallow, boundary(clone), boundary(repository.root)}) == 3
    assert boundary(repository.root) == b""


def test_what_lies_where_a_clone_says_how_far_back_it_goes_is_not_waited_for(repository: Repository) -> None:
    repository.commit("Begin", {"a.py": "1"})
    shallow = repository.root / ".git" / "shallow"
    os.mkfifo(shallow)
    assert boundary(repository.root) == b""
    shallow.unlink()
    (shallow.parent / "elsewhere").write_text("0" * 40 + "\n")
    shallow.symlink_to("elsewhere")
    assert boundary(repository.root) == b""


def test_of_an_enormous_file_that_says_how_far_back_a_clone_goes_only_the_beginning_is_read(
    repository: Repository,
) -> None:
    repository.commit("Begin", {"a.py": "1"})
    with (repository.root / ".git" / "shallow").open("wb") as file:
        file.truncate(100 * 2**20)
    tracemalloc.start()
    try:
        assert boundary(repository.root)
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()


def test_without_a_commit_the_history_is_empty_and_says_why(repository: Repository) -> None:
    log = read_history(repository.root, limit=10)

    assert list(log) == []
    assert log.reason == "the repository has no commits yet"


def test_without_a_repository_the_history_is_empty_and_says_why(tmp_path: Path) -> None:
    log = read_history(tmp_path, limit=10)

    assert list(log) == []
    assert log.reason == "the folder is not in a git repository"


def test_without_the_folder_the_history_is_empty_and_says_why(tmp_path: Path) -> None:
    log = read_history(tmp_path / "nowhere", limit=10)

    assert (list(log), log.reason) == ([], "the folder is not in a git repository")


def test_without_git_the_history_is_empty_and_says_why(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    log = read_history(repository.root, limit=10)

    assert list(log) == []
    assert log.reason.startswith("git cannot be started")


@pytest.mark.parametrize("name", ["no-such-branch", "--output=x", "0" * 40, ""])
def test_a_name_of_no_commit_is_said_to_be_none(repository: Repository, name: str) -> None:
    repository.commit("Begin", {"a.py": "1"})

    for log in (
        read_history(repository.root, limit=10, until=name),
        read_history(repository.root, limit=9, since=name),
    ):
        assert list(log) == []
        assert log.reason


def test_a_damaged_repository_ends_the_reading_with_a_reason(repository: Repository) -> None:
    repository.commit("Begin", {"a.py": "1"})
    repository.commit("Go on", {"a.py": "2"})
    tree = repository.git("rev-parse", "HEAD~:").strip()
    (repository.root / ".git/objects" / tree[:2] / tree[2:]).unlink()

    log = read_history(repository.root, limit=10)
    list(log)

    assert log.reason == "git could not read all commits"


def test_a_repository_that_git_does_not_read_is_told_from_none(repository: Repository) -> None:
    (repository.root / ".git" / "HEAD").write_text("damaged")

    assert read_reason(repository.root) == "git does not read the repository, `git status` says why"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_a_repository_of_somebody_else_is_read_where_the_person_says_so(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit("Begin", {"a.py": "1"})
    for folder, _, _ in os.walk(repository.root):
        os.chown(folder, 1234, 1234)
    assert "`git status` says why" in read_reason(repository.root)
    settings = tmp_path / "settings"
    settings.write_text(f"[safe]\ndirectory = {repository.root}\n")

    for where in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        monkeypatch.delenv("GIT_CONFIG_NOSYSTEM", raising=False)
        monkeypatch.setenv(where, str(settings))
        assert read_reason(repository.root) == ""


def test_what_orders_a_diff_and_is_not_there_hinders_nothing(repository: Repository) -> None:
    repository.commit("Begin", {"a.py": "1"})
    repository.git("config", "diff.orderFile", "nowhere")

    assert read_reason(repository.root) == ""


def test_a_repository_with_longer_ids_is_read_and_followed(tmp_path: Path) -> None:
    repository = Repository(tmp_path, "--object-format=sha256")
    repository.commit("Begin", {"a.py": "1"})
    history = History()
    follow(history, tmp_path)
    head = repository.commit("Go on", {"a.py": "2"})

    history = History.decode(history.encode())

    assert follow(history, tmp_path) == ""
    assert (len(head), history.head, history.changes("a.py")) == (64, head, 2)


def read_reason(root: Path) -> str:
    """Return why not all of a history is read."""
    log = read_history(root, limit=10)
    list(log)
    return log.reason


def test_a_git_that_hangs_is_ended_with_what_it_started(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit("Begin", {"a.py": "1"})
    real, slow, child = shutil.which("git"), tmp_path / "bin" / "git", tmp_path / "child"
    slow.parent.mkdir()
    slow.write_text(
        f'#!/bin/sh\ncase "$*" in *" log "*) sleep 600 & echo $! > {child}; wait;; *) exec {real} "$@";; esac\n'
    )
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}{os.pathsep}{os.environ['PATH']}")
    run = threading.Timer.run

    def once_it_hangs(timer: threading.Timer) -> None:
        indexing.until(lambda: child.exists() and child.read_text().endswith("\n"))
        run(timer)

    monkeypatch.setattr(threading.Timer, "run", once_it_hangs)

    log = read_history(repository.root, limit=10, timeout_s=1)

    assert list(log) == []
    assert log.reason == "git took longer than 1 s"
    assert _ends(int(child.read_text()))


def _ends(process: int) -> bool:
    """Tell whether a process ends within seconds: what was killed may run a moment longer."""
    status, latest = Path(f"/proc/{process}/stat"), time.monotonic() + 10
    while time.monotonic() < latest:
        try:
            if status.read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.01)
    return False


def test_a_git_that_no_thread_could_end_in_time_is_ended_at_once(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit("Begin", {"a.py": "1"})
    started: list[subprocess.Popen[bytes]] = []

    def noted(root: Path, *arguments: str) -> subprocess.Popen[bytes]:
        started.append(start(root, *arguments))
        return started[-1]

    def none_left(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("optafly.context.history.read.start", noted)
    monkeypatch.setattr(threading.Thread, "start", none_left)

    assert read_reason(repository.root) == "the system has no thread left to read the history with"
    assert [process.returncode is None for process in started] == [False]


def test_the_variables_of_an_outer_git_do_not_lead_elsewhere(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha = repository.commit("Begin", {"a.py": "1"})
    Repository(tmp_path / "other").commit("Elsewhere", {"b.py": "1"})
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))

    assert [c.sha for c in read_history(repository.root, limit=10)] == [sha]


def test_an_endless_message_and_an_impossible_time_cost_the_rest_nothing(
    repository: Repository, tmp_path: Path
) -> None:
    repository.commit("Begin", {"a.py": "1"})
    tree, time = repository.git("rev-parse", "HEAD^{tree}").strip(), "A <a@b.c> 99999999999999999999 +0000"
    message = tmp_path / "message"
    message.write_text(f"tree {tree}\nauthor {time}\ncommitter {time}\n\nEndless\n" + "x" * 5_000_000, encoding="utf-8")
    sha = repository.git("hash-object", "-t", "commit", "-w", "--literally", str(message)).strip()
    repository.git("update-ref", "HEAD", sha)
    after = repository.git("commit-tree", tree, "-p", sha, "-m", "After").strip()
    repository.git("update-ref", "HEAD", after)
    history = History()

    assert follow(history, repository.root) == ""
    assert len(history) == 2
    assert History.decode(history.encode()).head == history.head


def test_nothing_that_a_hostile_repository_names_is_executed(repository: Repository, tmp_path: Path) -> None:
    sha = repository.commit("Begin", {"a.py": "1"})
    repository.commit("Go on", {"a.py": "2", ".gitattributes": "* diff=evil filter=evil textconv=evil\n"})
    mark = tmp_path / "executed"
    trap = tmp_path / "trap"
    trap.write_text(f'#!/bin/sh\necho "$0 $@" >> {mark}\n')
    trap.chmod(0o755)
    hooks = repository.root / "hooks"
    hooks.mkdir()
    for hook in ("post-index-change", "reference-transaction", "post-checkout", "pre-auto-gc", "fsmonitor-watchman"):
        shutil.copy(trap, hooks / hook)
    for name in (
        "core.fsmonitor", "core.pager", "core.sshCommand", "core.askPass", "core.editor", "core.gitProxy",
        "core.alternateRefsCommand", "diff.external", "diff.evil.command", "diff.evil.textconv", "filter.evil.clean",
        "filter.evil.smudge", "filter.evil.process", "gpg.program", "gpg.ssh.program", "pager.log", "pager.rev-parse",
        "credential.helper", "interactive.diffFilter", "remote.origin.uploadpack", "trace2.eventTarget",
        "uploadpack.packObjectsHook",
    ):  # fmt: skip
        repository.git("config", name, str(trap))
    for name, value in {
        "alias.log": f"!{trap}",
        "alias.rev-parse": f"!{trap}",
        "core.hooksPath": str(hooks),
        "log.showSignature": "true",
        "log.diffMerges": "on",
        "diff.renames": "copies",
        "core.repositoryformatversion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::{trap}",
        "protocol.ext.allow": "always",
        "fetch.fsckObjects": "false",
    }.items():
        repository.git("config", name, value)
    signed = subprocess.run(
        ["git", "cat-file", "commit", sha], cwd=repository.root, capture_output=True, check=True
    ).stdout.replace(b"\n\n", b"\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n", 1)
    forged = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin"],
        cwd=repository.root, input=signed, capture_output=True, check=True,
    ).stdout.decode().strip()  # fmt: skip
    tree = repository.git("rev-parse", "HEAD:").strip()
    (repository.root / ".git/objects" / tree[:2] / tree[2:]).unlink()  # a partial clone would fetch it
    repository_is_hostile(repository, forged, mark)

    for until in ("HEAD", forged):
        shas = [commit.sha for commit in read_history(repository.root, limit=10, until=until)]
        assert set(read_hunks(repository.root, shas)) == set(shas)

    assert not mark.exists(), mark.read_text()


@pytest.mark.parametrize("setting", ["core.attributesFile", "diff.orderFile"])
def test_a_file_without_an_end_that_a_hostile_repository_names_is_not_read(
    repository: Repository, setting: str
) -> None:
    sha = repository.commit("Begin", {"d/a.py": "something = 1\n"})
    os.mkfifo(repository.root / "endless")
    repository.git("config", setting, str(repository.root / "endless"))
    repository.git("config", "log.follow", "true")

    log = read_history(repository.root / "d", limit=10, timeout_s=5)

    assert ([commit.sha for commit in log], log.reason) == ([sha], "")
    assert read_hunks(repository.root / "d", [sha], "d/", timeout_s=5)[sha]


@pytest.mark.skipif(sys.platform != "linux", reason="no other system limits the memory of a process that runs")
def test_a_git_that_a_hostile_repository_has_read_on_and_on_ends_before_it_fills_the_memory(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit("Begin", {"a.py": "1"})
    assert read_reason(repository.root) == ""
    with (repository.root / ".git/objects/info/alternates").open("wb") as file:
        file.truncate(2**30)
    monkeypatch.setattr("optafly.context.history.git._MOST_MEMORY_BYTES", 2**27)

    assert read_reason(repository.root) != ""


def repository_is_hostile(repository: Repository, commit: str, mark: Path) -> None:
    """Prove that the traps work: what anybody would type falls into them."""
    for arguments in (["log", "-p", "--ext-diff", "HEAD~"], ["log", "-1", commit], ["status"], ["show", "HEAD"]):
        mark.unlink(missing_ok=True)
        subprocess.run(["git", *arguments], cwd=repository.root, capture_output=True, timeout=30)
        assert mark.exists(), arguments
    mark.unlink()


def test_words_are_taken_apart_and_stand_without_their_endings() -> None:
    assert words_of("Fixes parseConfig() in HTTPServer (#123): caching, cached, caches") == (
        "fix",
        "pars",
        "config",
        "http",
        "serv",
        "cach",
    )


def test_words_that_say_nothing_are_left_out() -> None:
    text = (
        "Do not use the https://example.org/x one\n\nCo-authored-by: Jo <jo@example.org>\nReviewed-by: Mo\nab12cd34ef"
    )

    assert words_of(text) == ("one",)
