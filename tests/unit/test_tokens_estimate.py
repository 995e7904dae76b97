"""The token estimate is near what Claude counts, for code and for prose in several scripts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optafly.tokens import WEIGHTS, estimate_tokens, features

CODE = '''\
def binary_search(items, target):
    """Return the index of `target` in the sorted list `items`, or -1 where it is missing."""
    low, high = 0, len(items) - 1
    while low <= high:
        middle = (low + high) // 2
        if items[middle] == target:
            return middle
        if items[middle] < target:
            low = middle + 1
        else:
            high = middle - 1
    return -1
'''
TYPESCRIPT = """\
export function activate(context: vscode.ExtensionContext): void {
  const disposable = vscode.commands.registerCommand("sample.hello", async () => {
    await vscode.window.showInformationMessage("Hello from the sample extension!");
  });
  context.subscriptions.push(disposable);
}
"""
PROSE = (
    "When the server starts it reads its settings from three places, and the last one wins. A setting that is wrong is "
    "reported by name, with the values that are allowed, and every other setting still holds. Nothing is sent before a "
    "person has seen it and agreed."
)
RUSSIAN = "Почему эта функция возвращает неверный результат, когда список пуст? Исправьте ошибку и объясните причину."
CHINESE = "为什么这个函数在列表为空时返回错误的结果？请修复错误并解释原因。"


@pytest.mark.parametrize(
    ("text", "true", "within"),
    [
        (CODE, 133, 0.15),
        (TYPESCRIPT, 100, 0.15),
        (PROSE, 73, 0.15),
        (RUSSIAN, 40, 0.25),
        (CHINESE, 32, 0.25),
    ],
    ids=["python", "typescript", "english", "russian", "chinese"],
)
def test_it_is_near_the_true_count(text: str, true: int, within: float) -> None:
    """The true counts are those of ctok 1.3.0, family 4.8, without the frame of a message."""
    assert estimate_tokens(text) == pytest.approx(true, rel=within)


def test_no_text_has_no_tokens_and_any_text_has_one() -> None:
    assert estimate_tokens("") == 0
    assert estimate_tokens(".") == 1


@given(st.text(min_size=1))
def test_any_text_has_an_estimate_of_at_least_one_and_no_more_than_its_bytes_allow(text: str) -> None:
    assert 1 <= estimate_tokens(text) <= 5 * len(text.encode("utf-8", "replace")) + 1


@given(st.text())
def test_there_is_a_weight_for_every_feature(text: str) -> None:
    assert len(features(text)) == len(WEIGHTS)


@given(st.text(), st.text())
def test_a_text_is_about_its_lines(first: str, second: str) -> None:
    apart = estimate_tokens(first + "\n") + estimate_tokens(second)
    assert estimate_tokens(first + "\n" + second) == pytest.approx(apart, abs=4)
