"""What is not English is served where the words are the same, and nowhere else: no rule of English reads it."""

from __future__ import annotations

from itertools import combinations

import pytest

from optafly.cache.calibration import SHIPPED
from optafly.cache.judge import judge
from optafly.cache.normalise import normalise
from optafly.cache.reading import read
from optafly.cache.terms import Terms

LOOSEST = SHIPPED.least_score(1.0)


def _pairs(rows: str) -> list[tuple[str, str]]:
    return [(before, after) for before, after in (row.split(" | ") for row in rows.strip().splitlines())]


TRAPS = """
Warum wird der Cache benutzt? | Warum wird der Cache nicht benutzt?
Zeige alle Dateien mit Fehlern | Zeige alle Dateien ohne Fehler
Setze das Timeout auf dreißig Sekunden | Setze das Timeout auf sechzig Sekunden
Suche nach „Fehler“ im Log | Suche nach „Warnung“ im Log
Der Parser ruft den Lexer auf | Den Parser ruft der Lexer auf
Was macht die Methode Essen | Was macht die Methode essen
Sortiere die Liste aufsteigend | Sortiere die Liste absteigend
Lösche nicht, behalte | Lösche, nicht behalte
为什么缓存被使用 | 为什么缓存没有被使用
把超时设置为三十秒 | 把超时设置为六十秒
把超时设置为30秒 | 把超时设置为60秒
在日志中查找“错误” | 在日志中查找“警告”
把数据从源复制到目标 | 把数据从目标复制到源
不，要解释这个函数 | 不要解释这个函数
キャッシュを使う | キャッシュを使わない
「foo」を「bar」に変更 | 「bar」を「foo」に変更
Почему кэш используется? | Почему кэш не используется?
Покажи последние два коммита | Покажи последние три коммита
Найди «ошибка» в логе | Найди «сбой» в логе
Парсер вызывает лексер | Лексер вызывает парсер
Скопируй данные из источника в цель | Скопируй данные из цели в источник
Казнить нельзя, помиловать | Казнить, нельзя помиловать
Объясни ИЛИ | Объясни или
¿Por qué se usa la caché? | ¿Por qué no se usa la caché?
Copia los datos de origen a destino | Copia los datos de destino a origen
Copia a de b | Copia b de a
Muestra los últimos dos commits | Muestra los últimos tres commits
Busca 'error' en el log | Busca 'aviso' en el log
No, borra el archivo | No borra el archivo
¿Qué hace si falla? | ¿Qué hace sí falla?
Pourquoi le cache est utilisé ? | Pourquoi le cache n'est pas utilisé ?
Va de a à b | Va de b à a
Explique on | Explique an
Cherche « erreur » dans le log | Cherche « alerte » dans le log
Liste les noms ou les mails | Liste les noms où les mails
Zoek naam of mail | Zoek naam in mail
não, apague os arquivos temporários | não apague os arquivos temporários
Não. Apague os arquivos temporários. | Não apague os arquivos temporários.
nein: nicht, lösche es | nein, nicht lösche es
不要，删除临时文件 | 不要删除临时文件
不要,删除临时文件 | 不要删除临时文件
不用，删除临时文件 | 不用删除临时文件
不要 删除临时文件 | 不要删除临时文件
ні, видали файл | ні видали файл
nao, delete os arquivos | nao delete os arquivos
いや、削除して | いや削除して
いや　削除して | いや削除して
"""
BROKEN = """
não | apague os arquivos temporários
no | borra el archivo
ні | видали файл
不要 | 删除临时文件
いや | 削除して
no | delete the temp files
don't | delete the temp files
"""
PAIRS = _pairs(TRAPS)


PARTED = """
No, list the users | No list the users
No! Save it | No save it
no - delete the temp files | no delete the temp files
no... delete the temp files | no delete the temp files
(no) delete the temp files | no delete the temp files
don't, delete the temp files | don't delete the temp files
don’t, delete the temp files | don’t delete the temp files
dont, delete the temp files | dont delete the temp files
please don't; remove the cache | please don't remove the cache
do not: remove the cache | do not remove the cache
you shouldn't. remove the cache | you shouldn't remove the cache
don't do that; delete the temp files | don't do that delete the temp files
don't delete the logs, remove the cache | don't, delete the logs remove the cache
stop, delete the temp files | stop delete the temp files
"""


def served(before: str, after: str) -> bool:
    """Return whether some error budget lets `before`'s answer be served for `after`, however near they are."""
    found = judge(before, after, 0.999, Terms())
    return normalise(before) == normalise(after) or (found.veto is None and found.score >= LOOSEST)


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_a_trap_in_another_language_is_never_served(before: str, after: str) -> None:
    assert not served(before, after)
    assert not served(after, before)


