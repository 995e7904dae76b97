"""A sign that is asked about is told from another one; one that only ends or parts words changes nothing."""

from __future__ import annotations

import pytest

from optafly.cache.calibration import SHIPPED
from optafly.cache.judge import SAME_WORDS, judge
from optafly.cache.terms import Terms

LOOSEST = SHIPPED.least_score(1.0)

MEANT = """
replace - with _ in text | replace _ with - in text
replace ( with ) in text | replace ) with ( in text
replace ( with [ in text | replace [ with ( in text
replace ' with " in text | replace " with ' in text
replace [ with { in text | replace { with [ in text
replace # with - in text | replace - with # in text
convert () to [] | convert [] to ()
rename empty? to empty | rename empty to empty?
rename save! to save | rename save to save!
what does save! do | what does save do
what does foo? return | what does foo return
why does if x： fail | why does if x: fail
why does print(1， 2) fail | why does print(1, 2) fail
why is for (i = 0； i < n) wrong | why is for (i = 0; i < n) wrong
replace foo； with bar | replace foo with bar
why is int x = 5； an error? | why is int x = 5; an error?
why does else: fail | why does else fail
why does if done: fail | why does if done fail
why does x = 5; fail | why does x = 5 fail
what is x; | what is x
split at a: b | split at a b
what does a:b mean | what does a b mean
fix x[0] | fix x(0)
把 , 换成 ， | 把 ， 换成 ,
把 ! 换成 ！ | 把 ！ 换成 !
把(换成（ | 把（换成(
把全角的＋换成+ | 把+换成全角的＋
全角の＜と<の違い | 全角の<と＜の違い
为什么 print（1） 报错 | 为什么 print(1) 报错
为什么 a＝b 报错 | 为什么 a=b 报错
正则 [＋] 匹配什么 | 正则 [+] 匹配什么
为什么 x：int 报错 | 为什么 x:int 报错
what is ? | what is
what is ? | what is?
what is ! | what is
what does ? | what does
explain ? | explain
how do I escape ? | how do I escape
explain save! | explain save
explain empty? | explain empty
fix the bug in save! | fix the bug in save
fix link to tokio::select! | fix link to tokio::select
refactor the slow load_users! | refactor the slow load_users
why does print(“x”) fail | why does print("x") fail
why does print(‘x’) fail | why does print('x') fail
why does f(a, ‘x’) fail | why does f(a, 'x') fail
why does x = “a” fail | why does x = "a" fail
why does s = ‘it’s’ fail | why does s = 'it's' fail
why does “a”.join(b) fail | why does "a".join(b) fail
why does git commit -m “x y” fail | why does git commit -m "x y" fail
why does grep “foo” file fail | why does grep "foo" file fail
why does echo ’hi’ fail | why does echo 'hi' fail
what is x’ | what is x'
beschreibe save! | beschreibe save
explique save! | explique save
explica save! | explica save
corrija empty? | corrija empty
spiega save! | spiega save
mejora save! | mejora save
migliora save! | migliora save
traduce save! | traduce save
"""
ORDINARY = """
fix this: the parser fails | fix this the parser fails
fix this: the parser fails | fix this, the parser fails
fix this - the parser fails | fix this: the parser fails
refactor load_users: it is slow | refactor load_users, it is slow
what does the parser do? | what does the parser do
Does the parser work? Fix the parser | does the parser work? fix the parser
explain the parser: | explain the parser
explain the parser! | explain the parser
Fix this bug! | Fix this bug
Fix this bug ! | Fix this bug
Fix the login bug! | Fix the login bug
Fix it! | Fix it
why does it fail! | why does it fail
what is recursion? | what is recursion
what does it do ? | what does it do
what is a monad ? | what is a monad
can you explain recursion? | can you explain recursion
explain “recursion” | explain "recursion"
rename “foo” to “bar” | rename "foo" to "bar"
what does ‘foo’ mean | what does 'foo' mean
fix the error message “not found” | fix the error message "not found"
fix the parser (“see here”) | fix the parser ("see here")
fix the user’s login | fix the user's login
fix the users’ login | fix the users' login
what does `a < b` do | what does a < b do
修复 foo，然后运行 | 修复 foo,然后运行
解释（foo）函数 | 解释(foo)函数
print（1）为什么报错 | print(1)为什么报错
"""


def _pairs(rows: str) -> list[tuple[str, str]]:
    return [(before, after) for before, after in (row.split(" | ") for row in rows.strip().splitlines())]


def served(before: str, after: str) -> bool:
    found = judge(before, after, 0.99, Terms())
    return found.veto is None and found.score >= min(LOOSEST, SAME_WORDS)


@pytest.mark.parametrize(("before", "after"), _pairs(MEANT))
def test_the_answer_about_one_sign_is_not_served_for_another(before: str, after: str) -> None:
    assert not served(before, after)
    assert not served(after, before)


@pytest.mark.parametrize(("before", "after"), _pairs(ORDINARY))
def test_a_sign_that_only_ends_or_parts_words_is_not_looked_at(before: str, after: str) -> None:
    assert served(before, after)
    assert served(after, before)


@pytest.mark.parametrize(
    "text", ["，" * 2_000, "if " * 700 + ":", "a: " * 700, "（" * 2_000, "a?" * 1_000, "“" * 2_000, "“x”(" * 500]
)
def test_a_long_prompt_of_signs_is_compared_in_no_time(text: str) -> None:
    assert not served(text, f"b{text}")
