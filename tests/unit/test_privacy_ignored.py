"""What git ignores, and what usually holds secrets, is never read into a prompt."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

from fakes.ignoring import PLAIN, paths_of, patterns_of
from optafly.privacy.folders import FolderRules
from optafly.privacy.ignored import IgnoreRules, secret_folder
from optafly.privacy.patterns import steady
from optafly.privacy.personal import excludes_file


def write(root: Path, files: dict[str, str]) -> None:
    """Write files below `root`."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def git(
    root: Path, *arguments: str, given: str | None = None, home: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run git with no settings but its own defaults, and those of the person at `home`."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home or root),
        "GIT_CONFIG_NOSYSTEM": "1",
        "LC_ALL": "C.UTF-8",
    }
    return subprocess.run(
        ["git", "-C", str(root), *arguments], input=given, capture_output=True, text=True, env=environment, check=False
    )


@pytest.mark.parametrize(
    "name",
    [
        ".env",
        ".env.local",
        "production.env",
        ".envrc",
        "server.pem",
        "tls/private.key",
        "id_rsa",
        "id_ed25519",
        ".npmrc",
        ".pypirc",
        ".netrc",
        "_netrc",
        ".pgpass",
        ".git-credentials",
        "credentials",
        "credentials.json",
        "service-account-prod.json",
        "client_secret_42.json",
        "secrets.yaml",
        "terraform.tfvars",
        "terraform.tfstate.backup",
        "config/master.key",
        "keystore.jks",
        ".ssh/config",
        ".aws/config",
        ".kube/config",
        "ID_RSA",
        "Server.PEM",
    ],
)
def test_a_usual_secret_file_is_never_read(tmp_path: Path, name: str) -> None:
    rules = IgnoreRules([tmp_path])
    write(tmp_path, {name: "x"})
    assert rules.excludes(tmp_path / name) is not None
    assert IgnoreRules([]).excludes(tmp_path / name, opened=True) is not None


@pytest.mark.parametrize(
    "name",
    [
        ".env.example",
        ".env.sample",
        "environment.py",
        "id_rsa.pub",
        "keys.py",
        "credentials.py",
        "test_secrets.py",
        "secrets.md",
        "keyboard.ts",
        "src/key/main.go",
        ".github/workflows/ci.yml",
        "package.json",
        "docs/env.md",
    ],
)
def test_a_file_that_only_speaks_of_secrets_is_read(tmp_path: Path, name: str) -> None:
    write(tmp_path, {name: "x"})
    assert IgnoreRules([tmp_path]).excludes(tmp_path / name) is None


def test_ignore_files_hold_at_every_level_and_the_deeper_one_wins(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".git/info/exclude": "scratch/\n",
            ".gitignore": "*.log\n/build/\n",
            "app/.gitignore": "!keep.log\ngenerated/*\n!generated/api.py\n",
            "app/keep.log": "",
        },
    )
    rules = IgnoreRules([tmp_path])
    assert rules.excludes(tmp_path / "trace.log") == "it is ignored by `.gitignore`"
    assert rules.excludes(tmp_path / "app/keep.log") is None
    assert rules.excludes(tmp_path / "app/generated/models.py") == "it is ignored by `app/.gitignore`"
    assert rules.excludes(tmp_path / "app/generated/api.py") is None
    assert rules.excludes(tmp_path / "app/build/x.py") is None
    assert rules.excludes(tmp_path / "build/deep/x.py") is not None
    assert rules.excludes(tmp_path / "app/scratch/x.py") == "it is ignored by `.git/info/exclude`"


def test_the_rules_above_a_workspace_folder_in_the_same_repository_hold(tmp_path: Path) -> None:
    write(tmp_path, {".git/HEAD": "ref: refs/heads/main\n", ".gitignore": "dist/\n"})
    assert IgnoreRules([tmp_path / "web"]).excludes(tmp_path / "web/dist/app.js") is not None


def test_optaflyignore_adds_and_never_brings_back_what_git_ignores(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "*.log\n", ".optaflyignore": "legal/\n!*.log\n", "src/.optaflyignore": "*.csv\n"})
    rules = IgnoreRules([tmp_path])
    assert rules.excludes(tmp_path / "legal/contract.md") == "it is ignored by `.optaflyignore`"
    assert rules.excludes(tmp_path / "src/people.csv") == "it is ignored by `src/.optaflyignore`"
    assert rules.excludes(tmp_path / "trace.log") is not None
    assert rules.excludes(tmp_path / "people.csv") is None


