"""Which definition a phrase means: whose name holds the words, of which kind it is, where it stands, what is said."""

from __future__ import annotations

import pytest

from optafly.domain import FileHit, Snapshot, SymbolHit
from optafly.refine.meanings import LOCATED, located, meant, unclear
from optafly.refine.resolving import Phrase

PATH = "src/engine.rs"


def phrase(text: str, *, certain: bool = True, clause: bool = False, of_a_class: bool = False) -> Phrase:
    return Phrase(f"the {text}", 8, 12 + len(text), tuple(text.split()), certain, clause, of_a_class)


def hit(path: str = PATH, score: float = 1.0, /, **symbols: str) -> FileHit:
    """Return a file with symbols of these names, each with its kind; `__` in a name is a dot."""
    found = tuple(
        SymbolHit(name=name.replace("__", "."), kind=kind, start_line=1, end_line=9) for name, kind in symbols.items()
    )
    return FileHit(root="/engine", path=path, language="rust", score=score, symbols=found)


def names(phrase: Phrase, *hits: FileHit, pinned: tuple[str, ...] = ()) -> list[str]:
    return [each.symbols[0].name for each in meant(phrase, hits, pinned)]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("engine state", "EngineState"),
        ("engine state", "engine_state"),
        ("Engine state", "ENGINE_STATE"),
        ("engine states", "EngineState"),
        ("state engine", "EngineState"),
        ("config loader", "load_config"),
        ("retry policies", "RetryPolicy"),
        ("normalization step", "NormalizeStep"),
        ("token validator", "validate_token"),
        ("http2 stream", "Http2Stream"),
    ],
)
def test_words_mean_the_definition_whose_name_says_no_more(words: str, name: str) -> None:
    assert names(phrase(words), hit(**{name: "struct"})) == [name]


@pytest.mark.parametrize(
    "name", ["EngineStateMachine", "Engine", "StateOfAll", "EngineStatistics", "engine_statement", "enginestates_of"]
)
def test_a_name_that_lacks_a_word_or_says_more_is_not_meant(name: str) -> None:
    assert names(phrase("engine state"), hit("src/a.rs", **{name: "struct"})) == []


def test_the_words_may_stand_in_what_is_around_the_definition_but_for_what_it_is() -> None:
    assert names(phrase("engine state"), hit("a.rs", Engine__State="struct")) == ["Engine.State"]
    assert names(phrase("engine state"), hit("src/engine.rs", State="struct")) == ["State"]
    assert names(phrase("engine state"), hit("engine/src.rs", State="struct")) == []
    assert names(phrase("engine state", certain=False), hit("src/engine.rs", State="struct")) == []


def test_a_name_of_all_the_words_is_meant_before_one_that_needs_what_is_around_it() -> None:
    assert names(phrase("engine state"), hit(State="struct", EngineState="struct")) == ["EngineState"]
    assert names(phrase("engine state"), hit(State="struct"), hit("src/state.rs", Engine="struct")) == ["State"]


def test_a_type_is_meant_before_its_impl_and_before_functions_and_variables_of_its_name() -> None:
    type_, block = hit("a.rs", EngineState="struct"), hit("b.rs", EngineState="impl")
    function, value = hit("c.py", engine_state="function"), hit("d.py", ENGINE_STATE="variable")
    (found,) = meant(phrase("engine state"), [value, function, block, type_])
    assert found.path == "a.rs"
    (found,) = meant(phrase("engine state"), [value, hit("b.py", engine_state="variable"), function])[:1]
    assert found.path == "c.py"


def test_of_one_name_what_stands_in_nothing_is_meant_before_what_does() -> None:
    inside, top = hit("a.py", 9.0, Engine__state_of="method"), hit("b.py", 1.0, state_of="function")
    (found,) = meant(phrase("state of"), [inside, top])
    assert found.path == "b.py"


def test_the_methods_of_a_class_that_fits_are_not_meant_beside_it() -> None:
    inside = {"EngineState": "class", "EngineState__state": "method", "EngineState__engine": "method"}
    assert names(phrase("engine state"), hit(**inside)) == ["EngineState"]
    turned = hit(StateEngine="class", StateEngine__engine_state="method")
    assert names(phrase("engine state"), turned) == ["StateEngine"]


def test_an_impl_on_a_reference_is_that_of_the_type() -> None:
    block = hit("a.rs", **{"&EngineState": "impl", "EngineState": "impl"})
    assert names(phrase("engine state"), block) == ["&EngineState"]


def test_several_that_fit_as_well_are_a_choice_the_best_found_first() -> None:
    some = [hit(f"{n}.py", float(n), engine_state="function") for n in range(3)]
    assert [each.path for each in meant(phrase("engine state"), some)] == ["2.py", "1.py", "0.py"]
    assert all(len(each.symbols) == 1 for each in meant(phrase("engine state"), some))
    assert meant(phrase("engine state"), [hit(f"{n}.py", engine_state="function") for n in range(6)]) == ()


def test_what_is_not_said_for_certain_means_only_a_whole_name() -> None:
    doubtful = phrase("engine starts", certain=False)
    assert names(doubtful, hit(EngineStarts="struct")) == ["EngineStarts"]
    assert names(doubtful, hit("a.rs", EngineStarter="struct")) == ["EngineStarter"]
    assert names(doubtful, hit("a.rs", EngineStarterOf="struct")) == []


def test_what_is_said_to_be_a_class_is_no_function() -> None:
    mixed = hit("a.py", state="function", State="class")
    assert names(phrase("state", certain=False, of_a_class=True), mixed) == ["State"]
    assert names(phrase("state", certain=False, of_a_class=True), hit("a.py", state="function")) == []


def test_what_was_pinned_is_what_is_meant() -> None:
    two = [hit("a.py", engine_state="function"), hit("b.py", engine_state="function")]
    assert [each.path for each in meant(phrase("engine state"), two, ("b.py#engine_state",))] == ["b.py"]
    assert len(meant(phrase("engine state"), two, ("c.py#engine_state",))) == 2
    assert len(meant(phrase("engine state"), two, ("a.py#engine_state", "b.py#engine_state"))) == 2


def test_what_is_meant_is_said_behind_the_words_with_a_reason() -> None:
    words = phrase("engine state")
    (one,) = meant(words, [hit(EngineState="struct")])
    change = located(words, one, Snapshot(prompt="Explain the engine state"))
    assert (change.id, change.kind, change.start, change.before) == (f"{LOCATED}8", "locate", words.end, "")
    assert change.after == f" (`EngineState`, `{PATH}`)"
    assert change.reason == f"Adds what “the engine state” is: EngineState in {PATH}."
    assert change.tokens > 0


def test_what_is_unclear_is_asked_with_what_it_may_be() -> None:
    words = phrase("engine state")
    two = meant(words, [hit("a.py", 1.0, engine_state="function"), hit("b.py", 2.0, engine_state="function")])
    choice = unclear(words, two)
    assert (choice.words, choice.start) == ("the engine state", 8)
    assert [each.path for each in choice.candidates] == ["b.py", "a.py"]
