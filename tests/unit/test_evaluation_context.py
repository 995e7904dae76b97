"""`optafly eval context`: change requests put to a small repository as it stood before each change."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from fakes.repository import Repository
from optafly.cli import exits
from optafly.cli.main import main
from optafly.errors import OptaflyError
from optafly.evaluation.found import worth
from optafly.evaluation.requests import Case, Ranked, folder_of, replay
from optafly.evaluation.rows import read

BILL = "def total(prices):\n    '''Add prices up.'''\n    return sum(prices)\n"
TAX = "from shop.bill import total\n\n\ndef with_tax(prices, rate):\n    return total(prices) * (1 + rate)\n"
COLOURS = "def blend(one, other):\n    return one\n"


@pytest.fixture
def repos(tmp_path: Path) -> Path:
    """A folder with one repository of three commits; the second is what the cases ask for."""
    shop = Repository(tmp_path / "repos" / "me+shop")
    files: dict[str, str | None] = {"shop/bill.py": BILL, "shop/tax.py": TAX, "shop/colours.py": COLOURS}
    shop.commit("Begin", files | {"tests/test_bill.py": "def test_total_of_prices():\n    pass\n"})
    shop.commit("Round totals", {"shop/bill.py": BILL.replace("sum(prices)", "round(sum(prices))")})
    shop.commit("Paint", {"shop/colours.py": "def paint():\n    return 'totals of prices'\n"})
    return tmp_path / "repos"


def case(repos: Path, back: int = 2, **fields: object) -> Case:
    shop = Repository(repos / "me+shop")
    sha = shop.git("rev-parse", f"HEAD~{back}").strip()
    known: dict[str, object] = {"id": "a", "repo": "me/shop", "parent_sha": sha, "query": "Round the total of prices"}
    return Case(**(known | fields))  # type: ignore[arg-type]  # each field as the test names it


def test_a_request_finds_its_file_as_it_stood_before_the_change(repos: Path) -> None:
    (answer,) = replay([case(repos)], repos)
    assert answer.files[0] == "shop/bill.py"
    assert answer.tokens > 0
    assert (1, 3) in answer.packed["shop/bill.py"]


def test_what_came_later_is_not_known(repos: Path) -> None:
    (before,) = replay([case(repos, query="paint")], repos)
    (after,) = replay([case(repos, back=0, query="paint")], repos)
    assert "shop/colours.py" not in before.files[:1]
    assert after.files[0] == "shop/colours.py"


def test_tests_are_no_candidates(repos: Path) -> None:
    (answer,) = replay([case(repos)], repos)
    assert "tests/test_bill.py" not in answer.files


def test_a_vague_request_is_asked_with_the_open_file_and_names_the_others(repos: Path) -> None:
    cases = [case(repos, active_file="shop/tax.py"), case(repos, id="without")]
    answers = list(replay(cases, repos, vague=True))
    assert [answer.id for answer in answers] == ["a"]
    assert answers[0].files[0] == "shop/bill.py"
    assert "shop/tax.py" not in answers[0].files


def test_commits_are_gone_through_forward_and_back(repos: Path) -> None:
    cases = [case(repos, back=back, id=str(back), query="paint", time=time) for back, time in ((0, 1), (2, 2), (0, 3))]
    found = [answer.files[:1] == ("shop/colours.py",) for answer in replay(cases, repos)]
    assert found == [True, False, True]


def test_a_missing_repository_or_commit_is_said(repos: Path) -> None:
    with pytest.raises(OptaflyError, match="not in"):
        folder_of("me/other", repos)
    with pytest.raises(OptaflyError, match="no commit"):
        list(replay([case(repos, parent_sha="0" * 40)], repos))


def test_cases_are_read_plain_and_packed_and_a_broken_line_is_said(tmp_path: Path, repos: Path) -> None:
    line = json.dumps({"id": "a", "repo": "me/shop", "parent_sha": "0", "query": "q", "lang": "python"})
    plain, packed, broken = (tmp_path / name for name in ("c.jsonl", "c.jsonl.gz", "b.jsonl"))
    plain.write_text(line + "\n\n")
    packed.write_bytes(gzip.compress(line.encode()))
    broken.write_text('{"id": 1}\n')
    assert read(plain, Case) == read(packed, Case)
    with pytest.raises(OptaflyError, match="Line 1 of"):
        read(broken, Case)


def ranked(**fields: object) -> Ranked:
    known: dict[str, object] = {
        "id": "a",
        "files": ("x.py", "y.py"),
        "tokens": 10,
        "bytes": 2000,
        "ms": 3.0,
        "packed": {},
    }
    return Ranked(**(known | fields))  # type: ignore[arg-type]  # each field as the test names it


def test_figures_are_those_of_their_definitions() -> None:
    gold = Case(
        id="a",
        repo="r",
        parent_sha="s",
        query="q",
        gold_files=("y.py", "z.py"),
        gold_hunks={"y.py": ((5, 2),), "z.py": ((1, 0), (9, 1))},
    )
    found = worth([gold], {"a": ranked(packed={"y.py": ((1, 5),), "z.py": ()})})
    assert found is not None
    assert (found.hit_at_1, found.recall_at_5, found.all_at_10, found.mrr) == (0.0, 0.5, 0.0, 0.5)
    assert (found.files_inside, found.lines_inside) == (1.0, 0.25)
    assert (found.tokens, found.kilobytes) == (10, 2)


def test_with_a_vague_request_the_open_file_is_not_counted() -> None:
    gold = Case(id="a", repo="r", parent_sha="s", query="q", gold_files=("x.py", "y.py"), active_file="x.py")
    found = worth([gold], {"a": ranked(files=("y.py",))}, vague=True)
    assert found is not None
    assert found.recall_at_5 == 1.0


def test_cases_without_an_answer_key_have_no_figures() -> None:
    assert worth([Case(id="a", repo="r", parent_sha="s", query="q")], {"a": ranked()}) is None


def test_the_command_writes_what_was_found_and_prints_the_figures(
    repos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases, out = tmp_path / "cases.jsonl", tmp_path / "ranked.jsonl"
    row = {"id": "a", "repo": "me/shop", "query": "Round the total of prices", "gold_files": ["shop/bill.py"]}
    cases.write_text(json.dumps(row | {"parent_sha": case(repos).parent_sha}))
    arguments = ["eval", "context", str(cases), "--repos", str(repos), "--out", str(out), "--no-vectors"]
    assert main(arguments) == exits.OK
    assert json.loads(out.read_text())["files"][0] == "shop/bill.py"
    assert "hit at 1       1" in capsys.readouterr().out
    assert main([*arguments[:-1], "--no-vectors", "--model", str(cases)]) == exits.FAILED
    assert "no weights" in capsys.readouterr().err
