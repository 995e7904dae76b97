"""An edit behind a proposal's pieces makes it stale."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optafly.context.lines import DocumentLines
from optafly.domain import Piece
from optafly.errors import StaleProposal
from optafly.pipeline.freshness import verify

LINES: tuple[str, ...] = ("def a():\n", "    return 1\n", "\n", "def b():\n", "    return 2\n")


def _piece(start: int, end: int) -> Piece:
    text = "".join(LINES[start - 1 : end])
    return Piece(
        path="a.py",
        uri="file:///a.py",
        kind="lines",
        language="python",
        start_line=start,
        end_line=end,
        text=text,
        content_hash=DocumentLines.of(text).content_hash(0, end - start),
        tokens=1,
        reason="",
    )


def test_an_unchanged_file_is_fresh() -> None:
    verify([_piece(1, 2), _piece(4, 5)], lambda piece: "".join(LINES))


def test_an_edit_elsewhere_in_the_same_lines_place_is_fresh() -> None:
    verify([_piece(1, 2)], lambda piece: "".join(LINES).replace("return 2", "return 3"))


@given(st.integers(0, 1), st.text(min_size=1, max_size=3))
def test_any_edit_inside_a_piece_is_noticed(line: int, text: str) -> None:
    lines = list(LINES)
    lines[line] = text + lines[line]
    with pytest.raises(StaleProposal, match=r"a\.py \(lines 1-2\) has changed"):
        verify([_piece(1, 2)], lambda piece: "".join(lines))


def test_a_form_feed_ends_no_line() -> None:
    verify([_piece(4, 5)], lambda piece: "".join(LINES).replace("return 1", "return 1\f\u2028"))


def test_a_piece_that_moved_asks_again() -> None:
    with pytest.raises(StaleProposal, match="has changed"):
        verify([_piece(4, 5)], lambda piece: "# new first line\n" + "".join(LINES))


def test_a_file_that_is_gone_is_noticed() -> None:
    with pytest.raises(StaleProposal, match="is gone"):
        verify([_piece(1, 2)], lambda piece: None)
