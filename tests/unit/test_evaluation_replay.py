"""Replaying a prompt log: the real cache, one verdict a prompt, and clear words about what cannot be replayed."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import pytest

from fakes.vectors import WordEmbedder
from optafly.cache.judge import Judgement
from optafly.config import CacheSettings
from optafly.errors import ModelFileError, OptaflyError
from optafly.evaluation.replay import Replayed, replay
from optafly.evaluation.rows import SAME_TEXT, Labelled, Prompt, read

DEFAULTS = CacheSettings()


def prompts(*texts: str) -> list[Prompt]:
    return [Prompt(id=number, prompt=text) for number, text in enumerate(texts)]


async def replayed(
    asked: Sequence[Prompt], folder: Path, settings: CacheSettings = DEFAULTS, embedder: WordEmbedder | None = None
) -> list[Replayed]:
    return [each async for each in replay(asked, embedder or WordEmbedder(), folder, settings)]


async def test_the_same_prompt_is_served_and_another_one_is_not(tmp_path: Path) -> None:
    found = await replayed(prompts("list all files", "delete the database", "list all files"), tmp_path)
    assert [(each.judged.verdict, each.judged.match) for each in found] == [
        ("miss", None),
        ("miss", None),
        ("serve", 0),
    ]
    assert found[2].judged.probability == 1.0


async def test_a_served_prompt_becomes_no_entry(tmp_path: Path) -> None:
    found = await replayed(prompts("list all files", "list all files", "list  all files"), tmp_path)
    assert [each.judged.match for each in found] == [None, 0, 0]


async def test_an_entry_is_there_for_every_prompt_that_was_not_served(tmp_path: Path) -> None:
    found = await replayed(prompts("list all files", "list all files twice", "list all files again"), tmp_path)
    assert {each.match for each in found[2].candidates} == {0, 1}


async def test_a_row_says_how_long_the_lookup_took_and_why_it_ended_so(tmp_path: Path) -> None:
    (only,) = await replayed(prompts("list all files"), tmp_path)
    assert only.judged.ms is not None
    assert only.judged.ms > 0
    assert only.judged.reason


async def test_the_best_candidate_is_named_on_a_miss_as_well(tmp_path: Path) -> None:
    never = CacheSettings(error_budget=0.0, offer_probability=1.0)
    found = await replayed(prompts("list all files here", "list all files there"), tmp_path, never)
    assert (found[1].judged.verdict, found[1].judged.match, found[1].judged.best) == ("miss", None, 0)


async def test_the_best_candidate_that_no_veto_forbids_is_named_with_its_score(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidding(before: str, *_: object, **__: object) -> Judgement:
        return Judgement(score=3.0 if "all" in before else 1.0, veto="no" if "all" in before else None, reason="")

    monkeypatch.setattr("optafly.cache.service.judge", forbidding)
    asked = prompts("list all files", "list some files", "list more files", "list more files")
    found = [each.judged for each in await replayed(asked, tmp_path)]
    assert (found[2].match, found[2].servable, found[2].score) == (0, 1, 1.0)
    assert (found[3].match, found[3].servable, found[3].score) == (2, 2, SAME_TEXT)


async def test_the_verdict_is_the_judges_and_not_the_replays_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def always(*_: object, **__: object) -> Judgement:
        return Judgement(score=50.0, veto=None, reason="")

    monkeypatch.setattr("optafly.cache.service.judge", always)
    found = await replayed(prompts("list all files", "delete the database"), tmp_path)
    assert (found[1].judged.verdict, found[1].judged.match) == ("serve", 0)


async def test_another_verifier_decides_by_its_own_scores_and_its_own_calibration(tmp_path: Path) -> None:
    model = json.loads((resources.files("optafly.cache") / "verifier.json").read_bytes())
    model |= {"trees": [[[-1, 7.0, 0, 0]]], "calibration": {"slope": 1.0, "offset": -7.0, "budgets": [[0.01, 7.0]]}}
    file = tmp_path / "model.json"
    file.write_text(json.dumps(model), encoding="utf-8")
    asked = prompts("list the open files", "show me which files are open")
    found = [each.judged async for each in replay(asked, WordEmbedder(), tmp_path, DEFAULTS, file)]
    assert (found[1].score, found[1].verdict, found[1].probability) == (7.0, "serve", 0.5)


async def test_a_failing_embedder_ends_the_replay_with_its_error(tmp_path: Path) -> None:
    class Broken(WordEmbedder):
        def embed(self, texts: Sequence[str]):
            if "second" in texts:
                raise ModelFileError("The model is gone.")
            return super().embed(texts)

    with pytest.raises(ModelFileError, match="The model is gone"):
        await replayed(prompts("first", "second"), tmp_path, embedder=Broken())


def test_rows_are_read_plain_and_gzipped_and_other_fields_are_ignored(tmp_path: Path) -> None:
    row = json.dumps({"id": 7, "prompt": "list", "group": "g", "stars": 5}) + "\n\n"
    (tmp_path / "log.jsonl").write_text(row, encoding="utf-8")
    (tmp_path / "log.jsonl.gz").write_bytes(gzip.compress(row.encode()))
    for name in ("log.jsonl", "log.jsonl.gz"):
        assert read(tmp_path / name, Prompt) == [Prompt(id=7, prompt="list")]
        assert read(tmp_path / name, Labelled) == [Labelled(id=7, group="g")]


@pytest.mark.parametrize(
    ("second", "why"),
    [
        ('{"id": 2}', "prompt"),
        ('{"id": 2, "prompt": 3}', r"\$\.prompt"),
        ('{"id": 1, "prompt": "b"}', "earlier line"),
        ("{not json", "malformed"),
    ],
)
def test_a_bad_row_is_named_by_its_line(tmp_path: Path, second: str, why: str) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text(f'{{"id": 1, "prompt": "a"}}\n{second}\n', encoding="utf-8")
    with pytest.raises(OptaflyError, match="Line 2") as raised:
        read(log, Prompt)
    raised.match(why)


def test_only_the_first_rows_are_read_where_no_more_are_wanted(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text('{"id": 1, "prompt": "a"}\nnot a row\n', encoding="utf-8")
    assert len(read(log, Prompt, limit=1)) == 1


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_an_empty_log_is_an_error(tmp_path: Path, content: bytes) -> None:
    log = tmp_path / "log.jsonl"
    log.write_bytes(content)
    with pytest.raises(OptaflyError, match="holds no rows"):
        read(log, Prompt)


def test_a_log_that_is_cut_off_in_its_archive_is_an_error(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl.gz"
    log.write_bytes(gzip.compress(b'{"id": 1, "prompt": "a"}\n' * 2)[:-12])
    with pytest.raises(OptaflyError, match="cannot be read"):
        read(log, Prompt)