def test_the_setting_adds_patterns_in_every_folder(tmp_path: Path) -> None:
    rules = IgnoreRules([tmp_path / "a", tmp_path / "b"], ["*.sql", "/private/"])
    assert rules.excludes(tmp_path / "a/dump.sql") == "it is ignored by the setting `privacy.ignore`"
    assert rules.excludes(tmp_path / "b/private/x.py") is not None
    assert rules.excludes(tmp_path / "b/x.py") is None


def test_a_changed_ignore_file_holds_at_once(tmp_path: Path) -> None:
    rules = IgnoreRules([tmp_path])
    assert rules.excludes(tmp_path / "notes.txt") is None
    write(tmp_path, {".gitignore": "notes.txt\n"})
    assert rules.excludes(tmp_path / "notes.txt") is not None
    (tmp_path / ".gitignore").unlink()
    assert rules.excludes(tmp_path / "notes.txt") is None


def test_a_file_outside_every_folder_is_read_only_where_it_is_open(tmp_path: Path) -> None:
    rules = IgnoreRules([tmp_path / "project"])
    assert rules.excludes(tmp_path / "elsewhere.py", opened=True) is None
    assert rules.excludes(tmp_path / "elsewhere.py", opened=False) == "it lies outside every workspace folder"
    assert rules.excludes(tmp_path / "project/../elsewhere.py", opened=False) is not None


@pytest.mark.parametrize(
    "path",
    [
        *(".env::$DATA", ".env.", "ID_RSA ", ".SSH/config", ".Aws/sso.txt", ".ssh./config", ".ssh . /config"),
        *(".ssh::$INDEX_ALLOCATION/config", ".ssh:$I30:$INDEX_ALLOCATION/config", ".gnupg.::$INDEX_ALLOCATION/a"),
        *(
            ".\N{LATIN SMALL LETTER LONG S}sh/config",
            ".s\N{ZERO WIDTH NON-JOINER}sh/config",
            ".e\N{ZERO WIDTH JOINER}nv",
        ),
    ],
)
def test_a_secret_is_one_by_every_name_that_windows_or_macos_opens_it_by(tmp_path: Path, path: str) -> None:
    reason = IgnoreRules([tmp_path]).excludes(tmp_path / path)
    assert reason is not None
    assert "a usual place for secrets" in reason
    folder, _, name = path.rpartition("/")
    rules = FolderRules.of(IgnoreRules([tmp_path]), tmp_path)
    assert rules.excludes(folder or name, is_folder=bool(folder)) == reason


@pytest.mark.parametrize(
    "name",
    ["prod:staging.env", "example.com:443.pem", "a:terraform.tfvars", "a:id_rsa", "x:.env", "a:.env:b", "a:b.env ."],
)
def test_a_secret_is_one_where_a_colon_is_a_letter_like_others(tmp_path: Path, name: str) -> None:
    assert IgnoreRules([tmp_path]).excludes(tmp_path / name) == "it is a usual place for secrets"


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        *((each, ".ssh") for each in (".ssh", ".SSH", ".ssh.", ".ssh. .", ".ssh::$INDEX_ALLOCATION", ".Ssh ::$DATA")),
        *((each, None) for each in ("ssh", "..ssh", ".ssh.d", ".sshd", ".", "..", "", " ", ":", "::$INDEX_ALLOCATION")),
    ],
)
def test_a_folder_of_secrets_is_known_by_every_name(name: str, folder: str | None) -> None:
    assert secret_folder(name) == folder


@pytest.mark.parametrize("name", ["notes: keys.md", "a:.env.example", "12:30.txt", ":"])
def test_a_colon_alone_makes_no_secret(tmp_path: Path, name: str) -> None:
    assert IgnoreRules([tmp_path]).excludes(tmp_path / name) is None


def test_a_link_cannot_lead_out_of_the_workspace_or_to_a_secret(tmp_path: Path) -> None:
    project = tmp_path / "project"
    write(tmp_path, {"outside.py": "x", "project/.env": "A=1", "project/main.py": "x", "project/.gitignore": "out/\n"})
    write(project, {"out/made.py": "x"})
    (project / "escape.py").symlink_to(tmp_path / "outside.py")
    (project / "harmless.txt").symlink_to(project / ".env")
    (project / "made.py").symlink_to(project / "out/made.py")
    (project / "alias.py").symlink_to(project / "main.py")
    (project / "up").symlink_to(tmp_path)
    rules = IgnoreRules([project])
    assert rules.excludes(project / "escape.py") == "it is a link that leads out of the workspace"
    assert rules.excludes(project / "up/outside.py") is not None
    assert rules.excludes(project / "harmless.txt") == "it is a usual place for secrets"
    assert rules.excludes(project / "made.py") is not None
    assert rules.excludes(project / "alias.py") is None


