"""The names that are kept as files come, change and go are those that would be listed anew."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optafly.context.find import listed
from optafly.context.find.corpus import Corpus
from optafly.context.find.entry import Entry, file_terms
from optafly.context.find.known import Names, named
from optafly.context.find.listed import Listed
from optafly.context.outline.read import outline_of

PATHS = st.sampled_from(["a.py", "A.py", "src/a.py", "src/cart.py", "src/deep/Cart.py", "straße.py", "STRASSE.py"])
SYMBOLS = st.sampled_from(["cart", "Cart", "cart_total", "load", "reload", "LOAD", "ordre"])
# Of a file: what it defines now, or None where it goes.
CHANGES = st.lists(st.tuples(PATHS, st.none() | st.lists(SYMBOLS, max_size=3)), max_size=6)
TYPED = ("", "c", "car", "cart", "a.py", "src/c", "load", "laod", "order", "strasse", "tt")


@pytest.fixture(autouse=True, scope="module")
def small_blocks() -> object:
    """Let a few names be enough to be shared out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(listed, "_TOGETHER", 2)
        yield


@given(rounds=st.lists(CHANGES, max_size=6))
def test_whatever_comes_and_goes_the_same_is_completed_as_from_a_list_made_anew(
    rounds: list[list[tuple[str, list[str] | None]]],
) -> None:
    corpus = Corpus()
    names = Names(corpus)
    for changes in rounds:
        for path, symbols in changes:
            if symbols is None:
                corpus.drop(path)
            else:
                corpus.put(path, entry(path, symbols))
        anew = Names(corpus)
        for text in TYPED:
            assert names.complete_file(text, 3, "src/a.py") == anew.complete_file(text, 3, "src/a.py")
            assert names.complete_symbol(text, 3, "src/a.py") == anew.complete_symbol(text, 3, "src/a.py")


@given(changes=st.lists(st.sets(st.text("abB/é", max_size=4)), max_size=8))
def test_a_list_that_changed_holds_its_names_in_order_and_each_once(changes: list[set[str]]) -> None:
    names, kept = set[str](), Listed()
    for change in changes:
        names ^= change
        kept.change(change)
        assert kept.matching("", len(names) + 1, "") == Listed(names).matching("", len(names) + 1, "")
        assert all(name in kept.matching(name, len(names), "") for name in names if name)


def test_a_name_alone_is_that_of_a_file_without_its_ending_where_none_is_called_just_so() -> None:
    corpus = Corpus()
    for path in (
        "src/tax.py",
        "lib/Tax.ts",
        "src/taxes.py",
        "tax/rate.py",
        "bill",
        "src/bill.py",
        *(f"tax/{n}.c" for n in range(40)),
    ):
        corpus.put(path, entry(path, []))
    names = Names(corpus)

    assert {hit.path for hit in named("/shop", names, "tax")} == {"src/tax.py", "lib/Tax.ts"}
    assert [hit.path for hit in named("/shop", names, "src/tax")] == ["src/tax.py"]
    assert [hit.path for hit in named("/shop", names, "bill")] == ["bill"]
    assert named("/shop", names, "rat") == ()


def entry(path: str, symbols: list[str]) -> Entry:
    """Return a file that defines these."""
    text = "".join(f"def {symbol}():\n    pass\n\n\n" for symbol in symbols)
    outline = outline_of(text, "python")
    return Entry(path, "source", outline, file_terms(text, outline))
