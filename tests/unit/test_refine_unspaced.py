"""Languages without spaces: names of code stand right beside the words, and "this function" is one run of signs."""

from __future__ import annotations

import pytest

from fakes.screen import PATH, SYMBOL, document, empty_screen, snapshot
from optafly.config import RefineSettings
from optafly.domain import Refinement
from optafly.refine.reading import read_prompt
from optafly.refine.refinement import refine


def refined(prompt: str) -> Refinement:
    return refine(snapshot(prompt), (SYMBOL,), RefineSettings())


@pytest.mark.parametrize(
    "prompt",
    [
        "修复parse_config里的错误",
        "为什么parse_config()会失败？",
        "parse_config関数を直して",
        "関数parse_configを説明して",
        "parse_config함수를 고쳐줘",
        "แก้ไขparse_configหน่อย",
        "parse_configなぜ遅い",
    ],
)
def test_a_name_of_code_is_read_without_spaces_around_it(prompt: str) -> None:
    (located,) = (change for change in refined(prompt).changes if change.kind == "locate")

    assert prompt[: located.start].endswith(("parse_config", "parse_config()"))
    assert SYMBOL.text in refined(prompt).refined


@pytest.mark.parametrize(
    "prompt", ["修复config.py里的错误", "config.pyを直して", "src/config.py파일을 설명해줘", "ดูconfig.pyให้หน่อย"]
)
def test_a_file_is_read_without_spaces_around_it(prompt: str) -> None:
    assert read_prompt(snapshot(prompt), (SYMBOL,)).paths == {PATH}


def test_a_name_goes_on_with_letters_of_scripts_that_have_spaces() -> None:
    umlauts = document("def prüfe_größe(x):\n    return x\n", "a.py")

    reading = read_prompt(snapshot("Was macht prüfe_größe?", active=umlauts, diagnostics=()), ())

    assert reading.named is not None
    assert reading.named.end == len("Was macht prüfe_größe")
    assert not read_prompt(snapshot("myconfig.py"), ()).paths


THIS_FUNCTION = [
    "解释这个函数", "解释一下当前函数", "这段代码是做什么的", "這個函式是做什麼的", "该方法为什么报错",
    "この関数を説明して", "現在の関数を直して", "このメソッドをリファクタリングして", "選択したコードをレビューして",
    "이 함수를 설명해줘", "이함수를 고쳐줘", "현재 함수를 리팩토링해줘", "이 코드 좀 봐줘",
]  # fmt: skip
THIS_FILE = [
    "解释这个文件", "解释当前文件", "這個檔案是做什麼的", "このファイルを説明して", "現在のファイルをレビューして",
    "이 파일을 설명해줘", "현재 파일을 리뷰해줘", "이파일을 요약해줘",
]  # fmt: skip


@pytest.mark.parametrize("prompt", THIS_FUNCTION)
def test_this_function_is_the_one_at_the_cursor(prompt: str) -> None:
    assert f"`parse_config`{',' if refined(prompt).language == 'ko' else ''}" in refined(prompt).refined.split("\n")[0]


@pytest.mark.parametrize("prompt", THIS_FILE)
def test_this_file_is_the_open_one(prompt: str) -> None:
    (located,) = (change for change in refined(prompt).changes if change.kind == "locate")

    assert f"`{PATH}`" in located.after
    assert "parse_config" not in located.after


def test_without_an_open_file_it_is_asked_which_one_is_meant() -> None:
    assert refine(empty_screen("解释这个文件"), (), RefineSettings()).question is not None
