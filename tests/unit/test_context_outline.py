"""An outline tells of a file what a person would: heads, first sentences, imports, and the names it uses."""

from __future__ import annotations

import pytest

from fakes.outlines import OUTLINES
from fakes.sources import GOLDENS
from optafly.context.outline.model import Outline
from optafly.context.outline.read import outline_of
from optafly.context.symbols import symbols_in


def told(outline: Outline) -> list[str]:
    """Write an outline as the goldens do."""
    return [
        *([f"package {outline.package}"] if outline.package else []),
        *(
            f"{'  ' * d.depth}{d.kind} {d.name} | {d.signature}" + (f" | {d.doc}" if d.doc else "")
            for d in outline.definitions
        ),
        *(f"import {' '.join((each.module, *each.names))} @{each.line}" for each in outline.imports),
        f"uses {' '.join(sorted(outline.references))}",
    ]


def signatures(text: str, language: str) -> list[str]:
    return [definition.signature for definition in outline_of(text, language).definitions]


def docs(text: str, language: str) -> list[str]:
    return [definition.doc for definition in outline_of(text, language).definitions]


@pytest.mark.parametrize("language", sorted(OUTLINES))
def test_an_outline_holds_what_a_person_would_tell_of_a_file(language: str) -> None:
    text, _ = GOLDENS[language]
    assert told(outline_of(text, language)) == OUTLINES[language]


@pytest.mark.parametrize("language", sorted(GOLDENS))
def test_the_cursor_and_the_outline_agree_on_what_a_definition_is(language: str) -> None:
    text, _ = GOLDENS[language]
    of_the_cursor = {(s.name, s.kind, s.start_line, s.end_line, s.name_line) for s in symbols_in(text, language)}
    of_the_outline = {
        (d.name, d.kind, d.start_line, d.end_line, d.name_line)
        for d in outline_of(text, language).definitions
        if d.kind not in ("constant", "variable")
    }
    assert of_the_cursor == of_the_outline


def test_decorators_and_annotations_are_lines_of_a_definition_but_not_part_of_its_head() -> None:
    python = "@app.get('/carts/{id}')\n@cached(ttl=60)\nasync def read(id: str) -> Cart:\n    ...\n"
    java = (
        '@Entity(name = "cart")\n@Table(name = "carts", indexes = {@Index(columnList = "a")})\npublic class Cart {}\n'
    )
    typescript = '@Component({ selector: "cart", inputs: ["a"] })\nexport class Cart {\n  @Input() lines: Line[];\n}\n'
    assert signatures(python, "python") == ["async def read(id: str) -> Cart"]
    assert signatures(java, "java") == ["public class Cart"]
    assert signatures(typescript, "typescript") == ["export class Cart"]
    assert outline_of(python, "python").definitions[0].start_line == 1


def test_every_overload_is_a_definition_of_its_own() -> None:
    python = "@overload\ndef f(a: int) -> int: ...\n@overload\ndef f(a: str) -> str: ...\ndef f(a): return a\n"
    typescript = "function f(a: number): number;\nfunction f(a: string): string;\nfunction f(a: any) { return a }\n"
    assert signatures(python, "python") == ["def f(a: int) -> int", "def f(a: str) -> str", "def f(a)"]
    assert signatures(typescript, "typescript") == [
        "function f(a: number): number",
        "function f(a: string): string",
        "function f(a: any)",
    ]


def test_a_head_over_several_lines_is_written_in_one_without_its_remarks() -> None:
    text = "def f(\n    a: int,  # how many\n    *,\n    b: str = 'x',\n) -> None:\n    pass\n"
    assert signatures(text, "python") == ["def f( a: int, *, b: str = 'x', ) -> None"]


def test_a_head_is_never_longer_than_300_characters() -> None:
    text = f"def f({', '.join(f'argument_{n}: int' for n in range(100))}): pass\n"
    (signature,) = signatures(text, "python")
    assert len(signature) == 300
    assert signature.endswith("…")


