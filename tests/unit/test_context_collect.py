"""The code that goes with a prompt is what the person pointed at, and no more than the budget allows."""

from __future__ import annotations

import hashlib
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optafly.config import ContextSettings
from optafly.context.collect import collect
from optafly.context.lines import LONGEST_LINE, DocumentLines
from optafly.domain import Diagnostic, Document, Piece, Position, Range, Severity, Snapshot
from optafly.tokens import estimate_tokens

SHOP = '''\
import json

RATES = {"EUR": 1.0, "USD": 1.1}


class Cart:
    """What a customer wants."""

    def __init__(self):
        self.lines = []

    def total(self, currency):
        def rate():
            return RATES[currency]

        sums = [line.price for line in self.lines]
        return sum(sums) * rate()

    def save(self, path):
        with open(path) as file:
            json.dump(self.lines, file)


def load(path):
    with open(path) as file:
        return json.load(fil)
'''
SETTINGS = ContextSettings()


def document(text: str = SHOP, *, path: str = "shop.py", language: str = "python") -> Document:
    """Return an open document."""
    return Document(path=path, uri=f"file:///project/{path}", language=language, text=text)


def at(line: int, character: int = 0) -> Position:
    """Return a place; `line` is 1-based here, as in the pieces."""
    return Position(line=line - 1, character=character)


def error(line: int, *, severity: Severity = "error", path: str = "shop.py") -> Diagnostic:
    """Return a diagnostic on a 1-based line."""
    return Diagnostic(path=path, range=Range(start=at(line, 4), end=at(line, 8)), severity=severity, message="broken")


def chosen(
    active: Document | None = None,
    *,
    cursor: Position | None = None,
    selection: tuple[Position, Position] | None = None,
    diagnostics: tuple[Diagnostic, ...] = (),
    settings: ContextSettings = SETTINGS,
    excluded: str | None = None,
) -> tuple[tuple[Piece, ...], tuple[str, ...]]:
    """Collect from a snapshot with these parts."""
    snapshot = Snapshot(
        prompt="why?",
        active=active or document(),
        cursor=cursor,
        selection=Range(start=selection[0], end=selection[1]) if selection else None,
        diagnostics=diagnostics,
    )
    return collect(snapshot, settings, lambda _: excluded)


def spans(pieces: tuple[Piece, ...]) -> list[tuple[str, int, int, str | None]]:
    """Return what the pieces are, without their texts."""
    return [(piece.kind, piece.start_line, piece.end_line, piece.symbol) for piece in pieces]


def test_a_cursor_brings_its_function() -> None:
    pieces, notes = chosen(cursor=at(20, 12))
    assert spans(pieces) == [("symbol", 19, 21, "Cart.save")]
    assert pieces[0].text == "\n".join(SHOP.split("\n")[18:21])
    assert pieces[0].reason == "The method `Cart.save` is around the cursor (line 20)."
    assert pieces[0].tokens == estimate_tokens(pieces[0].text)
    assert pieces[0].uri == "file:///project/shop.py"
    assert notes == ()


def test_a_function_inside_a_short_one_comes_with_the_outer_one() -> None:
    pieces, _ = chosen(cursor=at(14, 12))
    assert spans(pieces) == [("symbol", 12, 17, "Cart.total")]


def test_a_cursor_between_methods_brings_the_class() -> None:
    pieces, _ = chosen(cursor=at(11))
    assert spans(pieces) == [("symbol", 6, 21, "Cart")]


def test_a_cursor_outside_every_symbol_brings_lines_around_it() -> None:
    pieces, _ = chosen(cursor=at(3, 5), settings=ContextSettings(lines_around=2))
    assert spans(pieces) == [("lines", 1, 3, None)]
    assert pieces[0].reason == "The lines around the cursor (line 3)."


def test_without_a_grammar_or_with_symbols_off_lines_around_the_cursor_are_chosen() -> None:
    few = ContextSettings(lines_around=1)
    assert spans(chosen(document(language="cobol"), cursor=at(20), settings=few)[0]) == [("lines", 19, 21, None)]
    off = ContextSettings(lines_around=1, symbols=False)
    assert spans(chosen(cursor=at(20), settings=off)[0]) == [("lines", 19, 21, None)]


def test_a_short_selection_comes_with_the_function_around_it() -> None:
    pieces, _ = chosen(selection=(at(16, 8), at(17, 20)))
    assert spans(pieces) == [("selection", 16, 17, "Cart.total"), ("symbol", 12, 17, "Cart.total")]
    assert pieces[0].reason == "You selected lines 16-17 in the method `Cart.total`."
    assert pieces[1].reason == "The method `Cart.total` is around the selected lines 16-17."


