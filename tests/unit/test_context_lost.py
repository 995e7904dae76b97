"""Definitions where code does not parse: half-written, or newer than the grammar."""

from __future__ import annotations

import pytest

from optafly.context.outline.read import outline_of

KOTLIN = """\
package shop

/** Prices. */
class Till(val vat: Double) :
  Drawer(),
  Locked {
  private val open = false

  fun total(lines: List<Line>): Double {
    return lines.sumOf { it.price }
  }

  fun label(): String {
    return if (open) $$"$$vat$$$open" else ""
  }

  /** Empties it. */
  internal fun <T> Line.drop(by: T) = run(by)

  inner class Slot {
    fun push() {}
  }
}

fun outside() {}
"""
C = """\
struct till_s {
  TILL_FIELDS
};

TILL_PRIVATE_TYPES


int till_open(till_t* till,
              int how) {
#if HAS_LOCK
  if (how) {
#else
  {
#endif
    lock(till);
  }
  return 0;
}

static void till_close(void) {
}
"""


def told(text: str, language: str) -> list[tuple[str, str, int, int]]:
    return [(d.kind, d.name, d.start_line, d.end_line) for d in outline_of(text, language).definitions]


def test_a_class_with_a_string_that_the_grammar_does_not_know_is_whole() -> None:
    definitions = [each for each in told(KOTLIN, "kotlin") if each[0] not in ("property", "variable")]
    assert definitions == [
        ("class", "Till", 3, 23),
        ("method", "Till.total", 9, 11),
        ("method", "Till.label", 13, 15),
        ("method", "Till.Line.drop", 17, 18),
        ("class", "Till.Slot", 20, 22),
        ("method", "Till.Slot.push", 21, 21),
        ("function", "outside", 25, 25),
    ]


def test_macros_for_fields_and_branches_for_braces_hide_nothing_of_c() -> None:
    assert told(C, "c") == [
        ("struct", "till_s", 1, 3),
        ("function", "till_open", 8, 18),
        ("function", "till_close", 20, 21),
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "typescript",
            "export class Till {\n  open(): void {\n    const a = {\n  }\n}\n\nexport function shut() {\n  go(\n}\n",
        ),
        ("python", "class Till:\n    def open(self):\n        x = (1,\n\n\ndef shut():\n    pass\n"),
        ("java", "public class Till {\n  void open() {\n    if (a {\n  }\n\n  public static void shut() {\n  }\n}\n"),
        (
            "rust",
            "pub struct Till {\n    open: u8,\n}\n\nimpl Till {\n    fn shut(&self) {\n        if a {\n    }\n}\n",
        ),
    ],
)
def test_what_is_half_written_costs_no_definition(language: str, text: str) -> None:
    names = {name.replace("::", ".").rpartition(".")[2] for _, name, _, _ in told(text, language)}
    assert {"Till", "shut"} <= names


def test_what_parses_is_as_it_was() -> None:
    text = 'fun a() {\n  val s = """\nfun b() {}\n"""\n}\n'
    assert told(text, "kotlin") == [("function", "a", 1, 5)]


def test_what_lies_in_something_called_by_a_word_of_the_language_is_named_after_what_is_around_that() -> None:
    java = "package shop;\n\n@Entity\npublic class Cart {\n    public Cart() {\n        this.lines.clear();\n    }\n}\n"

    outline = outline_of(java, "cpp")

    assert [(each.name, each.depth) for each in outline.definitions] == [("Cart", 0)]
