"""The shape of a definition: formatting and comments are nothing, everything else is something."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optafly.context.shape import MOST_BYTES, above, shape

PYTHON = '''\
def total(prices, rate):
    """Return the sum."""
    amount = 0.0
    for index in range(1, len(prices)):
        amount += prices[index]
    return amount * (1 + rate)'''

# What is the same, written twice.
ALIKE = {
    "python": (
        PYTHON,
        'def total( prices ,\n        rate ):\n  """Return the sum."""\n\n  amount=0.0 # nothing yet\n'
        "  for index in range(1,len(prices)):\n     amount  +=  prices[index]\n  return amount*(1+rate)\n",
    ),
    "javascript": ("function f(a) { return a + 1; }", "function f( a )\n{\n  // one more\n  return a+1;\n}"),
    "typescript": ("export const f = (a: number) => a + 1;", "export const f = (\n  a: number\n) => a + 1; // one"),
    "go": ("func f() int { return 1 }", "// f is one.\nfunc f() int {\n\treturn 1\n}"),
    "rust": ("pub fn f() -> u8 { 1 }", "/// One.\npub fn f() -> u8 {\n    1 // one\n}"),
    "java": ("int f(int a) { return a; }", "int f( int a )\n{\n    /* a */ return a;\n}"),
    "kotlin": ("fun f(a: Int): Int { return a + 1 }", "fun f( a: Int ) : Int {\n    // one more\n    return a + 1\n}"),
    "csharp": ("public int F(int a) { return a; }", "public int F( int a )\n{\n    return a; // a\n}"),
    "c": ("int f(int a) { return a + 1; }", "int\nf( int a )\n{\n  /* one more */\n  return a+1;\n}"),
    "cpp": ("template <class T> T f(T a) { return a; }", "template <class T>\nT f( T a ) {\n  return a; // a\n}"),
    "ruby": ("def f(a)\n  a + 1\nend", "def f( a )\n\n    # one more\n    a + 1\nend"),
    "php": ("function f($a) { return $a; }", "function f( $a )\n{\n  // a\n  return $a;\n}"),
}


@pytest.mark.parametrize("language", ALIKE)
def test_formatting_and_comments_are_nothing(language: str) -> None:
    one, other = ALIKE[language]
    assert shape(one, language) is not None
    assert shape(one, language) == shape(other, language)


METHODS = {
    "javascript": "async foo(a) { return a; }",
    "typescript": "async foo(a) { return a; }",
    "java": "Foo(int a) { b = a; }",
    "csharp": "public Foo(int a) : base(a) { b = a; }",
    "kotlin": "constructor(a: Int) : this() { b = a }",
    "php": "private static function foo(int $a): int { return $a; }",
}


@pytest.mark.parametrize("language", METHODS)
def test_a_method_has_a_shape_without_its_class(language: str) -> None:
    constructor = METHODS[language]
    assert shape(constructor, language) is not None
    assert shape(constructor.replace("{", "{\n  // here\n"), language) == shape(constructor, language)


def test_a_method_keeps_its_shape_at_another_depth() -> None:
    deeper = "\n".join(f"    {line}" for line in PYTHON.split("\n"))
    assert shape(deeper, "python") == shape(PYTHON, "python")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("        amount +=", "    amount +="),  # another indentation is another program
        ("range(1", "range(2"),
        ("amount += ", "amount -= "),
        ("Return the sum.", "Return the  sum."),  # strings count to the letter
        ("prices[index]", "prices[rate]"),
        ("def total", "async def total"),
        ("def total", "@cached\ndef total"),
        ("0.0", "0.0  # type: int"),  # a comment for a tool is part of the program
        ("0.0", "0.0  # TODO: in cents"),  # and what is still to do shapes an answer
    ],
)
def test_everything_else_is_something(before: str, after: str) -> None:
    changed = PYTHON.replace(before, after)
    assert changed != PYTHON
    assert shape(changed, "python") is not None
    assert shape(changed, "python") != shape(PYTHON, "python")


def test_a_string_over_several_lines_keeps_its_own_indentation() -> None:
    flush = 'def f():\n    return """a\n    b"""'
    deeper = '    def f():\n        return """a\n        b"""'
    assert len({shape(flush, "python"), shape(deeper, "python"), shape(flush.replace("\n    b", "\nb"), "python")}) == 3


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("TODO # 12", "python"),  # a sentence can look like code
        ("amount = 1", "python"),
        ("x.y()", "javascript"),
        ("def f(:\n    return", "python"),
        ("def f():\n    return 1", "cobol"),
        ("", "python"),
        ("# only a comment", "python"),
        (f'def f():\n    return "{"x" * MOST_BYTES}"', "python"),
        ("def f():\n    return " + "(" * 400 + "1" + ")" * 400, "python"),
    ],
)
def test_what_is_no_whole_definition_counts_to_the_letter(text: str, language: str) -> None:
    assert shape(text, language) is None


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_any_token_changed_changes_it(data: st.DataObject) -> None:
    words: list[str] = list(PYTHON.split(" "))
    at = data.draw(st.sampled_from([n for n, word in enumerate(words) if word.strip()]))
    words[at] = words[at] + data.draw(st.sampled_from(["x", "1", ".y", "()", "[0]", " or z", " + 1"]))
    assert shape(" ".join(words), "python") != shape(PYTHON, "python")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("c", "fix it;"),
        ("c", "int count = 1;"),
        ("cpp", "make this faster;"),
        ("ruby", "answer = 1"),
        ("php", "Just a sentence."),
        ("kotlin", "fix this"),
        ("csharp", "fix this;"),
    ],
)
def test_what_is_no_whole_definition_has_no_shape(language: str, text: str) -> None:
    assert shape(text, language) is None


@pytest.mark.parametrize("language", ALIKE)
def test_a_place_is_the_same_in_every_formatting(language: str) -> None:
    one, other = ALIKE[language]
    ends = [above(text, language, len(text.split("\n"))) for text in (one, other)]
    assert ends[0] == ends[1]
    assert ends[0]
    assert above(one, language, 0) == above(other, language, 0)


def test_lines_that_read_the_same_have_places_of_their_own() -> None:
    text = "def f(a):\n    # first\n    a += 1\n    a += 1\n"
    places = [above(text, "python", line) for line in (2, 3)]
    assert None not in places
    assert places[0] != places[1]
    assert above(text.replace("    # first\n", ""), "python", 1) == places[0]


def test_what_has_no_shape_has_no_places() -> None:
    assert above("x = 1", "plaintext", 0) is None
    assert above("def f(:", "python", 0) is None
