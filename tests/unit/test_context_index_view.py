"""Many files at once, or one by one: what can be found is the same."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from fakes.indexing import many
from optafly.context.find.finding import find
from optafly.context.find.query import understood
from optafly.context.find.terms import Terms, terms_of, together
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