def test_a_workspace_reached_through_a_link_is_a_workspace(tmp_path: Path) -> None:
    write(tmp_path, {"real/main.py": "x", "real/.gitignore": "*.log\n"})
    (tmp_path / "link").symlink_to(tmp_path / "real")
    rules = IgnoreRules([tmp_path / "link"])
    assert rules.excludes(tmp_path / "link/main.py") is None
    assert rules.excludes(tmp_path / "link/a.log") is not None


def test_an_ignore_file_that_cannot_be_understood_excludes_nothing(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_bytes(b"\xff\xfe\n[z-a]\n!\n//\n*.log\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/.gitignore").mkdir()
    rules = IgnoreRules([tmp_path])
    assert rules.excludes(tmp_path / "main.py") is None
    assert rules.excludes(tmp_path / "sub/main.py") is None
    assert rules.excludes(tmp_path / "a.log") is not None


# git counts bytes where we count characters, so `?` is not tried on a lone "é".
PATHS = paths_of(*PLAIN)
PATTERNS = patterns_of(*PLAIN)
IGNORE_FILES = st.dictionaries(st.one_of(st.just(""), PATHS), st.lists(PATTERNS, max_size=5).map("\n".join), max_size=3)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    paths=st.lists(PATHS, min_size=1, max_size=8),
    ignores=IGNORE_FILES,
    exclude=st.lists(PATTERNS, max_size=2),
    personal=st.lists(PATTERNS, max_size=2),
    said=st.sampled_from(["", "[core]\n\texcludesFile = ~/mine", "[include]\npath = more"]),
)
def test_git_itself_agrees(
    tmp_path_factory: pytest.TempPathFactory,
    paths: list[str],
    ignores: dict[str, str],
    exclude: list[str],
    personal: list[str],
    said: str,
) -> None:
    home = tmp_path_factory.mktemp("person")
    root = tmp_path_factory.mktemp("tree")
    write(home, {".gitconfig": said, "more": "[core]\nexcludesfile = mine", ".config/git/ignore": "*.log\n"})
    write(home, {"mine": "\n".join(personal)})
    assert git(root, "init", "--quiet").returncode == 0
    (root / ".git/info/exclude").write_text("\n".join(exclude), encoding="utf-8")
    for name in paths:
        try:
            write(root, {name: "x"})
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            continue  # "a" and "a/b" cannot both be files
    for folder, text in ignores.items():
        if (root / folder).is_dir():
            write(root / folder, {".gitignore": text})
    files = sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file() and ".git" not in p.parts)
    with pytest.MonkeyPatch.context() as patch:
        at_home(patch, home)
        if said.startswith("[include]"):
            write(home, {"more": f"[core]\nexcludesfile = {home}/mine"})
        answer = git(
            root, "-c", "core.quotePath=false", "check-ignore", "-z", "--stdin", given="\0".join(files), home=home
        )
        assert answer.returncode in (0, 1), answer.stderr
        ours = [name for name in files if IgnoreRules([root]).excludes(root / name)]
    assert sorted(ours) == sorted(name for name in answer.stdout.split("\0") if name)


def at_home(patch: pytest.MonkeyPatch, home: Path) -> None:
    """Let `home` be the person's, with nothing else that git takes settings from."""
    for name in ("GIT_CONFIG_GLOBAL", "XDG_CONFIG_HOME"):
        patch.delenv(name, raising=False)
    patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    patch.setenv("HOME", str(home))


def test_what_a_person_ignores_everywhere_is_ignored_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_home(monkeypatch, tmp_path / "home")
    write(tmp_path, {"home/.config/git/ignore": "*.swp\nnotes/\n", "work/.gitignore": "!kept.swp\n"})
    rules = IgnoreRules([tmp_path / "work"])
    assert rules.excludes(tmp_path / "work/a.swp") == "it is ignored by `~/.config/git/ignore`"
    assert rules.excludes(tmp_path / "work/notes/x.md") is not None
    assert rules.excludes(tmp_path / "work/kept.swp") is None
    write(
        tmp_path, {"home/.gitconfig": '[core]\n\texcludesfile = "~/my patterns" ; mine\n', "home/my patterns": "*.md"}
    )
    assert rules.excludes(tmp_path / "work/a.swp") is None
    assert rules.excludes(tmp_path / "work/a.md") == "it is ignored by `~/my patterns`"


