"""Words that mean a definition without naming it: resolved where clear, asked about where not, else left alone."""

from __future__ import annotations

import pytest

from optafly.domain import FileHit, Snapshot, SymbolHit
from optafly.refine.meanings import located, resolved, unclear
from optafly.refine.resolving import names_of, phrases


def _hit(path: str, *names: str, kind: str = "function") -> FileHit:
    symbols = tuple(SymbolHit(name=name, kind=kind, start_line=1, end_line=9) for name in names)
    return FileHit(root="/shop", path=path, language="python", score=1.0, symbols=symbols)


HITS = [
    _hit("app/config.py", "load_config", "save_config"),
    _hit("net/retry.py", "retry_request", "RetryPolicy"),
    _hit("tests/test_login.py", "test_login", "test_login_fails"),
    _hit("app/invoice.py", "Invoice", "Invoice.total", kind="class"),
    _hit("web/form.py", "MultiPartParser", kind="class"),
]


def _meant(prompt: str, hits: list[FileHit] | None = None, *pinned: str) -> list[tuple[str, tuple[str, ...]]]:
    found = [resolved(readings, hits or HITS, pinned) for readings in phrases(Snapshot(prompt=prompt))]
    return [(each[0].text, tuple(hit.symbols[0].name for hit in each[1])) for each in found if each]


@pytest.mark.parametrize(
    ("prompt", "words", "name"),
    [
        ("Why does the config loader never stop?", "the config loader", "load_config"),
        ("Fix the config loader crash", "the config loader", "load_config"),
        ("Explain the retry policy", "the retry policy", "RetryPolicy"),
        ("the login test fails, why?", "the login test", "test_login"),
        ("Warum bricht der Config Loader ab?", "der Config Loader", "load_config"),
        ("How is the invoice total worked out?", "the invoice total", "Invoice.total"),
        ("Does the multipart parser leak?", "the multipart parser", "MultiPartParser"),
    ],
)
def test_a_clear_meaning_is_found(prompt: str, words: str, name: str) -> None:
    assert _meant(prompt) == [(words, (name,))]


@pytest.mark.parametrize(
    "prompt",
    [
        "What is the meaning of life?",
        "Why is the user name empty?",
        "Fix the load_config function",  # named as it is: that is found elsewhere
        "The config loader (`x`) is broken",
        "the config loader",
        "Write a config loader",
        "Explain the invoice",
        "Write a function that loads config files",
        "Raise the login fails limit",  # `test_login_fails` is more than that
        "the policy retries too often, why?",  # a sentence, not "the retry policy"
        "Fix it:\n```python\nthe config loader\n```",
    ],
)
def test_nothing_is_guessed(prompt: str) -> None:
    if prompt == "the config loader":
        assert _meant(prompt, [_hit("a.py", "save")]) == []
    else:
        assert _meant(prompt) == []


def test_several_meanings_are_a_choice() -> None:
    assert _meant("Explain the retry logic") == [("the retry logic", ("RetryPolicy", "retry_request"))] or {
        *_meant("Explain the retry logic")[0][1]
    } == {"RetryPolicy", "retry_request"}


@pytest.mark.parametrize("asked", ["how does the connection pool evict idle ones?", "Can the connection pool evict?"])
def test_what_the_subject_of_a_question_does_is_no_part_of_its_name(asked: str) -> None:
    pools = [
        _hit("pool.py", "ConnectionPool", "ConnectionPool.evict_all", kind="class"),
        _hit("real.py", "RealConnectionPool.evict_all"),
    ]
    assert _meant(asked, pools) == [("the connection pool", ("ConnectionPool",))]
    others = [_hit("pool.py", "ConnectionPool.evict_all"), *pools[1:]]
    assert _meant(asked, others) == []