def test_a_long_selection_speaks_for_itself() -> None:
    text = "def long():\n" + "".join(f"    step_{n}()\n" for n in range(100))
    pieces, _ = chosen(document(text), selection=(at(10), at(80)))
    assert [piece.kind for piece in pieces] == ["selection"]


def test_a_selected_function_is_sent_once() -> None:
    pieces, _ = chosen(selection=(at(19), at(22)))
    assert spans(pieces) == [("selection", 19, 21, "Cart.save")]


def test_a_selection_across_two_functions_lies_in_their_class() -> None:
    pieces, _ = chosen(selection=(at(16, 2), at(20, 3)))
    assert spans(pieces) == [("selection", 16, 20, "Cart"), ("symbol", 6, 21, "Cart")]


def test_a_selection_is_whole_lines_in_order_without_the_line_the_caret_only_touches() -> None:
    upwards = chosen(selection=(at(17, 0), at(16, 4)))
    assert spans(upwards[0])[0] == ("selection", 16, 16, "Cart.total")
    assert upwards == chosen(selection=(at(16, 4), at(17, 0)))


def test_a_selection_of_white_space_is_a_cursor() -> None:
    assert spans(chosen(selection=(at(11), at(11, 4)))[0]) == [("symbol", 6, 21, "Cart")]
    assert chosen(selection=(at(11), at(11)), cursor=at(20)) == chosen(cursor=at(20))


def test_places_past_the_end_are_moved_into_the_document() -> None:
    assert spans(chosen(cursor=at(9_999, 9_999), settings=ContextSettings(lines_around=3))[0])
    assert spans(chosen(selection=(at(23), at(9_999, 5)))[0]) == [("selection", 24, 26, "load")]
    assert chosen(selection=(at(9_998), at(9_999)), cursor=at(20)) == chosen(cursor=at(20))


@pytest.mark.parametrize("text", ["", "\n\n \n", "\ufeff"])
def test_an_empty_document_gives_nothing(text: str) -> None:
    assert chosen(document(text), cursor=at(1)) == ((), ())


def test_without_cursor_or_selection_no_code_is_chosen() -> None:
    assert chosen(diagnostics=(error(26),)) == ((), ())
    assert collect(Snapshot(prompt="why?"), SETTINGS, lambda _: None) == ((), ())


def test_an_excluded_file_gives_a_note_and_no_code() -> None:
    pieces, notes = chosen(document(path=".env"), cursor=at(1), excluded="it is a usual place for secrets")
    assert pieces == ()
    assert notes == ("`.env` is never read into a prompt: it is a usual place for secrets.",)


def test_context_switched_off_gives_nothing() -> None:
    assert chosen(cursor=at(20), settings=ContextSettings(enabled=False)) == ((), ())


def test_a_function_too_long_for_the_budget_is_sent_by_its_head_and_the_lines_around_the_cursor() -> None:
    text = "def long(a, b):\n" + "".join(f"    step_number_{n}()\n" for n in range(900))
    pieces, _ = chosen(document(text), cursor=at(500, 4), settings=ContextSettings(max_tokens=1_000, lines_around=10))
    assert spans(pieces) == [("lines", 490, 510, "long"), ("lines", 1, 9, "long")]
    assert pieces[0].reason.endswith("in the function `long`, which is too long to send whole.")
    assert pieces[1].reason == "The beginning of the function `long`."


def test_fewer_lines_are_sent_where_the_budget_is_small() -> None:
    text = "\n".join(f"value_{n} = {n}" for n in range(200))
    pieces, _ = chosen(document(text), cursor=at(100), settings=ContextSettings(max_tokens=60, lines_around=100))
    assert pieces[0].start_line < 100 < pieces[0].end_line
    assert pieces[0].tokens <= 60


def test_a_selection_too_long_for_the_budget_is_cut_with_a_note() -> None:
    text = "\n".join(f"value_{n} = {n}" for n in range(200))
    pieces, notes = chosen(document(text), selection=(at(1), at(200, 3)), settings=ContextSettings(max_tokens=300))
    assert pieces[0].start_line == 1
    assert pieces[0].end_line < 200
    assert notes == (
        f"Only lines 1-{pieces[0].end_line} of the selection are sent: `context.maxTokens` allows 300 tokens.",
    )


def test_no_room_at_all_is_said() -> None:
    for settings_ in (ContextSettings(max_tokens=0), ContextSettings(max_tokens=3)):
        for pieces, notes in (
            chosen(cursor=at(16), settings=settings_),
            chosen(selection=(at(16), at(17)), settings=settings_),
        ):
            assert pieces == ()
            assert "does not fit `context.maxTokens`" in notes[0]


