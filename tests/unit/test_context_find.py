"""Finding: terms, postings, what a prompt asks for, which files answer it, and why."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.finding import FILES, asked, corpus_of, paths
from optafly.context.find.corpus import Corpus
from optafly.context.find.entry import Entry, file_terms
from optafly.context.find.finding import find
from optafly.context.find.known import Names, named
from optafly.context.find.postings import Postings
from optafly.context.find.query import Place, understood
from optafly.context.find.ranker import Compared, Way, rank, shipped
from optafly.context.find.signals import scored
from optafly.context.find.terms import hash_of, spelt, terms_of
from optafly.context.history.history import History
from optafly.context.history.model import Commit
from optafly.context.outline.read import outline_of


@pytest.mark.parametrize("name", ["parseHTTPHeaders", "parse_http_headers", "ParseHttpHeaders", "parse_HTTP_headers"])
def test_a_name_has_the_same_terms_however_it_is_written(name: str) -> None:
    assert set(spelt(name)) == {"pars", "http", "header", "pars http", "http header", "parshttpheader"}


def test_words_of_other_scripts_are_found_by_their_parts() -> None:
    assert set(spelt("数据库")) & set(spelt("数据"))
    assert spelt("Größe") == spelt("größe")


def test_data_that_looks_like_one_long_word_has_no_terms() -> None:
    assert spelt("A" * 65) == ()


texts = st.lists(st.text("abc _XY9ü", max_size=40), max_size=4)


@given(st.lists(st.tuples(texts, st.booleans()), max_size=8), st.integers(0, 3))
def test_postings_say_the_same_after_any_order_of_adding_and_removing(
    steps: list[tuple[list[str], bool]], ask_every: int
) -> None:
    grown = Postings()
    kept: dict[int, str] = {}
    for number, (each, keep) in enumerate(steps):
        numbers = grown.add(terms_of(*each))
        if ask_every and number % ask_every == 0:
            grown.rows(hash_of("a"))
        if keep:
            kept.update(zip(numbers, each, strict=True))
        else:
            grown.remove(numbers, terms_of(*each))
    words = {term for text in kept.values() for word in text.replace("_", " ").split() for term in spelt(word)}
    counts = {number: Counter(_terms(text)) for number, text in kept.items()}
    for term in words | {"absent"}:
        docs, times = grown.rows(hash_of(term))
        found = dict(zip(docs.tolist(), times.tolist(), strict=True))
        assert found == {n: count[term] for n, count in counts.items() if count[term]}
        assert grown.holding(np.array([hash_of(term)], np.uint32)).tolist() == [len(found)]
    assert len(grown) == len(kept)


def _terms(text: str) -> list[str]:
    from optafly.context.find.terms import words_of

    return [term for word in words_of(text) for term in spelt(word)]


def test_thousands_of_texts_are_sorted_in_and_found() -> None:
    postings = Postings()
    for number in range(3_000):
        postings.add(terms_of(f"alpha word{number}"))
    docs, counts = postings.rows(hash_of("alpha"))
    assert len(docs) == 3_000
    assert counts.sum() == 3_000
    assert postings.rows(hash_of(spelt("word2999")[0]))[0].size


def test_a_rarer_word_weighs_more() -> None:
    postings = Postings()
    postings.add(terms_of("common rare", "common", "common"))
    assert postings.rarity(1) > postings.rarity(3) > 0


def test_the_words_of_a_vague_prompt_do_not_count_unless_an_error_says_more() -> None:
    assert understood("Behebe diesen Fehler", vague=True).words == {}
    assert understood("Behebe diesen Fehler", ["retry is not defined"], vague=True).words


def test_a_prompt_names_code_paths_and_places() -> None:
    query = understood(
        "Why does `blend` fail in load_config?\n"
        'Traceback:\n  File "/srv/app/server.py", line 12, in start\nsrc/main.rs:40:7: error\nsee app/retry.py'
    )
    assert {"blend", "load_config"} <= set(query.names)
    assert "app/retry.py" in query.paths
    assert set(query.places) == {Place("/srv/app/server.py", 12), Place("src/main.rs", 40)}


def test_an_empty_workspace_an_empty_prompt_and_foreign_words_find_nothing() -> None:
    assert asked("anything", corpus=Corpus()) == ()
    assert asked("") == ()
    assert asked("Fix this bug") == ()
    assert asked("quark gluon plasma") == ()


def test_what_a_prompt_speaks_of_comes_first() -> None:
    assert asked("the backoff waits too long between attempts")[0].path == "app/retry.py"


def test_a_definition_that_the_prompt_names_comes_first_and_says_so() -> None:
    first = asked("Why is `load_config` slow?")[0]
    assert first.path == "app/config.py"
    assert first.symbols[0].name == "load_config"
    assert "defines `load_config`, which the prompt mentions" in first.reasons


@pytest.mark.parametrize(
    ("prompt", "path", "said"),
    [
        ("why does `load_cfg` fail", "app/config.py", "its text has `load`"),  # no file has the whole name
        ("the most_attempts are too many", "app/retry.py", "its text has `most_attempts`"),
        ("2 attempts of z", "app/retry.py", "its text has `attempts`"),
    ],
)
def test_a_reason_names_only_what_stands_in_the_file(prompt: str, path: str, said: str) -> None:
    assert said in {hit.path: hit.reasons for hit in asked(prompt)}[path]


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("update the colours", None),
        ("what does `update` do", "defines `update`, which the prompt mentions"),
        ("the blend looks odd", "defines `blend`, a word of the prompt"),
    ],
)
def test_what_a_prompt_says_to_do_is_no_name_of_a_definition(prompt: str, said: str | None) -> None:
    corpus = corpus_of({"app/colours.py": "def blend(one):\n    return one\n\n\ndef update(colours):\n    pass\n"})
    reasons = asked(prompt, corpus=corpus)[0].reasons
    assert [each for each in reasons if each.startswith("defines")] == ([said] if said else [])


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("add shades to blends", ["its text has `shades`"]),
        ("add it and fix it", ["its text has `add`"]),
    ],
)
def test_a_reason_names_what_is_to_be_done_only_where_nothing_else_is_there(prompt: str, said: list[str]) -> None:
    text = "def add_colour(one):\n    'Add one to the shades.'\n    return one\n"
    reasons = asked(prompt, corpus=corpus_of({"app/colours.py": text}))[0].reasons
    assert [each for each in reasons if "text has" in each or "named like" in each] == said


@pytest.mark.parametrize("prompt", ["improve the README", "what is missing in the readme?", "readmeを改善して"])
def test_what_stands_at_the_top_of_a_project_needs_no_ending(prompt: str) -> None:
    readmes = {"README.md": "# Shop\n", "app/README.md": "# App\nThe readme of the app.\n"}
    hits = asked(prompt, corpus=corpus_of(FILES | readmes))
    assert (hits[0].path, hits[0].reasons[0]) == ("README.md", "the prompt names this file")
    assert all("the prompt names this file" not in hit.reasons for hit in hits[1:])


def test_a_file_that_is_called_by_its_ending_alone_is_found_by_its_name() -> None:
    corpus = corpus_of(FILES | {".gitignore": "build\n", "web/.eslintrc-base": "{}\n"})
    assert paths(asked("add dist to .gitignore", corpus=corpus))[0] == ".gitignore"
    assert paths(asked("what does web/.eslintrc-base set?", corpus=corpus))[0] == "web/.eslintrc-base"
    assert ".gitignore" not in paths(asked("what is built", corpus=corpus))


def test_a_path_in_the_prompt_comes_first() -> None:
    first = asked("look at app/colours.py, the backoff is wrong")[0]
    assert (first.path, first.reasons[0]) == ("app/colours.py", "the prompt names this file")


@pytest.mark.parametrize("prompt", ["为什么app/colours.py会失败", "app/colours.pyを直して", "ดูapp/colours.pyให้หน่อย"])
def test_a_path_and_a_name_are_found_without_spaces_around_them(prompt: str) -> None:
    assert asked(prompt)[0].path == "app/colours.py"
    assert asked(prompt)[0].reasons[0] == "the prompt names this file"
    assert asked(prompt.replace("app/colours.py", "with_backoff"))[0].path == "app/retry.py"


def test_a_comment_counts_the_names_that_stand_in_it_without_spaces() -> None:
    assert np.isin(hash_of("backoff"), np.frombuffer(terms_of("# 修复with_backoff里的错误").hashes, "<u4"))


def test_a_stack_trace_names_its_files() -> None:
    assert asked('It fails:\n  File "/home/me/app/colours.py", line 4, in blend')[0].path == "app/colours.py"


def test_tests_and_docs_are_found_only_where_they_are_spoken_of() -> None:
    assert "tests/test_retry.py" not in paths(asked("the backoff grows"))
    assert "tests/test_retry.py" in paths(asked("the test of the backoff fails"))
    assert "docs/retry.md" in paths(asked("document the backoff"))


def test_with_a_vague_prompt_the_open_file_and_what_belongs_to_it_come_first() -> None:
    hits = asked("Fix this bug", active="app/server.py", vague=True)
    assert paths(hits)[:2] == ["app/server.py", "app/config.py"]
    assert hits[0].reasons == ("it is open in the editor",)
    assert any("`app/server.py`" in reason for reason in hits[1].reasons)


def test_files_that_changed_together_are_found_with_their_numbers() -> None:
    corpus = corpus_of(FILES)
    history = History()
    pair = ("app/colours.py", "app/retry.py")
    history.add(Commit(sha=f"{n:040x}", time_s=n, words=("x",), paths=pair, size=2) for n in range(3))
    history.add([Commit(sha="f" * 40, time_s=4, paths=("app/colours.py",), size=1)])
    corpus.remember(history)
    found = {hit.path: hit for hit in asked("fix it", active="app/colours.py", corpus=corpus, vague=True)}
    assert "changed together with `app/colours.py` in 3 of 4 commits" in found["app/retry.py"].reasons


def test_a_changed_file_is_found_by_what_it_holds_now() -> None:
    corpus = corpus_of(FILES)
    text = "def paint_walls():\n    return 'turquoise'\n"
    outline = outline_of(text, "python")
    corpus.put("app/colours.py", Entry("app/colours.py", "source", outline, file_terms(text, outline)))
    assert asked("turquoise", corpus=corpus)[0].path == "app/colours.py"
    assert asked("where is blend", corpus=corpus) == ()
    corpus.drop("app/colours.py")
    assert "app/colours.py" not in paths(asked("turquoise", corpus=corpus))


def test_new_vectors_change_nothing_else() -> None:
    corpus = corpus_of(FILES)
    before, capacity = asked("backoff", corpus=corpus), corpus.capacity
    for held in list(corpus):
        entry = held.entry
        vectors = np.zeros(384, "<f2").tobytes()
        corpus.put(entry.path, Entry(entry.path, entry.kind, entry.outline, entry.terms, vectors))
    assert corpus.capacity == capacity
    assert paths(asked("backoff", corpus=corpus)) == paths(before)


def test_parts_are_lines_of_the_file_best_first() -> None:
    hit = asked("the backoff tries again after a time-out")[0]
    assert hit.parts
    assert [part.score for part in hit.parts] == sorted((part.score for part in hit.parts), reverse=True)
    assert all(1 <= part.start_line <= part.end_line <= 3 for part in hit.parts)


@pytest.mark.parametrize("way", ["asked", "vague", "both"])
def test_every_shipped_weight_has_its_signal_and_equal_files_keep_their_order(way: Way) -> None:
    weights = shipped().weights(way)
    signals = {name: np.zeros(3, np.float32) for name in weights}
    ranking = rank(Compared(signals, np.array([0, 1, 2], np.int32)), weights)
    assert ranking.numbers.tolist() == [0, 1, 2]
    assert set(shipped().first) <= set(weights)


def test_a_file_is_known_by_its_best_chunk_and_by_its_best_three() -> None:
    body = "".join(f"def step_{n}(value):\n    return merge(value, {n})\n\n\n" * (n + 1) for n in range(40))
    corpus = corpus_of(FILES | {"app/steps.py": body, "app/one.py": "def merge(one):\n    return one\n"})
    found = scored(corpus, understood("merge the value of a step and the settings"))
    for held in corpus:
        said = sorted(found.chunks[held.chunks.start : held.chunks.stop].astype(float), reverse=True)
        assert found.files["chunk"][held.number] == pytest.approx(max(said, default=0.0))
        assert found.files["chunks"][held.number] == pytest.approx(sum(said[:3]))
    assert sum(len(held.chunks) > 3 for held in corpus) == 1


def test_a_file_worded_like_the_open_one_belongs_to_it() -> None:
    quorum = "def elect(ballots):\n    'Count the ballots of the quorum.'\n    return max(ballots)\n"
    ledger = "LEDGER = []\n\n\ndef note(ballots):\n    'The quorum keeps its ballots in a ledger.'\n"
    corpus = corpus_of(FILES | {"app/quorum.py": quorum, "lib/ledger.py": ledger})
    worded = scored(corpus, understood("Fix this bug", vague=True), active="app/quorum.py").files["worded"]
    by_path = {held.entry.path: float(worded[held.number]) for held in corpus}
    assert max(by_path, key=lambda path: by_path[path]) == "lib/ledger.py"
    assert by_path["app/quorum.py"] == 0.0
    assert not scored(corpus, understood("Fix this bug", vague=True)).files["worded"].any()


def test_names_are_completed_from_their_beginning_their_middle_and_misspelt() -> None:
    names = Names(corpus_of(FILES))
    assert next(held.entry.path for held in names.complete_file("retr", 5, None)) == "app/retry.py"
    assert [d.name for _, d in names.complete_symbol("load", 5, None)] == ["load_config"]
    assert [d.name for _, d in names.complete_symbol("config", 5, None)] == ["load_config"]
    assert [d.name for _, d in names.complete_symbol("ldconf", 5, None)] == ["load_config"]
    assert [d.name for _, d in names.complete_symbol("laod_confg", 5, None)] == ["load_config"]
    assert [d.name for _, d in names.complete_symbol("Server.st", 5, None)] == ["Server.start"]
    assert names.complete_symbol("zzzzzzzz", 5, None) == []


def test_a_name_means_a_file_a_definition_in_it_or_one_anywhere() -> None:
    names = Names(corpus_of(FILES))
    assert paths(named("/w", names, "app/retry.py")) == ["app/retry.py"]
    assert paths(named("/w", names, "retry.py")) == ["app/retry.py", "tests/test_retry.py"][:1]
    (definition,) = named("/w", names, "app/server.py#Server.start")
    assert [symbol.name for symbol in definition.symbols] == ["Server.start"]
    assert paths(named("/w", names, "#blend")) == ["app/colours.py"]
    assert named("/w", names, "#nothing_like_it") == ()


def test_of_two_files_that_speak_alike_the_one_that_was_edited_comes_first() -> None:
    files = {"a/one.py": "def wash_cars():\n    pass\n", "b/two.py": "def wash_cars():\n    pass\n"}
    for last in files:
        hits = find("/w", corpus_of(files), understood("wash the cars"), around={last: 1.0})
        assert hits[0].path == last
        assert "you edited it lately, or have it open" in hits[0].reasons


def test_what_is_typed_in_full_comes_before_what_goes_on_from_it_wherever_the_open_file_lies() -> None:
    files = {f"pkg_0/module_12{n}.py": "def f():\n    pass\n" for n in range(3)}
    names = Names(corpus_of(files | {"other/deep/module_12.py": "x = 1\n", "Module_12.md": "Hello\n"}))
    found = [held.entry.path for held in names.complete_file("module_12", 3, "pkg_0/module_121.py")]
    assert found == ["other/deep/module_12.py", "pkg_0/module_120.py", "pkg_0/module_121.py"]


def test_names_follow_what_changes() -> None:
    corpus = corpus_of(FILES)
    names = Names(corpus)
    assert names.complete_symbol("load_config", 5, None)
    gone = next(held.entry.path for held, _ in names.complete_symbol("load_config", 1, None))
    corpus.drop(gone)
    assert gone not in [held.entry.path for held, _ in names.complete_symbol("load_config", 5, None)]
    assert gone not in [held.entry.path for held in names.complete_file(gone, 5, None)]


def test_a_test_that_speaks_of_what_is_asked_leads_to_the_code_that_changed_with_it() -> None:
    files = {
        "app/ledger.py": "def note(item):\n    return (item,)\n",
        "app/clerk.py": "def greet(name):\n    return name\n",
        "app/pipe.py": "def push(item):\n    return [item]\n",
        "tests/test_pipe.py": (
            "from app.pipe import push\n\n\ndef test_turquoise_parcels_arrive_in_order():\n    assert push(1) == [1]\n"
        ),
    }
    corpus, history = corpus_of(files), History()
    pair = ("app/pipe.py", "tests/test_pipe.py")
    history.add([Commit(sha="a" * 40, time_s=1, words=("x",), paths=pair, size=2)])
    for sha, path in (("b", "app/clerk.py"), ("c", "app/ledger.py")):
        history.add([Commit(sha=sha * 40, time_s=1, words=("x",), paths=(path,), size=1)])
    corpus.remember(history)
    first = asked("turquoise parcels arrive too late", corpus=corpus)[0]
    assert first.path == "app/pipe.py"
    assert "changed together with tests or pages that speak of it" in first.reasons
    corpus.drop("tests/test_pipe.py")
    assert asked("turquoise parcels arrive too late", corpus=corpus) == ()