def test_a_repository_may_name_patterns_that_lie_in_it_and_nothing_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_home(monkeypatch, tmp_path / "home")
    write(tmp_path, {"home/.config/git/ignore": "*.swp\n", "home/letters": "*.py\n", "work/own": "*.csv\n"})
    rules = IgnoreRules([tmp_path / "work"])
    for outside in ("../home/letters", str(tmp_path / "home/letters"), "~/letters", "link", "/dev/zero", "~root/x"):
        (tmp_path / "work/link").unlink(missing_ok=True)
        (tmp_path / "work/link").symlink_to(tmp_path / "home/letters")
        write(tmp_path, {"work/.git/config": f"[core]\nexcludesFile = {outside}\n[include]\npath = ~/letters\n"})
        assert rules.excludes(tmp_path / "work/a.py") is None
        assert rules.excludes(tmp_path / "work/a.swp") is not None
    write(tmp_path, {"work/.git/config": "[core]\nexcludesFile = own\n"})
    assert rules.excludes(tmp_path / "work/a.csv") is not None


def test_a_name_with_a_nul_in_a_configuration_names_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_home(monkeypatch, tmp_path / "home")
    damaged = "[core]\nexcludesfile = a\0b\n[include]\npath = c\0d\n"
    write(tmp_path, {"home/.gitconfig": damaged, "home/.config/git/ignore": "*.swp\n", "work/.git/config": damaged})
    rules = IgnoreRules([tmp_path / "work"])
    assert rules.excludes(tmp_path / "work/a.py") is None
    assert rules.excludes(tmp_path / "work/a.swp") is not None


@pytest.mark.skipif(os.name == "nt", reason="names of files are text there")
def test_rules_whose_files_have_names_that_are_no_text_can_be_told_apart(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"m\xe9")
    write(folder, {".gitignore": "*.log\n", "a.log": ""})
    rules = IgnoreRules([folder])
    before = rules.fingerprint()
    assert rules.excludes(folder / "a.log") is not None
    assert rules.fingerprint() != before


@pytest.mark.parametrize(
    "text",
    [
        "[core]\nexcludesFile=/a/b",
        "[core] excludesfile = /a/b # why",
        '[CORE]\n  ExcludesFile = "/a b"/c\\td ; x\n',
        '[core "sub"]\nexcludesfile = /no\n[core]\nexcludesfile = /a\nexcludesfile = /b\n',
        "[core]\nexcludesfile = /a/\\\nb\n",
        '[core]\nexcludesfile = "/a # b"  \n[user]\nname = x',
        "[other]\nexcludesfile = /no\n",
        "[core]\nexcludesfile =\n",
        "[core]\n; excludesfile = /no\n",
        "\ufeff[core]\nexcludesfile = /a",
    ],
)
def test_a_configuration_is_read_as_git_reads_it(tmp_path: Path, text: str) -> None:
    write(tmp_path, {".gitconfig": text})
    told = git(tmp_path, "config", "--file", str(tmp_path / ".gitconfig"), "--get", "core.excludesFile")
    expected = tmp_path / ".config/git/ignore" if told.returncode else Path(told.stdout.rstrip("\n") or "none")
    found = excludes_file(tmp_path, None, {"HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1"})
    assert (found or Path("none")) == expected


@pytest.mark.timeout(20)  # no figure: each of these would take longer than anybody lives
@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("*" + "a*" * 12 + "b", "a" * 255),
        ("*" + "[!c]*" * 12 + "b", "a" * 255),
        ("a/" + "**/a/" * 12 + "b", "a/" * 1_000 + "c"),
        ("**/" + "a/**/" * 12 + "b", "a/" * 1_000 + "c"),
    ],
)
def test_no_pattern_of_a_hostile_project_holds_everything_up(tmp_path: Path, pattern: str, name: str) -> None:
    write(tmp_path, {".gitignore": f"{pattern}\n*.log\n"})
    rules = IgnoreRules([tmp_path])
    assert rules.excludes(tmp_path / "x.log")
    source, _ = GitIgnoreSpecPattern.pattern_to_regex(pattern)
    assert source is not None
    assert re.search(steady(source), name) is None


_PARTS = st.sampled_from(["a", "b", "*", "**", "/", "?", "[ab]", "/**/", "\\*"])


@given(
    st.lists(_PARTS, min_size=1, max_size=8).map("".join), st.from_regex(r"([ab]{1,4}/){0,5}[ab]{1,4}", fullmatch=True)
)
def test_a_steady_pattern_says_what_it_said_before(pattern: str, name: str) -> None:
    source, _ = GitIgnoreSpecPattern.pattern_to_regex(pattern)
    for text in (name, f"{name}/") if source is not None else ():
        before, after = (re.search(each, text) for each in (str(source), steady(str(source))))
        assert _ends(before, text) == _ends(after, text)


def _ends(found: re.Match[str] | None, text: str) -> bool:
    """Say whether the whole text was matched, as the rules ask it: with the slash behind a folder, or without any."""
    if found is None:
        return False
    folder = found.end("ps_d") if "ps_d" in found.re.groupindex else -1
    return folder in (-1, len(text))
