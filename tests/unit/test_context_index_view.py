"""Many files at once, or one by one: what can be found is the same."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.indexing import many
from optafly.context.find.corpus import Corpus
from optafly.context.find.entry import Entry
from optafly.context.find.finding import find
from optafly.context.find.query import understood
from optafly.context.find.terms import Terms, terms_of, together
from optafly.context.history import History
from optafly.context.history.model import Commit
from optafly.context.index import view as view_module
from optafly.context.index.content import Content, content_of, decode, encode
from optafly.context.index.view import View

TEXTS = st.lists(st.lists(st.sampled_from(["a", "bee", "two words", "camelCase x", ""]), max_size=4), max_size=5)


@given(groups=TEXTS)
def test_terms_of_many_files_are_those_of_each(groups: list[list[str]]) -> None:
    joined = together([terms_of(*group) for group in groups])
    assert joined == terms_of(*(text for group in groups for text in group))


def test_no_files_have_no_terms() -> None:
    assert together([]) == Terms(b"", b"", b"")


def test_a_view_that_is_filled_finds_what_one_that_grew_finds(tmp_path: Path) -> None:
    contents = {path: content_of(str(text), "python") for path, text in many(60).items()}
    grown, filled = View(tmp_path), View(tmp_path)
    for path, content in contents.items():
        grown.put(path, content, None)
    filled.put("pkg0/mod0.py", content_of("def other():\n    pass\n", "python"), None)
    filled.fill([(path, content, None) for path, content in contents.items()])
    for prompt in ("work_7", "fix pkg3 mod10", "Fix this bug"):
        one, other = (find("", view.corpus, understood(prompt), active="pkg1/mod1.py") for view in (grown, filled))
        assert {(hit.path, round(hit.score, 4)) for hit in one} == {(hit.path, round(hit.score, 4)) for hit in other}
    assert (filled.paths, filled.symbols) == (grown.paths, grown.symbols)


def test_content_is_stored_whole() -> None:
    content = content_of("import os\n\nclass A:\n    def b(self):\n        return os.path\n", "python")
    assert decode(encode(content)) == content
    assert isinstance(content, Content)


def test_a_file_that_is_typed_in_all_day_makes_no_question_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view_module, "SPARE", 20)
    monkeypatch.setattr(view_module, "AT_ONCE", 16)
    contents = {path: content_of(str(text), "python") for path, text in many(60).items()}
    view, plain = View(tmp_path), View(tmp_path)
    view.fill([(path, content, None) for path, content in contents.items()])
    for number in range(300):
        view.put("pkg0/mod0.py", content_of(f"def work_0_{number}():\n    pass\n", "python"), None)
        view.renew()
    assert view.corpus.capacity < 200
    fill, turns = Corpus.fill, iter(range(100))

    def typing(corpus: Corpus, entries: Sequence[Entry]) -> None:
        """Somebody types while the files are numbered anew."""
        fill(corpus, entries)
        if len(entries) > 1 and (turn := next(turns)) < 3:
            view.overlay("pkg1/mod1.py", "", content_of(f"def typed_{turn}():\n    pass\n", "python"))
            view.drop(["pkg2/mod2.py"])
            view.put("new.py", content_of("def brand_new():\n    pass\n", "python"), None)

    monkeypatch.setattr(Corpus, "fill", typing)
    for number in range(300):
        view.put("pkg0/mod0.py", content_of(f"def last_{number}():\n    pass\n", "python"), None)
        view.renew()
    monkeypatch.setattr(Corpus, "fill", fill)
    assert next(turns) > 3
    for path in contents.keys() - {"pkg2/mod2.py"}:
        plain.put(path, contents[path], None)
    plain.overlay("pkg1/mod1.py", "", content_of("def typed_2():\n    pass\n", "python"))
    plain.put("new.py", content_of("def brand_new():\n    pass\n", "python"), None)
    plain.put("pkg0/mod0.py", content_of("def last_299():\n    pass\n", "python"), None)
    for prompt in ("work_7", "last_299", "typed_2", "fix pkg3 mod10", "mod2"):
        asked = partial(find, query=understood(prompt), active="pkg1/mod1.py", limit=100)
        one, other = (asked("", each.corpus) for each in (view, plain))
        assert {(hit.path, round(hit.score, 3)) for hit in one} == {(hit.path, round(hit.score, 3)) for hit in other}
        assert [held.entry.path for held in view.names.complete_file("new", 5, None)] == ["new.py"]
    assert view.paths == plain.paths


class Beside(History):
    """A history of which a question is asked, and beside which somebody types, whenever it is asked of a file."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view
        self.answered: list[bool] = []

    def recency(self, path: str) -> float:
        if len(self.answered) < 3:
            asker = threading.Thread(target=self._ask, args=(self._view,))
            asker.start()
            asker.join()
        return super().recency(path)

    def _ask(self, view: View) -> None:
        self.answered.append(view.lock.acquire(timeout=0.2))
        if self.answered[-1]:
            view.overlay(f"new{len(self.answered)}.py", "", content_of("def typed():\n    pass\n", "python"))
            view.drop(["pkg2/mod2.py"])
            view.lock.release()


def test_nobody_waits_while_it_is_worked_out_what_new_commits_say(tmp_path: Path) -> None:
    view = View(tmp_path)
    view.fill([(path, content_of(str(text), "python"), None) for path, text in many(5).items()])
    history = Beside(view)
    touched = ("new1.py", "pkg1/mod1.py", "new2.py")
    history.add([Commit(sha=str(number), time_s=number, paths=(path,)) for number, path in enumerate(touched)])

    view.remember(history)

    assert history.answered == [True] * 3
    told = {held.entry.path: int(view.corpus.changes[held.number]) for held in view.corpus}
    assert told == {
        "pkg0/mod0.py": 0,
        "pkg1/mod1.py": 1,
        "pkg3/mod3.py": 0,
        "pkg4/mod4.py": 0,
        "new1.py": 1,
        "new2.py": 1,
        "new3.py": 0,
    }
    assert {held.entry.path for held in view.corpus if view.corpus.recent[held.number] > 0} == set(touched)
