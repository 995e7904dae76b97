"""Parts of files: what of a file that was found speaks most to the question."""

from __future__ import annotations

import numpy as np
import pytest

from optafly.context.find.finding import find
from optafly.context.find.parts import FILES, Alike, Best, parts_of, shipped, signals_of, within
from optafly.context.find.query import understood
from optafly.context.find.ranker import Way
from optafly.context.find.signals import scored
from optafly.domain import FileHit, Part
from unit.test_context_find import asked, corpus_of


def _function(name: str, says: str, lines: int = 14) -> str:
    return f"def {name}(value):\n" + "".join(f"    step_{n} = value + {n}\n" for n in range(lines)) + f"    # {says}\n"


def _file(*functions: str) -> str:
    return "\n\n".join(functions)


LEDGER = _file(
    _function("open_ledger", "begins a book"),
    _function("round_amounts", "half of a cent goes up"),
    _function("close_ledger", "ends a book"),
)


def _text_of(part: Part, text: str) -> str:
    return "\n".join(text.split("\n")[part.start_line - 1 : part.end_line])


def _hits(prompt: str, files: dict[str, str], active: str | None = None, *, vague: bool = False) -> dict[str, FileHit]:
    return {hit.path: hit for hit in asked(prompt, active, corpus_of(files), vague=vague)}


@pytest.mark.parametrize("prompt", ["why does round_amounts lose a cent", "the rounding of amounts loses a cent"])
def test_the_part_that_defines_what_a_prompt_names_comes_first(prompt: str) -> None:
    first = _hits(prompt, {"app/ledger.py": LEDGER})["app/ledger.py"].parts[0]
    assert "def round_amounts" in _text_of(first, LEDGER)


def test_parts_of_all_files_are_comparable_and_a_better_file_lends_weight_to_its_own() -> None:
    other = _file(_function("note", "a book, half of a cent"), _function("nothing", "else"))
    hits = _hits("round_amounts of the ledger: half of a cent", {"app/ledger.py": LEDGER, "app/other.py": other})
    assert max(part.score for part in hits["app/ledger.py"].parts) > hits["app/other.py"].parts[0].score


def test_every_part_is_judged_not_only_those_that_have_words_of_the_prompt() -> None:
    hit = _hits("round_amounts", {"app/ledger.py": LEDGER})["app/ledger.py"]
    held = corpus_of({"app/ledger.py": LEDGER}).get("app/ledger.py")
    assert held is not None
    assert len(hit.parts) == len(held.entry.outline.chunks)


def test_a_word_that_all_chunks_of_a_file_have_tells_none_of_them_apart() -> None:
    corpus = corpus_of({"app/ledger.py": LEDGER, "app/note.py": _file(_function("note", "a cent"))})
    ledger, note = corpus.get("app/ledger.py"), corpus.get("app/note.py")
    assert ledger
    assert note
    everywhere, once, both = (
        np.split(within(scored(corpus, understood(prompt)), [note.chunks, ledger.chunks]), [len(note.chunks)])
        for prompt in ("step", "half", "step half")
    )
    at = int(once[1].argmax())
    assert once[1][at] > everywhere[1].max() > 0
    assert np.flatnonzero(once[1]).tolist() == [at]
    assert not once[0].any()
    for number in (0, 1):
        assert np.allclose(both[number], everywhere[number] + once[number])


def test_with_a_file_open_and_nothing_said_what_it_uses_comes_before_what_it_does_not() -> None:
    files = {"app/till.py": "from app.ledger import close_ledger\n\n\nclose_ledger(1)\n", "app/ledger.py": LEDGER}
    parts = _hits("fix it", files, "app/till.py", vague=True)["app/ledger.py"].parts
    places = {
        name: next(at for at, part in enumerate(parts) if name in _text_of(part, LEDGER))
        for name in ("def close_ledger", "def round_amounts")
    }
    assert places["def close_ledger"] < places["def round_amounts"]


def test_parts_come_with_the_first_files_only() -> None:
    files = {f"app/ledger{n}.py": LEDGER.replace("_ledger", f"_ledger{n}") for n in range(FILES + 5)}
    hits = find("/w", corpus_of(files), understood("the cent of round_amounts"), limit=100)
    assert [bool(hit.parts) for hit in hits] == [True] * FILES + [False] * 5


@pytest.mark.parametrize("way", ["asked", "vague", "both"])
def test_every_shipped_weight_has_its_signal_one_value_for_each_part(way: Way) -> None:
    corpus = corpus_of({"app/empty.py": "", "app/ledger.py": LEDGER, "app/blank.py": "\n\n"})
    query = understood("round_amounts")
    best = [Best(held, 1.0, at) for at, held in enumerate(corpus)]
    found = scored(corpus, query)
    signals = signals_of(best, found, Alike(query), ())
    assert set(shipped()[way]) == set(signals)
    assert {len(values) for values in signals.values()} == {sum(len(each.held.chunks) for each in best)}
    assert [bool(parts) for parts in parts_of(best, found, Alike(query), (), way)] == [False, True, False]
