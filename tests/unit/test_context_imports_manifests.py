"""What manifests say, whoever wrote them."""

from __future__ import annotations

import pytest

from optafly.context.imports.manifests import Manifests, read_manifest

HOSTILE = {
    "blank lines in C#": ("Usings.cs", "\n" * 900_000),
    "blanks in C#": ("Usings.cs", "global using " + " " * 900_000),
    "blank lines in go.mod": ("go.mod", "\n" * 900_000),
    "comments that never close": ("tsconfig.json", "/*" * 450_000),
    "strings that never close": ("tsconfig.json", '"\\' * 450_000),
}


@pytest.mark.timeout(20)  # no figure: read from each line or sign anew, each of these would take minutes
@pytest.mark.parametrize("case", HOSTILE)
def test_no_manifest_holds_everything_up(case: str) -> None:
    path, text = HOSTILE[case]
    assert read_manifest(path, text) == Manifests()


def test_what_all_files_of_c_sharp_use_is_read_line_by_line() -> None:
    text = "\n\n  global using  Shop.Till ;\r\n\tglobal using static Shop.Vat;\nglobal using T = global::Shop.Tax;\n"
    assert read_manifest("src/Usings.cs", text).usings == {"src": ("Shop.Till", "Shop.Vat.*", "Shop.Tax.*")}
    assert read_manifest("go.mod", "// ours\n\n  module  shop.org/till\n").go == {"": "shop.org/till"}


def test_comments_and_trailing_commas_are_no_part_of_a_tsconfig() -> None:
    text = '{ // one\n "compilerOptions": { /* "two" */ "baseUrl": "./a//b/*c*/\\"",\n }, }\n'
    assert read_manifest("tsconfig.json", text).aliases["tsconfig.json"].base == './a//b/*c*/"'
