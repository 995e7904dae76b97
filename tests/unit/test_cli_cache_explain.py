"""`optafly cache explain`: the evidence behind a verdict, without sending or storing anything."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from fakes.till import ASK, Till
from optafly.cli import exits
from optafly.cli.cache_explain import show_explanation
from optafly.cli.figures import until
from optafly.cli.layout import open_console
from optafly.demo.server import MessagesApi
from optafly.domain import (
    CacheKey,
    CodeChange,
    Considered,
    DiffPart,
    Explanation,
    ReuseCandidate,
    Source,
    Verdict,
)
from optafly.paths import Paths


@pytest.fixture
def till(tmp_path: Path, home: Paths) -> Iterator[Till]:
    with MessagesApi() as api:
        yield Till(tmp_path / "till", home.data.parent, api)


def test_it_says_what_would_happen_and_why_and_leaves_no_trace(till: Till) -> None:
    before = till.run("cache", "explain", *ASK)
    assert before.code == exits.OK
    assert "The provider would be asked." in before.out
    assert "None was compared with it." in before.out
    till.run("ask", *ASK, "--yes")
    after = till.run("cache", "explain", *ASK)
    assert "It would be answered from the cache." in after.out
    assert f"it answered: {ASK[0]}" in after.out
    stats = json.loads(till.run("stats", "--json").out)
    assert (stats["proposals"], stats["answers"], len(till.api.requests)) == (1, 1, 1)


def test_the_key_names_the_project_the_model_and_the_code(till: Till) -> None:
    ran = till.run("cache", "explain", *ASK)
    assert str(till.folder) in ran.out
    assert "anthropic" in ran.out
    assert "till/bill.py shares" in ran.out
    assert '["' not in ran.out


def test_json_is_the_explanation(till: Till) -> None:
    till.run("ask", *ASK, "--yes")
    explanation = msgspec.json.decode(till.run("cache", "explain", *ASK, "--json").out, type=Explanation)
    assert explanation.verdict.outcome == "serve"
    (candidate,) = explanation.candidates
    assert candidate.entry_id == explanation.verdict.entry_id


def test_an_answer_about_code_that_changed_is_explained_with_the_change(till: Till) -> None:
    till.run("ask", *ASK, "--yes")
    file = till.folder / "till" / "bill.py"
    file.write_text(file.read_text(encoding="utf-8").replace("round", "int"), encoding="utf-8")
    shown = till.run("cache", "explain", *ASK).out
    assert "You would be offered an earlier answer." in shown
    assert "other code" in shown
    assert "till/bill.py shares has changed since" in shown
    assert "[-round-]{+int+}" in shown


def test_it_needs_a_prompt_like_any_other_question(till: Till) -> None:
    assert till.run("cache", "explain", "x", "--line", "3").code == exits.FAILED
    assert till.run("cache", "explain").code == exits.FAILED


def considered(entry_id: str, **changes: object) -> Considered:
    plain = Considered(
        entry_id=entry_id,
        prompt=f"prompt of {entry_id}",
        answer_preview="It is so.",
        model="claude-sonnet-5-5",
        age_s=7_200.0,
        cosine=0.9012,
        score=1.5,
        probability=0.8,
        serves=False,
        same_code=True,
        veto=None,
        reason="",
    )
    return msgspec.structs.replace(plain, **changes)


def shown(*candidates: Considered, offers: tuple[ReuseCandidate, ...] = (), served: str | None = None) -> list[str]:
    key = CacheKey(
        namespace='["/work/shop"]',
        fingerprint="f" * 64,
        intent="why?",
        sources=(Source(path="a.py", symbol="wait", fingerprint="a" * 64, text="x"),),
    )
    verdict = Verdict(outcome="offer" if offers else "miss", evidence="So.", entry_id=served, offers=offers)
    stream = io.StringIO()
    show_explanation(open_console(stream), Explanation(key=key, verdict=verdict, candidates=candidates))
    return [line.strip() for line in stream.getvalue().splitlines()]


def test_a_candidate_comes_with_all_that_was_found_about_it() -> None:
    code = (CodeChange(path="a.py", symbol="wait", kind="changed", diff=(DiffPart(op="insert", text="x = 1"),)),)
    expires_at_s = time.time() + 3.1 * 86_400
    lines = shown(
        considered("e1", veto="`30` became `60`", distrust=2.0, code=code, same_code=False, expires_at_s=expires_at_s)
    )
    start = lines.index("1       e1 · 2 hours old · claude-sonnet-5-5")
    assert lines[start + 1 :] == [
        "it answered: prompt of e1",
        "not used · right in about 8 of 10 such cases, had the code stayed the same",
        "cosine 0.901 · score +1.50 · distrust 2.00 · other code · expires in 3 days",
        "never by itself: `30` became `60`",
        "a.py wait has changed since",
        "{+x = 1+}",
        "it says: It is so.",
    ]


def test_what_would_become_of_each_candidate_is_said() -> None:
    offer = ReuseCandidate(
        entry_id="e2", prompt="", answer_preview="", cosine=0.9, age_s=1.0, saved_usd=None, saved_s=1.0, evidence=""
    )
    text = "\n".join(
        shown(
            considered("e1", score=None, pinned=True),
            considered("e2"),
            considered("e3", refuted=True),
            considered("e4", serves=True),
            considered("e5", reason="another tone"),
            offers=(offer,),
            served="e1",
        )
    )
    for words in (
        "served · right",
        "the same text · the same code · pinned",
        "offered · right",
        "reported wrong for this prompt, so neither served nor offered",
        "could be served, but another is likelier",
        "what differs: another tone",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("left_s", "words"),
    [
        (None, "never expires"),
        (10 * 86_400.0, "expires in 10 days"),
        (7_300.0, "expires in 2 hours"),
        (-5.0, "expires now"),
    ],
)
def test_the_time_left_is_in_a_unit_that_fits(left_s: float | None, words: str) -> None:
    assert until(None if left_s is None else 1_000.0 + left_s, 1_000.0) == words