@pytest.mark.parametrize(
    ("language", "text", "doc"),
    [
        ("python", 'def f():\n    """Add a line. Then more.\n\n    And more."""\n', "Add a line."),
        ("python", "def f():\n    'One line'\n", "One line"),
        ("python", "# Adds\n# a line. Ever.\ndef f(): pass\n", "Adds a line."),
        ("typescript", "/**\n * Adds a {@link Line}. Ever.\n * @param a b\n */\nfunction f() {}\n", "Adds a Line."),
        ("go", "package a\n\n//go:noinline\n// F adds a line.\nfunc F() {}\n", "F adds a line."),
        ("rust", "/// Adds a line.\n///\n/// # Panics\n#[inline]\nfn f() {}\n", "Adds a line."),
        ("java", "class A {\n  /** Adds <b>a</b> line. */\n  @Override void f() {}\n}\n", "Adds a line."),
        ("c", "/*\n   Adds a line.\n   Ever.\n*/\nint f(void) { return 1; }\n", "Adds a line."),
        ("ruby", "# Adds a line.\n#\n# @return [Line]\ndef f; end\n", "Adds a line."),
        ("php", "<?php\n/**\n * Adds a line.\n *\n * @return int\n */\nfunction f() {}\n", "Adds a line."),
        ("kotlin", "/** Adds a line. */\nfun f() = 1\n", "Adds a line."),
        (
            "csharp",
            "class A {\n  /// <summary>\n  /// Adds a line.\n  /// </summary>\n  void F() {}\n}\n",
            "Adds a line.",
        ),
    ],
)
def test_the_doc_is_the_first_sentence_of_what_is_written_about_it(language: str, text: str, doc: str) -> None:
    assert docs(text, language)[-1] == doc


def test_a_component_with_jsx_uses_the_components_in_it_but_no_tags() -> None:
    text = "export function Page() {\n  return <Layout><Panel.Body a={b} /><div onClick={go} /></Layout>;\n}\n"
    outline = outline_of(text, "typescriptreact")
    assert set(outline.references) == {"Layout", "Panel", "Body"}


def test_references_leave_out_what_the_file_defines_and_count_the_rest() -> None:
    text = (
        "from a import bb\n\ndef own(): ...\n\nclass A(Base):\n    x: Kind\n\n"
        "    def f(self):\n        own()\n        run(bb)\n        run(self.state)\n"
    )
    assert outline_of(text, "python").references == {"run": 2, "state": 1, "Base": 1, "Kind": 1, "bb": 1}


def test_rust_macros_traits_and_impls_are_told_apart() -> None:
    text = (
        "macro_rules! cart { () => {}; }\n\n"
        "pub trait Priced: Clone {\n    const VAT: f64;\n    fn price(&self) -> f64;\n}\n\n"
        "impl<T> Priced for Cart<T> where T: Clone {\n    fn price(&self) -> f64 { helper!(self); 1.0 }\n}\n"
    )
    outline = outline_of(text, "rust")
    assert [f"{d.kind} {d.name}: {d.signature}" for d in outline.definitions] == [
        "macro cart: macro_rules! cart { () => {}; }",
        "trait Priced: pub trait Priced: Clone",
        "constant Priced::VAT: const VAT: f64",
        "method Priced::price: fn price(&self) -> f64",
        "impl Cart: impl<T> Priced for Cart<T> where T: Clone",
        "method Cart::price: fn price(&self) -> f64",
    ]
    assert "helper" in outline.references


def test_the_macros_before_a_c_declaration_do_not_hide_it() -> None:
    text = (
        "/* Starts. */\nLIB_EXPORT int lib_start(lib_t* lib);\nLIB_EXPORT const char* lib_name(void);\n"
        "class LIB_API Node : public Base {\n  void go();\n};\n"
    )
    outline = outline_of(text, "cpp")
    assert [(d.name, d.start_line, d.doc) for d in outline.definitions] == [
        ("lib_start", 1, "Starts."),
        ("lib_name", 3, ""),
        ("Node", 4, ""),
        ("Node::go", 5, ""),
    ]


def test_two_macros_before_a_c_declaration_do_not_hide_it() -> None:
    outline = outline_of("LIB_HIDDEN\nLIB_EXPORT int lib_start(lib_t* lib);\n", "c")
    assert [(d.name, d.start_line, d.signature) for d in outline.definitions] == [
        ("lib_start", 2, "int lib_start(lib_t* lib)")
    ]