def test_a_minified_line_is_cut_around_the_place_with_a_note() -> None:
    text = "".join(f"f{n}();" for n in range(100_000))
    middle = text.index("f50000")
    for pieces, notes in (
        chosen(document(text, path="a.min.js", language="javascript"), cursor=at(1, middle)),
        chosen(document(text, path="a.min.js", language="javascript"), selection=(at(1, middle), at(1, middle + 6))),
    ):
        assert "f50000();" in pieces[0].text
        assert len(pieces[0].text) <= LONGEST_LINE + 2
        assert pieces[0].text[0] == pieces[0].text[-1] == "…"
        assert pieces[0].content_hash == hashlib.sha256(text.encode()).hexdigest()
        assert notes == ("Very long lines of `a.min.js` were cut.",)


def test_errors_elsewhere_bring_their_functions_where_the_code_pointed_at_has_none() -> None:
    pieces, _ = chosen(cursor=at(20), diagnostics=(error(26), error(3), error(9, severity="warning")))
    assert spans(pieces) == [("symbol", 19, 21, "Cart.save"), ("lines", 24, 26, "load")]
    assert pieces[1].reason == "The function `load` holds an error (line 26)."
    assert len(chosen(cursor=at(20), diagnostics=(error(26), error(20)))[0]) == 1
    assert len(chosen(cursor=at(20), diagnostics=(error(26, path="other.py"), error(9_999)))[0]) == 1


def test_a_file_of_a_hundred_thousand_lines_gives_lines_around_the_cursor() -> None:
    text = "".join(f"def function_number_{n}():\n    return {n}\n" for n in range(50_000))
    pieces, _ = chosen(document(text), cursor=at(60_000))
    assert pieces[0].start_line <= 60_000 <= pieces[0].end_line
    assert len(text) > 2_000_000
    assert pieces[0].kind == "lines"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_hash_is_of_the_lines_as_they_stand_in_the_file(newline: str) -> None:
    text = "\ufeff" + SHOP.replace("\n", newline)
    for place in (1, 20, 26):
        piece = chosen(document(text), cursor=at(place))[0][0]
        raw = "".join(re.findall(r"[^\n]*\n?", text)[piece.start_line - 1 : piece.end_line])
        assert piece.content_hash == hashlib.sha256(raw.encode()).hexdigest()
        assert "\r" not in piece.text
        assert "\ufeff" not in piece.text


@given(st.text(st.sampled_from("aé😀\n\r\x0b\x0c\u2028\t ")))
def test_lines_end_where_an_editor_ends_them(text: str) -> None:
    lines = DocumentLines.of(text)
    expected = re.split(r"\r\n|\n|\r", text)
    assert [raw.decode().rstrip("\r\n") for raw in lines.raw] == expected
    assert b"".join(lines.raw).decode() == text
    assert all(a + len(raw) == b for (a, b), raw in zip(pairwise(lines.starts), lines.raw, strict=False))
    assert [lines.line_at(start) for start in lines.starts] == list(range(len(lines)))


PLACES = st.builds(Position, line=st.integers(0, 40), character=st.integers(0, 90))
TEXTS = st.one_of(
    st.just(SHOP),
    st.lists(st.one_of(st.sampled_from(SHOP.split("\n")), st.text(max_size=20)), max_size=40).map("\n".join),
)


@settings(deadline=None)
@given(
    text=TEXTS,
    cursor=st.none() | PLACES,
    selection=st.none() | st.builds(Range, start=PLACES, end=PLACES),
    errors=st.lists(PLACES, max_size=3),
    budget=st.integers(0, 400),
    language=st.sampled_from(["python", "typescript", "plaintext"]),
)
def test_pieces_fit_the_budget_and_lie_in_the_document(
    text: str, cursor: Position | None, selection: Range | None, errors: list[Position], budget: int, language: str
) -> None:
    snapshot = Snapshot(
        prompt="why?",
        active=document(text, language=language),
        cursor=cursor,
        selection=selection,
        diagnostics=tuple(error(place.line + 1) for place in errors),
    )
    pieces, _ = collect(snapshot, ContextSettings(max_tokens=budget, lines_around=5), lambda _: None)
    lines = DocumentLines.of(text)
    assert sum(piece.tokens for piece in pieces) <= budget
    for piece in pieces:
        assert 1 <= piece.start_line <= piece.end_line <= len(lines)
        assert piece.text.strip()
        assert piece.content_hash == lines.content_hash(piece.start_line - 1, piece.end_line - 1)
        assert piece.text in text.replace("\r\n", "\n").replace("\r", "\n")
