"""Every form of an import is read as it is written: the module, and the names taken from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optafly.context.outline.imported import taken_by
from optafly.context.outline.read import outline_of

FORMS: dict[str, list[tuple[str, list[str]]]] = {
    "python": [
        ("import os", ["os"]),
        ("import a.b as c, d", ["a.b", "d"]),
        ("from a.b import c", ["a.b c"]),
        ("from . import c", [". c"]),
        ("from ..pkg.mod import (\n    c as d,  # why\n    e,\n)", ["..pkg.mod c e"]),
        ("from a import *", ["a *"]),
        ("from __future__ import annotations", ["__future__ annotations"]),
        ("def f():\n    from .late import g", [".late g"]),
        ("import importlib\nm = importlib.import_module('a.b')", ["importlib", "a.b"]),
        ("try:\n    import x\nexcept ImportError:\n    x = None", ["x"]),
    ],
    "typescript": [
        ("import './side'", ["./side"]),
        ("import a from './a'", ["./a a"]),
        ("import a, { b as c, type D } from '../x'", ["../x a b D"]),
        ("import * as ns from 'pkg'", ["pkg *"]),
        ("import type { T } from '@scope/pkg/t'", ["@scope/pkg/t T"]),
        ("import type T from './t'", ["./t T"]),
        ("import {\n  a, // why\n  b,\n} from './many';", ["./many a b"]),
        ("export { a as b } from './e'", ["./e a"]),
        ("export * from './all'", ["./all *"]),
        ("export * as ns from './all'", ["./all *"]),
        ("export const a = 1", []),
        ("import fs = require('fs')", ["fs fs"]),
        ("const { a, b: c } = require('./x')", ["./x a b"]),
        ("const x = require('./x')", ["./x x"]),
        ("async function f() { const m = await import('./lazy') }", ["./lazy m"]),
        ("const Page = lazy(() => import('./Page'))", ["./Page"]),
        ("import data from './a.json' with { type: 'json' }", ["./a.json data"]),
        ("import(`./${name}.js`)", []),
    ],
    "go": [
        ('package a\nimport "fmt"', ["fmt"]),
        (
            'package a\nimport (\n\t"fmt"\n\n\talias "x.io/y/v2" // why "not"\n\t_ "side"\n\t. "dot"\n)',
            ["fmt", "x.io/y/v2", "side", "dot *"],
        ),
    ],
    "rust": [
        ("use std::fmt;", ["std fmt"]),
        ("use crate::a::{b, c::{D, self}, e as f};", ["crate::a b e", "crate::a::c D"]),
        ("use super::*;", ["super *"]),
        ("pub(crate) use self::x::Y;", ["self::x Y"]),
        ("use {a::b, c::D};", ["a b", "c D"]),
        ("use serde;", ["serde"]),
        ("pub mod parser;", ["self::parser"]),
        ("mod inline { use a::B; }", ["a B"]),
        ("extern crate log;", ["log"]),
    ],
    "java": [
        ("import java.util.List;", ["java.util.List"]),
        ("import java.util.*;", ["java.util *"]),
        ("import static org.junit.Assert.assertEquals;", ["org.junit.Assert assertEquals"]),
        ("import static org.junit.Assert.*;", ["org.junit.Assert *"]),
    ],
    "kotlin": [
        ("import a.b.C", ["a.b.C"]),
        ("import a.b.C as D", ["a.b.C"]),
        ("import a.b.*", ["a.b *"]),
        ("import a.`in`.b", ["a.in.b"]),
    ],
    "csharp": [
        ("using System.Linq;", ["System.Linq"]),
        ("using static System.Math;", ["System.Math *"]),
        ("using Json = Newtonsoft.Json;", ["Newtonsoft Json"]),
        ("using Text = Words;", ["Words"]),
        ("global using A.B;", ["A.B"]),
        ("global using A.B;", ["A.B"]),
        ("using global::A.B;", ["A.B"]),
    ],
    "c": [("#include <stdio.h>", ["<stdio.h>"]), ('#  include "lib/x.h" // why', ["lib/x.h"])],
    "cpp": [("#include <vector>", ["<vector>"]), ('#include "x.hpp"', ["x.hpp"])],
    "ruby": [
        ('require "json"', ["json"]),
        ("require_relative 'lib/x'", ["./lib/x"]),
        ("require_relative '../x'", ["../x"]),
        ("load('tasks.rb')", ["tasks.rb"]),
        ("autoload :Cart, 'shop/cart'", ["shop/cart"]),
        ("require File.join(a, 'b')", []),
    ],
    "php": [
        ("<?php use A\\B\\C;", ["A\\B\\C"]),
        ("<?php use A\\B as C, D\\E;", ["A\\B", "D\\E"]),
        ("<?php use A\\{B, C as D, function e};", ["A\\B", "A\\C", "A\\e"]),
        ("<?php use function A\\b;", ["A\\b"]),
        ("<?php require_once __DIR__ . '/x.php';", ["./x.php"]),
        ("<?php include 'y.php';", ["y.php"]),
        ("<?php class A { use Trait; }", []),
    ],
    "scss": [("@use 'a/b';\n@import \"c\";", ["a/b", "c"])],
    "shellscript": [("source 'lib.sh'", ["lib.sh"])],
}


@pytest.mark.parametrize(
    ("language", "text", "expected"), [(language, *form) for language, forms in FORMS.items() for form in forms]
)
def test_every_form_of_import_is_read(language: str, text: str, expected: list[str]) -> None:
    assert [" ".join((each.module, *each.names)) for each in outline_of(text + "\n", language).imports] == expected


def test_imports_say_their_line() -> None:
    text = 'package a\n\nimport (\n\t"fmt"\n\n\t/* two\n\tlines */\n\t"os"\n)\n'
    assert [(each.module, each.line) for each in outline_of(text, "go").imports] == [("fmt", 4), ("os", 8)]


@pytest.mark.parametrize(
    ("language", "text", "package"),
    [
        ("go", "package cart // why\n", "cart"),
        ("java", "package shop.core;\n", "shop.core"),
        ("kotlin", "package shop.core\n", "shop.core"),
        ("csharp", "namespace Shop.Core;\n", "Shop.Core"),
        ("csharp", "namespace Shop.Core\n{\n    class A {}\n}\n", "Shop.Core"),
        ("php", "<?php\nnamespace App\\Models;\n", "App\\Models"),
        ("python", "package = 1\n", ""),
    ],
)
def test_the_package_is_what_the_file_says_it_is(language: str, text: str, package: str) -> None:
    assert outline_of(text, language).package == package


@given(language=st.sampled_from([*FORMS, "cobol"]), text=st.text(st.sampled_from("use import{}:*,;()'\"\\. \n/as#")))
def test_no_statement_makes_a_reader_fail(language: str, text: str) -> None:
    for offset, module, names in taken_by(text, language):
        assert offset >= 0
        assert module
        assert all(names)
