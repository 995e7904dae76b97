"""Patterns that are looked up say what each would say as a regular expression, in any number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pathspec.patterns.gitignore.base import GitIgnorePatternError
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

from optafly.privacy.ignored import IgnoreRules
from optafly.privacy.patterns import Patterns

_PIECES = st.sampled_from(["a", "b", "ab", ".a", "a.b", "*", "**", "/", "?", "[ab]", "!", "#", "\\", " ", "née"])
_LINES = st.lists(_PIECES, max_size=5).map("".join)
_NAMES = st.from_regex(r"(\.?(a|b|ab|a\.b|née|!a|\#a|c)/){0,3}\.?(a|b|ab|a\.b|née|!a|\#a|c)", fullmatch=True)


@settings(max_examples=500)
@given(lines=st.lists(_LINES, max_size=6), name=_NAMES, is_folder=st.booleans())
def test_the_last_pattern_that_matches_decides_as_if_each_were_tried(
    lines: list[str], name: str, is_folder: bool
) -> None:
    assert Patterns(lines, folds=False).decide(name, is_folder=is_folder) == one_by_one(lines, name, is_folder)


def one_by_one(lines: Sequence[str], name: str, is_folder: bool) -> bool | None:
    """Try every pattern, the last one first."""
    for line in reversed(lines):
        try:
            source, include = GitIgnoreSpecPattern.pattern_to_regex(line)
            pattern = re.compile(f"{source}$" if source == "(?P<ps_d>/)" else source or "(?!)")
        except (GitIgnorePatternError, re.error):
            continue
        for text in (name, f"{name}/") if is_folder else (name,):
            found = pattern.search(text)
            folder = found.end("ps_d") if found is not None and "ps_d" in pattern.groupindex else -1
            if found is not None and folder == (len(text) if text.endswith("/") else -1):
                return include
    return None


@pytest.mark.timeout(25)  # no figure: a regular expression for each would take longer than that
def test_a_project_may_have_hundreds_of_thousands_of_plain_patterns(tmp_path: Path) -> None:
    forms = ("out_{}", "/build/gen_{}/", "*.x{}", "tmp{}*", "!keep_{}")
    lines = [forms[n % 5].format(n) for n in range(300_000)]
    (tmp_path / ".gitignore").write_text("\n".join(lines))
    rules = IgnoreRules([tmp_path])
    assert rules.excludes(tmp_path / "src" / "out_299995")
    assert rules.excludes(tmp_path / "build" / "gen_299996" / "a.py")
    assert rules.excludes(tmp_path / "a.x299997")
    assert rules.excludes(tmp_path / "tmp299998.py")
    assert rules.excludes(tmp_path / "keep_299999") is None
    assert rules.excludes(tmp_path / "src" / "app.py") is None


def test_where_the_system_does_not_tell_cases_apart_patterns_do_not_either() -> None:
    lines = ["Secret.py", "*.LOG", "Build[A-B]/", "!build/Keep.log"]
    told, folded = Patterns(lines, folds=False), Patterns(lines, folds=True)
    for name, is_folder in (("secret.PY", False), ("x.log", False), ("bUILDa", True)):
        assert told.decide(name, is_folder=is_folder) is None
        assert folded.decide(name, is_folder=is_folder)
    assert folded.decide("BUILD/keep.LOG", is_folder=False) is False


def test_an_ignore_file_that_changed_within_one_tick_of_the_clock_is_read_again(tmp_path: Path) -> None:
    file, rules = tmp_path / ".gitignore", IgnoreRules([tmp_path])
    for _ in range(20):  # the same length, and mostly the same time
        file.write_text("aaa")
        assert (rules.excludes(tmp_path / "aaa"), rules.excludes(tmp_path / "bbb")) != (None, None)
        file.write_text("bbb")
        assert rules.excludes(tmp_path / "bbb") is not None
