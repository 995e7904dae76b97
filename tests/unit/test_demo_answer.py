"""A simulated answer says that it is one, and is made from the request."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from optafly.demo.answer import OPENING, deltas, plausible_answer

PROMPT = "Why does this fail in `shop/cart.py`?\n\n```python\ndef total(items):\n    return sum(items)\n```\n"


def test_it_names_the_file_and_the_function_and_repeats_the_code() -> None:
    answer = plausible_answer(PROMPT)
    assert answer.startswith(OPENING)
    assert "`total` in `shop/cart.py`" in answer
    assert "```python\ndef total(items):\n    return sum(items)\n```" in answer


def test_a_symbol_in_backticks_is_named_where_no_code_defines_one() -> None:
    assert "`Cart.total`" in plausible_answer("Explain `shop/cart.py` and `Cart.total`")


@given(st.text())
def test_any_prompt_gets_a_simulated_answer(prompt: str) -> None:
    assert plausible_answer(prompt).startswith(OPENING)


@given(st.text())
def test_deltas_make_up_the_text(text: str) -> None:
    assert "".join(deltas(text)) == text
