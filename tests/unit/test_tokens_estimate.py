"""The token estimate is near what Claude counts, for code and for prose in several scripts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optafly.tokens import METHOD, METHOD_OLDER, estimate_tokens, method_of

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


GERMAN = (
    "Die Übersetzung der Fehlermeldungen geschieht beim Start. Ändert sich eine Einstellung währenddessen, so gilt sie"
    " erst für die nächste Anfrage; Größe und Häufigkeit der Zwischenspeicherung bleiben unverändert."
)
DIFF = """\
diff --git a/shop/till.py b/shop/till.py
index 83db48f..bf2690a 100644
--- a/shop/till.py
+++ b/shop/till.py
@@ -12,7 +12,7 @@ class Till:
     def total(self) -> int:
-        return sum(self.prices)
+        return sum(self.prices) - self.discount
"""
JSON = '{"name": "till", "version": "1.4.12", "prices": [120, 99, 1000], "open": true, "tax": {"rate": 0.19}}\n'
LOG = (
    "2026-11-21 18:03:22,417 WARNING optafly.workers: worker models ended (code -9), started again in 0.5 s\n"
    'Traceback (most recent call last):\n  File "/srv/app/main.py", line 33, in <module>\n    run(sys.argv[1:])\n'
)


@pytest.mark.parametrize(
    ("text", "true"),
    [
        (CODE, 133),
        (TYPESCRIPT, 100),
        (PROSE, 73),
        (RUSSIAN, 40),
        (CHINESE, 32),
        (GERMAN, 96),
        (DIFF, 120),
        (JSON, 51),
        (LOG, 92),
    ],
    ids=["python", "typescript", "english", "russian", "chinese", "german", "diff", "json", "log"],
)
def test_it_is_near_the_true_count(text: str, true: int) -> None:
    """The true counts are those of ctok 1.3.0, family 4.8, without the frame of a message."""
    assert estimate_tokens(text) == pytest.approx(true, rel=0.03)


def test_no_text_has_no_tokens_and_any_text_has_one() -> None:
    assert estimate_tokens("") == 0
    assert estimate_tokens(".") == 1
    assert estimate_tokens(" ") == 1
    assert estimate_tokens("\ufeff\x00") >= 1


def test_carriage_returns_cost_nothing() -> None:
    assert estimate_tokens(CODE.replace("\n", "\r\n")) == estimate_tokens(CODE)


def test_it_says_how_good_it_is_for_a_model_of_an_older_tokenizer() -> None:
    assert method_of("claude-haiku-4-5") == method_of("claude-sonnet-4-6") == METHOD_OLDER
    assert method_of("claude-sonnet-5-5") == method_of("claude-opus-4-8") == METHOD


@given(st.text(min_size=1))
def test_any_text_has_an_estimate_of_at_least_one_and_no_more_than_its_bytes_allow(text: str) -> None:
    assert 1 <= estimate_tokens(text) <= 5 * len(text.encode("utf-8", "replace")) + 1


@given(st.text(), st.text())
def test_a_text_is_about_its_lines(first: str, second: str) -> None:
    apart = estimate_tokens(first + "\n") + estimate_tokens(second)
    assert estimate_tokens(first + "\n" + second) == pytest.approx(apart, abs=4)


@given(st.text(), st.integers(1, 3))
def test_the_same_text_has_the_same_estimate_however_often_it_was_seen(text: str, times: int) -> None:
    assert len({estimate_tokens(text) for _ in range(times + 1)}) == 1