def test_two_words_that_change_places_are_never_served_in_another_language() -> None:
    for prompt in {each for pair in PAIRS for each in pair}:
        words = prompt.split()
        for one, other in combinations(range(len(words)), 2):
            moved = list(words)
            moved[one], moved[other] = moved[other], moved[one]
            if [word.casefold() for word in moved] != [word.casefold() for word in words]:
                assert not served(prompt, " ".join(moved)), (prompt, moved)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Warum wird der Cache benutzt?", "Warum wird der Cache  benutzt"),
        ("为什么缓存被使用？", "为什么缓存被使用"),
        ("Почему кэш не используется?", "почему кэш не используется"),
        ("Pourquoi le cache est utilisé ?", "Pourquoi le cache est utilisé?"),
        ("Copia los datos, de origen a destino", "Copia los datos,  de origen a destino."),
        ("不要，删除临时文件", "不要，删除临时文件。"),
    ],
)
def test_the_same_words_are_served_in_any_language(before: str, after: str) -> None:
    assert served(before, after)


@pytest.mark.parametrize("prompt", ["why does it fail", "Parse command-line args in Python", "find files in LAS VEGAS"])
def test_what_only_english_has_tells_english(prompt: str) -> None:
    assert read(prompt).english


@pytest.mark.parametrize("prompt", ["copia a de b", "mostra i nomi", "Zeige Übersicht", "foo(bar)", ""])
def test_what_may_be_another_language_is_not_taken_for_english(prompt: str) -> None:
    assert not read(prompt).english


@pytest.mark.parametrize(("before", "after"), _pairs(PARTED))
def test_a_word_that_stands_for_itself_is_not_one_that_denies_what_follows(before: str, after: str) -> None:
    assert not served(before, after)
    assert not served(after, before)


@pytest.mark.parametrize("space", ["\n", " \n", "\r\n", "\r", "\u2028", "\n\n  "])
@pytest.mark.parametrize(("above", "below"), _pairs(BROKEN))
def test_a_line_break_parts_as_a_comma_does(above: str, below: str, space: str) -> None:
    beside = f"{above}{'' if below[0] in '删削' else ' '}{below}"
    assert not served(f"{above}{space}{below}", beside)
    assert not served(beside, f"{above}{space}{below}")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("if it fails, do not retry", "if it fails do not retry"),
        ("delete the temp files, please", "delete the temp files please"),
        ("list the users\nand their names", "list the users and their names"),
        ("why does it not work?", "why does it not work"),
        ("why doesn't it work?\n", "why doesn't it work"),
    ],
)
def test_a_mark_that_ends_no_denial_is_not_looked_at_in_english(before: str, after: str) -> None:
    assert served(before, after)
    assert served(after, before)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("split text at ，", "split text at ,"),
        ("split text at ，", "split text at"),
        ("split text at , and join it", "split text at and join it"),
        ("replace ： with ；", "replace ； with ："),
        ("replace : with ;", "replace ; with :"),
        ("replace ： with ；", "replace : with ;"),
        ("remove ， from names", "remove 。 from names"),
        ("remove , from names", "remove . from names"),
        ("find files below . by name", "find files below by name"),
        ("parse a：b", "parse a b"),
        ("parse a：b", "parse a:b"),
        ("why is print(1，2) a syntax error", "why is print(1 2) a syntax error"),
        ("explain x ？ y : z", "explain x ? y : z"),
        ("why is a＜b a syntax error", "why is a<b a syntax error"),
        ("what does the ％ do", "what does the % do"),
        ("what does the ? do", "what does the ! do"),
        ("what does the ? do", "what does the do"),
        ("how do I type ？", "how do I type ?"),
    ],
)
def test_a_sign_that_is_asked_about_is_no_other_and_does_not_go_unseen(before: str, after: str) -> None:
    assert not served(before, after)
    assert not served(after, before)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("What is a monad？", "What is a monad?"),
        ("Explain this。", "Explain this."),
        ("删除临时文件？", "删除临时文件?"),
        ("解释（foo）", "解释(foo)"),
        ("为什么 timeout 是 ３０？", "为什么 timeout 是 30?"),
        ("set timeout to ３０", "set timeout to 30"),
    ],
)
def test_a_sign_of_full_width_is_the_narrow_one_where_it_only_ends_or_parts_words(before: str, after: str) -> None:
    assert served(before, after)
