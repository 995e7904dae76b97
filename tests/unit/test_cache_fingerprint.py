"""What an answer depends on is in its keys, byte for byte."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from fakes.answers import piece
from optafly.cache.fingerprint import conversation, family, fingerprint, namespace, sources
from optafly.domain import Block, Change, ChangeKind, Piece, PieceKind, Turn

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


def test_the_form_and_length_of_the_answer_and_who_is_asked_are_part_of_the_namespace() -> None:
    plain = namespace("p", "a", "m", "1")
    assert namespace("p", "a", "m", "1", output="json") != plain
    assert namespace("p", "a", "m", "1", max_tokens=100) != namespace("p", "a", "m", "1", max_tokens=200)
    assert namespace("p", "a", "m", "1", endpoint="https://proxy") != plain


def said(*texts: str) -> list[Turn]:
    return [Turn(role="user" if n % 2 == 0 else "assistant", blocks=(Block(text=t),)) for n, t in enumerate(texts)]


def test_what_was_said_before_is_part_of_the_fingerprint() -> None:
    assert conversation(said("Why?")) == ""
    assert fingerprint((), (), conversation=conversation(said("And now?"))) == fingerprint((), ())
    follow_ups = [
        said("Why?", "So.", "And now?"),
        said("Why?", "Because.", "And now?"),
        said("Who?", "So.", "And now?"),
    ]
    assert len({fingerprint((), (), conversation=conversation(turns)) for turns in follow_ups}) == 3


def test_the_last_turn_is_the_intent_and_not_the_conversation() -> None:
    assert conversation(said("Why?", "So.", "And now?")) == conversation(said("Why?", "So.", "And then?"))


def shaped(_: Piece) -> str:
    return "the same shape"


def test_pieces_of_one_shape_are_one_until_a_number_may_mean_a_line() -> None:
    one, other = piece("def f(): pass"), piece("def f():\n    pass")
    assert fingerprint([one], (), "why", shape=shaped) == fingerprint([other], (), "why", shape=shaped)
    assert fingerprint([one], (), "why 2", shape=shaped) != fingerprint([other], (), "why 2", shape=shaped)
    at_2 = change("locate", " (`shop/sums.py`, line 9)")
    assert fingerprint([one], [at_2], "why", shape=shaped) != fingerprint([other], [at_2], "why", shape=shaped)


def test_a_shape_is_never_taken_for_a_text() -> None:
    assert fingerprint([piece("the same shape")], ()) != fingerprint([piece("x")], (), shape=shaped)


def test_of_equal_lines_it_counts_which_one_was_selected() -> None:
    around = piece("a = 0\na += 1\na += 1\na += 1\n", start_line=10)
    selections = [msgspec.structs.replace(piece("a += 1", start_line=n), kind="selection") for n in (11, 12, 13)]
    assert len({fingerprint([around, each], ()) for each in selections}) == 3
    moved = [
        msgspec.structs.replace(each, start_line=each.start_line + 5, end_line=each.end_line + 5)
        for each in (around, selections[1])
    ]
    assert fingerprint(moved, ()) == fingerprint([around, selections[1]], ())


def test_a_source_keeps_what_is_shown_when_the_code_has_changed() -> None:
    (made,) = sources([piece("x = 1")], ())
    assert (made.path, made.symbol, made.text) == ("shop/sums.py", "add", "x = 1")


def test_an_error_and_the_line_of_the_cursor_move_with_their_code() -> None:
    def asked(start: int, error: str, line: int) -> str:
        shown = msgspec.structs.replace(piece(start_line=start), end_line=start + 5)
        changes = [change("error", f"\n\n- `{error}` error: no such name"), change("locate", f" (`add`, line {line})")]
        return fingerprint([shown], changes)

    assert asked(10, "shop/sums.py:12", 13) == asked(20, "shop/sums.py:22", 23)
    assert asked(10, "shop/sums.py:12", 13) != asked(10, "shop/sums.py:13", 13)
    assert asked(10, "shop/sums.py:12", 13) != asked(10, "shop/sums.py:12", 14)
    assert asked(10, "shop/other.py:12", 13) != asked(20, "shop/other.py:22", 23)  # what is not sent is not known
    assert asked(10, "shop/sums.py:99", 13) != asked(20, "shop/sums.py:109", 23)