def test_the_items_in_a_rust_macro_are_read_as_if_it_were_not_there() -> None:
    text = (
        "cfg_unix! {\n    /// Opens.\n    #[inline]\n    pub(crate) fn open() -> Port { dial() }\n\n    impl Port {\n"
        "        cfg_wide! {\n            pub fn width(&self) -> u8 { 8 }\n        }\n    }\n}\n\n"
        "cfg_io! {\n    pub use self::port::Port;\n    mod port;\n}\n\n"
        'fn go() {\n    say! {\n        "fn no()"\n    }\n}\n'
    )
    outline = outline_of(text, "rust")
    assert [(d.name, d.start_line, d.end_line, d.doc) for d in outline.definitions] == [
        ("open", 2, 4, "Opens."),
        ("Port", 6, 10, ""),
        ("Port::width", 8, 8, ""),
        ("go", 18, 22, ""),
    ]
    assert [(each.module, each.names) for each in outline.imports] == [("self::port", ("Port",)), ("self::port", ())]


def test_the_arguments_of_a_template_are_no_part_of_its_name_however_long_they_are() -> None:
    arguments = ", ".join(f"decltype(std::declval<T{n}>())" for n in range(9))
    text = f"template <typename T>\nstruct has_size<T, void_t<{arguments}>> : std::true_type {{}};\n"
    assert [d.name for d in outline_of(text, "cpp").definitions] == ["has_size"]


@pytest.mark.parametrize("language", ["vue", "svelte"])
def test_the_script_of_a_component_is_read_where_it_stands(language: str) -> None:
    text = (
        "<template>\n  <Foo />\n</template>\n<script lang='ts'>\nimport Foo from './Foo.vue'\n"
        "/** Goes. */\nfunction go(): void { store.send() }\n</script>\n<style>.a {}</style>\n"
    )
    outline = outline_of(text, language)
    (go,) = outline.definitions
    assert (outline.language, go.name, go.start_line, go.end_line, go.doc) == (language, "go", 6, 7, "Goes.")
    assert [(each.module, each.line) for each in outline.imports] == [("./Foo.vue", 5)]


def test_prose_is_told_by_its_headings() -> None:
    text = "# Guide\n\ntext\n\n## Install\n\n```sh\n# no heading\n```\n\n### From source\n\n## Use\n\ntext\n"
    assert [(d.name, d.depth, d.start_line, d.end_line) for d in outline_of(text, "markdown").definitions] == [
        ("Guide", 0, 1, 16),
        ("Install", 1, 5, 12),
        ("From source", 2, 11, 12),
        ("Use", 1, 13, 16),
    ]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("shellscript", "# Says it.\nhello() {\n  echo hi\n}\nfunction bye {\n  echo\n}\n", ["hello 1-4", "bye 5-7"]),
        ("lua", "local function f(a)\n  return a\nend\n\nfunction M.g() end\n", ["f 1-3", "M.g 5-5"]),
        ("swift", "public struct Cart {\n  func add() {\n  }\n}\n", ["Cart 1-4", "add 2-3"]),
        ("elixir", "defmodule Shop.Cart do\n  def add(a) do\n    a\n  end\nend\n", ["Shop.Cart 1-5", "add 2-4"]),
        ("sql", "CREATE TABLE IF NOT EXISTS cart (\n  id int\n);\n", ["cart 1-3"]),
        ("terraform", 'resource "aws_s3_bucket" "logs" {\n  acl = 1\n}\n', ["aws_s3_bucket.logs 1-3"]),
        ("proto", "message Cart {\n  string id = 1;\n}\nservice Shop {\n}\n", ["Cart 1-3", "Shop 4-5"]),
        ("json", '{"function": "a", "class": "b"}\n', []),
    ],
)
def test_other_languages_are_told_by_the_words_that_define(language: str, text: str, expected: list[str]) -> None:
    assert [f"{d.name} {d.start_line}-{d.end_line}" for d in outline_of(text, language).definitions] == expected
