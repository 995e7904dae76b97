"""Whatever may make a prompt ask for something else is found, in any script; a polite frame is not a difference."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from optafly.cache.difference import difference, negates
from optafly.cache.lexing import LONGEST
from optafly.cache.wording import parts

NAMES = st.from_regex(r"[a-z]{2,8}(_[a-z]{1,6})?|[a-z]{2,5}[A-Z][a-z]{1,5}", fullmatch=True)
PROMPTS = st.lists(
    st.sampled_from(["why", "does", "the", "fail", "on", "of", "`f(x)`", '"a', 'b"', "--all", "src/app.py", "3.11"])
    | st.sampled_from(["=", "不", "要", "删除", "не", "работает", "is", "failing", "please", "a", "do", "?"])
    | NAMES,
    min_size=1,
    max_size=8,
).map(" ".join)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("Retry after 30 seconds", "Retry after 60 seconds", "`30` became `60`"),
        ("Use Python 3.11", "Use Python 3.12", "`3.11` became `3.12`"),
        ("Wait 10m", "Wait 10M", "`10m` became `10M`"),
        ("把超时改成30秒", "把超时改成60秒", "`30` became `60`"),
        ("超时改成３０秒", "超时改成６０秒", "`３０` became `６０`"),
        ("Write tests for parse_dates", "Write tests for parse_times", "`parse_dates` became `parse_times`"),
        ("What does getUser return", "What does getuser return", "`getUser` became `getuser`"),
        ('Print "yes" at the end', 'Print "no" at the end', '`"yes"` became `"no"`'),
        ("Drucke „ja“ am Ende", "Drucke „nein“ am Ende", "`„ja“` became `„nein“`"),
        ("Affiche « oui » à la fin", "Affiche « non » à la fin", "`« oui »` became `« non »`"),
        ("打印「是」", "打印「否」", "`「是」` became `「否」`"),
        ("Open src/app.py", "Open src/api.py", "`src/app.py` became `src/api.py`"),
        ("Run ls -a", "Run ls -l", "`-a` became `-l`"),
        ("Compare with ==", "Compare with !=", "`==` became `!=`"),
        ("Rename foo to bar", "Rename bar to foo", "the same words stand in another order"),
        ("Sort the rows ascending", "Sort the rows descending", "`ascending` became its opposite `descending`"),
        ("Do it before the commit", "Do it after the commit", "`before` became its opposite `after`"),
        ("rename a to b", "rename i to b", "`a` became `i`"),
        ("what does for do", "what does in do", "`for` became `in`"),
        ("Explain a decorator", "Explain this decorator", "`a` is gone"),
        ("Can you nest functions?", "Nest functions", "`can` became `Nest`"),
        ("Delete the files", "Delete all the files", "`all` was added"),
        ("Delete all the files", "Delete the files", "`all` is gone"),
    ],
)
def test_a_difference_is_named(before: str, after: str, said: str) -> None:
    assert difference(before, after) == said


@pytest.mark.parametrize(
    ("plain", "negated"),
    [
        ("Make the function async", "Make the function not async"),
        ("It works", "It doesn't work"),
        ("It works", "It doesn’t work"),
        ("Use a lock", "Use no lock"),
        ("Do it with a loop", "Do it without a loop"),
        ("Warum läuft das", "Warum läuft das nicht"),
        ("Nimm eine Schleife", "Nimm keine Schleife"),
        ("Pourquoi ça marche", "Pourquoi ça ne marche pas"),
        ("Usa un bucle", "No usa un bucle"),
        ("要删除文件", "不要删除文件"),
        ("文件存在", "文件没存在"),
        ("これはエラーである", "これはエラーではない"),
        ("動きます", "動きません"),
        ("Почему это работает", "Почему это не работает"),
        ("Сделай с циклом", "Сделай без цикла"),
    ],
)
def test_a_negation_is_a_difference_and_is_called_one(plain: str, negated: str) -> None:
    added, gone = difference(plain, negated), difference(negated, plain)
    assert str(added).startswith("the negation")
    assert str(gone).startswith("the negation")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Explain this function", "Could you please explain the function?"),
        ("Explain this function", "Describe the function, please"),
        ("How do I sort a list?", "How to sort a list"),
        ("What does this function do?", "Explain what this function does"),
        ("why does this fail?", "Why is this failing?"),
        ("Why does this raise an error", "why is this raising an error"),
        ("Tell me why this fails", "why this fails"),
        ("It does not work", "it doesn't work"),
        ("I need to fix the parser", "Fix the parser, thanks"),
        ("改成３０秒", "改成30秒"),
        ("解释这个函数。", "解释这个函数"),
    ],
)
def test_a_frame_around_the_same_request_is_no_difference(before: str, after: str) -> None:
    assert difference(before, after) is None
    assert difference(after, before) is None


@given(PROMPTS)
def test_nothing_differs_from_itself(prompt: str) -> None:
    assert difference(prompt, prompt) is None


@given(PROMPTS, PROMPTS)
def test_a_difference_does_not_depend_on_who_was_first(one: str, other: str) -> None:
    assert (difference(one, other) is None) is (difference(other, one) is None)


@given(NAMES, NAMES)
def test_swapped_names_are_always_a_difference(one: str, other: str) -> None:
    assume(one != other)
    assert difference(f"Rename {one} to {other}", f"Rename {other} to {one}")


@given(PROMPTS, st.sampled_from(["not", "never", "nicht", "ne", "sin", "不", "не"]), st.data())
def test_a_negation_put_in_anywhere_is_a_difference(prompt: str, negation: str, data: st.DataObject) -> None:
    words = prompt.split()
    words.insert(data.draw(st.integers(0, len(words))), negation)
    assume('"' not in prompt)  # inside a quotation it is another quotation, which is tested above
    assert difference(prompt, " ".join(words))


@given(PROMPTS, st.integers(0, 99), st.integers(0, 99))
def test_another_number_is_always_a_difference(prompt: str, one: int, other: int) -> None:
    assert (difference(f"{prompt} {one}", f"{prompt} {other}") is None) is (one == other)


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts_can_be_compared(one: str, other: str) -> None:
    said = difference(one, other)
    assert said is None or ("\n" not in said and len(said) < 150)


def test_a_prompt_too_long_to_be_compared_word_by_word_only_equals_itself() -> None:
    long = "word " * LONGEST
    assert difference(long, long) is None
    assert difference(long, long + "not")


def test_a_negation_is_known_by_its_word_not_by_its_letters() -> None:
    assert [part.text for part in parts("note that nothing is not done") if negates(part)] == ["nothing", "not"]
