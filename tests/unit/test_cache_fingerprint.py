"""What an answer depends on is in its keys, byte for byte."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from fakes.answers import piece
from optafly.cache.fingerprint import family, fingerprint, namespace
from optafly.domain import Change, ChangeKind, Piece, PieceKind

KINDS: tuple[PieceKind, ...] = ("selection", "symbol", "lines")


@dataclass(frozen=True)
class Told:
    """What a piece says that counts."""

    path: str
    symbol: str | None
    kind: PieceKind
    text: str

    def piece(self) -> Piece:
        return msgspec.structs.replace(piece(self.text), path=self.path, symbol=self.symbol, kind=self.kind)


TOLD = st.builds(Told, st.text(), st.none() | st.text(), st.sampled_from(KINDS), st.text())


def change(kind: ChangeKind, after: str, *, enabled: bool = True) -> Change:
    return Change(
        id=kind, kind=kind, start=0, before="", after=after, reason="It was missing.", tokens=1, enabled=enabled
    )


@given(st.lists(TOLD), st.lists(TOLD))
def test_two_fingerprints_are_the_same_just_where_the_pieces_are(one: list[Told], other: list[Told]) -> None:
    same = sorted(map(repr, one)) == sorted(map(repr, other))
    assert (fingerprint([told.piece() for told in one], ()) == fingerprint([t.piece() for t in other], ())) is same


@given(st.lists(TOLD, min_size=2), st.data())
def test_the_order_of_pieces_does_not_matter(told: list[Told], data: st.DataObject) -> None:
    other = data.draw(st.permutations(told))
    assert fingerprint([t.piece() for t in told], ()) == fingerprint([t.piece() for t in other], ())


@given(st.text(min_size=1), st.data())
def test_any_character_changed_in_a_piece_changes_it(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters().filter(lambda character: character != text[at]))
    assert fingerprint([piece(text)], ()) != fingerprint([piece(text[:at] + other + text[at + 1 :])], ())


def test_a_piece_that_moved_keeps_its_answers() -> None:
    assert fingerprint([piece(start_line=1)], ()) == fingerprint([piece(start_line=9)], ())


def test_but_not_for_a_prompt_with_a_number_that_may_be_a_line() -> None:
    asked = "What is wrong in line 42?"
    assert fingerprint([piece(start_line=1)], (), asked) != fingerprint([piece(start_line=9)], (), asked)


@given(st.sampled_from(["goal", "error"]), st.text(), st.text())
def test_what_was_appended_counts_as_long_as_it_is_switched_on(kind: ChangeKind, one: str, other: str) -> None:
    on, off = fingerprint((), [change(kind, one)]), fingerprint((), [change(kind, one, enabled=False)])
    assert on != off
    assert off == fingerprint((), ())
    assert (on == fingerprint((), [change(kind, other)])) is (one == other)


def test_a_block_of_code_is_counted_as_the_piece_it_is() -> None:
    assert fingerprint([piece()], [change("code", "```python\nx\n```")]) == fingerprint([piece()], ())


def test_a_place_that_a_piece_stands_for_adds_nothing() -> None:
    located = change("locate", " (`add`, `shop/sums.py`, lines 1-3)")
    shown = msgspec.structs.replace(piece(), end_line=3)
    assert fingerprint([shown], [located]) == fingerprint([shown], ())


def test_a_place_of_its_own_counts() -> None:
    at_2, at_3 = change("locate", " (`shop/sums.py`, line 2)"), change("locate", " (`shop/sums.py`, line 3)")
    shown = msgspec.structs.replace(piece(start_line=1), end_line=9)
    assert len({fingerprint([shown], [located]) for located in (at_2, at_3)}) == 2
    assert fingerprint((), [change("locate", " (`add`)")]) != fingerprint((), [change("locate", " (`sub`)")])


@given(st.lists(st.tuples(*[st.text()] * 4), min_size=2, max_size=2, unique=True))
def test_namespaces_never_run_into_one_another(parts: list[tuple[str, str, str, str]]) -> None:
    one, other = parts
    same = (one[0], one[1], family(one[2]), one[3]) == (other[0], other[1], family(other[2]), other[3])
    assert (namespace(*one) == namespace(*other)) is same


def test_tools_are_part_of_the_namespace_in_any_order() -> None:
    assert namespace("p", "a", "m", "1", ("x", "y")) == namespace("p", "a", "m", "1", ("y", "x"))
    assert namespace("p", "a", "m", "1", ("x",)) != namespace("p", "a", "m", "1")


def test_a_dated_snapshot_belongs_to_its_family_and_a_newer_model_does_not() -> None:
    assert family("claude-haiku-4-5-20251001") == family("claude-haiku-4-5") == family("claude-haiku-4-5-latest")
    assert family("claude-sonnet-5") != family("claude-sonnet-5-5")
