"""What was worked out of a text for one prompt is right for the next."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fakes.planted import TOKENS
from optafly.context.outline.read import outline_of
from optafly.context.pack.reader import File, without_secrets
from optafly.privacy.masking import mask

SECRET = f"KEY = '{TOKENS['github classic']}'\n"
PLAIN = "def total(rows):\n    return sum(rows)\n"


def test_a_text_is_masked_each_time_and_shown_as_it_is_only_where_that_was_asked_for() -> None:
    for text, masked in ((PLAIN, True), (SECRET, True), (SECRET, False), (PLAIN + SECRET, True), (SECRET, True)):
        file = File("/w", "a.py", "file:///w/a.py", text, outline_of(text, "python"), masked=masked)
        secret_is_there = TOKENS["github classic"] in file.content
        assert secret_is_there == (not masked)
        assert file.raw.data.decode() == text
        last = len(text.splitlines())
        assert (file.tokens(1, last) == file.cost(1, last)) == (text == PLAIN or not masked)


@given(st.lists(st.sampled_from([SECRET, PLAIN, "x = 1\n", "\n"]), max_size=6).map("".join) | st.text())
def test_what_is_known_to_hold_no_secret_holds_none(text: str) -> None:
    expected = mask(text, "")[0]
    assert [without_secrets(text) for _ in range(2)] == [expected] * 2