def test_a_type_that_is_called_just_so_is_meant_before_all_that_fits() -> None:
    parser = _hit("web/form.py", "MultiPartParser", kind="class")
    others = [_hit("web/data.py", "parse_multipart"), _hit("web/a.rs", "&MultiPartParser", kind="impl")]
    held = _hit("web/request.py", "Request.multi_part_parser", kind="variable")
    assert _meant("Fix the multipart parser", [held, *others, parser]) == [
        ("the multipart parser", ("MultiPartParser",))
    ]
    function = _hit("web/form.py", "multipart_parser")
    assert _meant("Fix the multipart parser", [function, others[0]]) == [
        ("the multipart parser", ("multipart_parser", "parse_multipart"))
    ]


def test_what_is_said_to_be_a_class_is_one() -> None:
    hits = [_hit("a.py", "requests", "request_of"), _hit("b.py", "Request", "make.Request", "RequestLog", kind="class")]
    assert _meant("the request class leaks memory", hits) == [("the request class", ("Request",))]


def test_what_something_is_stands_in_its_own_name() -> None:
    hits = [_hit("app/worker/runtime.py", "Worker", "Worker.Runtime", kind="class")]
    assert _meant("the worker runtime hangs", hits) == [("the worker runtime", ("Worker.Runtime",))]


def test_a_word_that_may_be_what_it_does_is_left_off_where_that_is_clear() -> None:
    hits = [_hit("net.py", "NetworkManager", "NetworkManager.bind_all", "NetworkManager.get_bind", kind="class")]
    assert _meant("the network manager binds the wrong port", hits) == [("the network manager", ("NetworkManager",))]


def test_nobody_is_asked_what_a_sentence_means() -> None:
    hits = [_hit("a.py", "changed_config_file", "ConfigChange.apply")]
    assert _meant("is the invoice totalled?", [_hit("invoice.py", "Total.total")]) == []
    assert _meant("why is the cache stale when the config changes?", hits) == []


def test_a_whole_name_is_meant_though_its_last_word_may_be_a_verb() -> None:
    hits = [_hit("settings.kt", "TaxSettings", kind="class"), _hit("make.kt", "create_tax_settings", "tax_setting_of")]
    assert _meant("the tax settings are never closed", hits) == [("the tax settings", ("TaxSettings",))]


def test_a_definition_is_looked_for_by_all_the_words_of_a_reading() -> None:
    (readings,) = phrases(Snapshot(prompt="Fix the config loader"))
    assert names_of(readings) == ("configloader", "config_loader")


def test_words_that_are_said_twice_are_asked_about_once() -> None:
    assert len(phrases(Snapshot(prompt="Fix the config loader, the config loader never stops"))) == 1


def test_what_many_definitions_fit_is_left_alone() -> None:
    assert _meant("Fix the config loader", [_hit(f"p{n}.py", "load_config") for n in range(9)]) == []


def test_a_pin_says_which_one_is_meant() -> None:
    hits = [_hit("a.py", "load_config"), _hit("b.py", "load_config")]
    assert _meant("Fix the config loader", hits)[0][1] == ("load_config", "load_config")
    (found,) = [
        resolved(each, hits, ("b.py#load_config",)) for each in phrases(Snapshot(prompt="Fix the config loader"))
    ]
    assert found is not None
    assert [hit.path for hit in found[1]] == ["b.py"]


def test_what_is_inserted_names_the_definition_behind_the_words() -> None:
    prompt = "Warum bricht der Config Loader ab?"
    (found,) = [resolved(each, HITS) for each in phrases(Snapshot(prompt=prompt))]
    assert found is not None
    change = located(found[0], found[1][0], Snapshot(prompt=prompt))
    refined = prompt[: change.start] + change.after + prompt[change.start :]
    assert refined == "Warum bricht der Config Loader (`load_config`, `app/config.py`) ab?"
    assert phrases(Snapshot(prompt=refined)) == ()  # said once
    choice = unclear(found[0], found[1])
    assert prompt[choice.start :].startswith(choice.words)
