"""Settings: which place wins, what a workspace may do, what a bad setting says."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optafly.config import LEAVES, Config, Leaf
from optafly.layers import Layer, Source, from_environment, from_file, merge
from optafly.paths import Paths
from optafly.settings import Settings

MACHINE = [leaf for leaf in LEAVES if leaf.scope == "machine"]


def _layer(source: Source, dotted: str, value: object) -> Layer:
    section, name = dotted.split(".")
    return Layer(source, {section: {name: value}})


def _held(config: Config, leaf: Leaf) -> object:
    return getattr(getattr(config, leaf.attributes[0]), leaf.attributes[1])


def test_the_editor_wins_over_the_environment_and_that_over_the_file() -> None:
    mine = _layer("config.toml", "claude.maxTokens", 1)
    environment = from_environment({"OPTAFLY_CLAUDE_MAX_TOKENS": "2"})
    editor = _layer("editor", "claude.maxTokens", 3)
    assert merge((mine,)).config.claude.max_tokens == 1
    assert merge((mine, environment)).config.claude.max_tokens == 2
    assert merge((mine, environment, editor)).config.claude.max_tokens == 3


def test_a_bad_setting_names_its_path_and_the_allowed_values_and_the_rest_still_holds() -> None:
    layer = Layer("config.toml", {"cache": {"errorBudget": 7, "maxOffers": 1}, "models": {"embedder": "gpt"}})
    loaded = merge((layer,))
    assert loaded.config.cache.max_offers == 1
    assert loaded.config.cache.error_budget == Config().cache.error_budget
    words = "\n".join(map(str, loaded.problems))
    assert "$.cache.errorBudget" in words
    assert "at most 0.2" in words
    assert all(name in words for name in ("`onnx`", "`sentence-transformers`", "`off`"))


@pytest.mark.parametrize(
    "values", [{"cash": {}}, {"cache": {"errorBuget": 0.05}}, {"cache": 3}], ids=["section", "name", "no table"]
)
def test_a_setting_that_does_not_exist_is_named_with_those_that_do(values: dict[str, object]) -> None:
    (problem,) = merge((Layer("editor", values),)).problems
    assert "cache" in str(problem)
    assert "errorBudget" in str(problem) or "telemetry" in str(problem)


@pytest.mark.parametrize("leaf", MACHINE, ids=lambda leaf: leaf.dotted)
def test_a_machine_setting_is_never_taken_from_an_editor(leaf: Leaf) -> None:
    loaded = merge((_layer("editor", leaf.dotted, msgspec.to_builtins(leaf.default)),))
    (problem,) = loaded.problems
    assert problem.path == f"$.{leaf.dotted}"
    assert loaded.config == Config()


def test_a_workspace_may_not_choose_where_requests_go() -> None:
    loaded = merge((_layer(".optafly.toml", "claude.baseUrl", "https://elsewhere.example"),))
    assert loaded.config.claude.base_url == Config().claude.base_url
    assert "$.claude.baseUrl" in str(loaded.problems[0])


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com",
        "http://localhost@example.com",
        "http://localhost:1@example.com",
        "http://127.0.0.1.example.com",
        "ftp://x",
        "",
    ],
)
def test_a_base_url_is_https_or_this_machine(url: str) -> None:
    assert merge((_layer("config.toml", "claude.baseUrl", url),)).config == Config()


def test_a_workspace_may_narrow() -> None:
    layer = Layer(
        ".optafly.toml",
        {
            "cache": {"enabled": False, "errorBudget": 0.005},
            "context": {"maxTokens": 100},
            "privacy": {"ignore": ["secret/"]},
        },
    )
    loaded = merge((_layer("config.toml", "privacy.ignore", ["mine/"]), layer))
    assert loaded.problems == ()
    assert not loaded.config.cache.enabled
    assert loaded.config.cache.error_budget == 0.005
    assert loaded.config.context.max_tokens == 100
    assert loaded.config.privacy.ignore == ("mine/", "secret/")


@pytest.mark.parametrize("source", ["editor", ".optafly.toml"])
def test_what_is_ignored_cannot_be_taken_back(source: Source) -> None:
    mine = _layer("config.toml", "privacy.ignore", ["private/"])
    loaded = merge((mine, _layer(source, "privacy.ignore", ["more/", " !private/"])))
    assert loaded.config.privacy.ignore == ("private/",)
    assert "take one back" in str(loaded.problems[0])


def test_a_workspace_may_not_throw_remembered_answers_away() -> None:
    loaded = merge((_layer(".optafly.toml", "cache.maxEntries", 1),))
    assert loaded.config.cache.max_entries == Config().cache.max_entries


@given(st.data())
def test_no_workspace_value_widens_a_narrow_only_setting(data: st.DataObject) -> None:
    leaf = data.draw(st.sampled_from([leaf for leaf in LEAVES if leaf.narrow != "free"]))
    values = st.one_of(st.booleans(), st.integers(0, 300_000), st.floats(0, 1), st.just(["x"]), st.just("https://x.y"))
    below = merge(())
    after = merge((_layer(".optafly.toml", leaf.dotted, data.draw(values)),)).config
    was, now = _held(below.config, leaf), _held(after, leaf)
    if leaf.narrow == "union":
        assert isinstance(was, tuple)
        assert isinstance(now, tuple)
        assert set(was) <= set(now)  # pyright: ignore[reportUnknownArgumentType]
    elif leaf.narrow in ("lower", "raise"):
        assert isinstance(was, int | float)
        assert isinstance(now, int | float)
        assert now <= was if leaf.narrow == "lower" else now >= was
    elif leaf.narrow in ("on", "off"):
        assert now == was or now is (leaf.narrow == "on")
    else:
        assert now == was


def test_a_broken_settings_file_is_named_and_loses_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[cache\n", encoding="utf-8")
    layer, problems = from_file(file, "config.toml")
    assert layer.values == {}
    assert str(file) in str(problems[0])


def test_a_settings_file_that_never_ends_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / ".optafly.toml"
    file.symlink_to("/dev/zero")
    assert "not a regular file" in str(from_file(file, ".optafly.toml")[1][0])
    file.unlink()
    file.write_bytes(b"# " + b"x" * 300_000)
    assert "longer than" in str(from_file(file, ".optafly.toml")[1][0])


def test_settings_hold_per_folder(home: Paths, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / ".optafly.toml").write_text("[cache]\nenabled = false\n", encoding="utf-8")
    settings = Settings(home, {})
    settings.from_editor(None, {"claude": {"model": "claude-opus-5-5"}})
    assert not settings.config(str(tmp_path / "a")).cache.enabled
    assert settings.config(str(tmp_path)).cache.enabled
    assert settings.config(str(tmp_path / "a")).claude.model == "claude-opus-5-5"


def test_every_variable_is_read_back(home: Paths) -> None:
    environment = {"OPTAFLY_CACHE_ENABLED": "false", "OPTAFLY_CLAUDE_MODEL": "x", "OPTAFLY_PRIVACY_IGNORE": '["a"]'}
    config = Settings(home, environment).config()
    assert (config.cache.enabled, config.claude.model, config.privacy.ignore) == (False, "x", ("a",))


def test_a_file_with_the_mark_and_line_ends_of_windows_is_read(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(b"\xef\xbb\xbf[claude]\r\nmaxTokens = 7\r\n")
    layer, problems = from_file(tmp_path / "config.toml", "config.toml")
    assert problems == ()
    assert merge((layer,)).config.claude.max_tokens == 7
