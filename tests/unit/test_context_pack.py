"""Found files become pieces: within the budget, no line twice, pins first, and what was left out is said."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import PurePosixPath

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.planted import TOKENS
from optafly.context.outline.languages import language_of
from optafly.context.outline.read import outline_of
from optafly.context.pack.because import because, outlined_because
from optafly.context.pack.pack import pack
from optafly.context.pack.reader import File
from optafly.context.pack.shelf import is_paths, paths_of
from optafly.context.pack.skeleton import holds, paths_in, paths_text, skeleton
from optafly.domain import FileHit, Gathered, Part, SymbolHit
from optafly.mentions import readings
from optafly.tokens import estimate_tokens

ROOT = "/shop"


def _function(name: str, lines: int = 12) -> str:
    body = "".join(f"    value_{n} = {name}_{n} + {n}\n" for n in range(lines))
    return f"def {name}(first: int) -> int:\n{body}    return first\n"


TILL = '"""Till."""\n\nimport decimal\n\n\n' + "\n\n".join(_function(f"till_{each}") for each in "abcdef")


class Files:
    """A workspace in memory."""

    def __init__(self, texts: Mapping[str, str], changed: Mapping[str, float] | None = None) -> None:
        self._texts, self._changed = texts, changed or {}
        self.meant: list[str] = []  # what any other name means

    def open(self, root: str, path: str) -> File | None:
        if path not in self._texts:
            return None
        text = self._texts[path]
        outline = outline_of(text, language_of(path))
        return File(root, path, f"file://{root}/{path}", text, outline, changed=self._changed.get(path, 0.0))

    def parts(self, root: str, path: str) -> list[Part]:
        return []

    def named(self, name: str) -> list[FileHit]:
        meant = [each.path for each in reversed(readings(name)) if each.path in self._texts]
        return [_hit(path) for path in meant or self.meant]


def _hit(path: str, *lines: tuple[int, int], score: float = 1.0, symbols: tuple[str, ...] = ()) -> FileHit:
    parts = tuple(Part(start_line=a, end_line=b, score=-1.0 * n) for n, (a, b) in enumerate(lines or [(1, 1_000)]))
    meant = tuple(SymbolHit(name=name, kind="function", start_line=1, end_line=9) for name in symbols)
    reasons = (f"it is {PurePosixPath(path).name}",)
    return FileHit(
        root=ROOT, path=path, language=language_of(path), score=score, reasons=reasons, parts=parts, symbols=meant
    )


def _many(count: int) -> dict[str, str]:
    return {f"app/{n // 5}/file{n}.py": _function(f"one_{n}") + "\n\n" + _function(f"two_{n}") for n in range(count)}


def _lines(gathered: Gathered) -> list[tuple[str, int]]:
    return [
        (piece.path, line)
        for piece in gathered.pieces
        if piece.kind != "skeleton"
        for line in range(piece.start_line, piece.end_line + 1)
    ]


def test_the_lines_that_speak_most_come_whole_the_next_files_in_outline_the_rest_by_name() -> None:
    texts = _many(60)
    found = pack([_hit(path, (1, 14)) for path in texts], Files(texts), max_tokens=2_500)
    kinds = [piece.kind for piece in found.pieces]
    assert is_paths(found.pieces[0])
    assert kinds == sorted(kinds, key=lambda kind: kind != "skeleton")
    first = next(piece for piece in found.pieces if piece.path == "app/0/file0.py")
    assert "def one_0" in first.text
    assert first.reason == "It is file0.py."
    assert len(paths_of(found.pieces)) > 25
    assert found.tokens == sum(piece.tokens for piece in found.pieces) <= 2_500


def test_outlines_and_names_take_a_tenth_of_a_small_budget_and_no_more_of_a_large_one() -> None:
    texts = {"till.py": "\n\n".join(_function(f"till_{n}") for n in range(80))} | _many(100)
    functions = [(16 * n + 1, 16 * n + 14) for n in range(80)]
    hits = [_hit("till.py", *functions), *(_hit(path, score=0.1) for path in texts if path != "till.py")]
    one = 1.5 * estimate_tokens(_function("till_10"))
    for tokens, most in ((2_000, 200), (8_000, 400)):
        gathered = pack(hits, Files(texts), max_tokens=tokens)
        code = sum(piece.tokens for piece in gathered.pieces if piece.kind != "skeleton")
        assert tokens - most - one < code <= tokens - most


def test_of_two_parts_that_say_as_much_the_shorter_comes_first() -> None:
    texts = {"a_long.py": _function("long", 60), "b_short.py": _function("short", 10)}
    hits = [_hit(path) for path in texts]
    found = pack(hits, Files(texts), max_tokens=350)
    assert [piece.path for piece in found.pieces if piece.kind != "skeleton"] == ["b_short.py"]


def test_one_large_file_does_not_take_what_the_next_ones_need() -> None:
    large = "\n\n".join(_function(f"large_{n}", 12) for n in range(60))
    texts = {"large.py": large, "next.py": _function("wanted", 12)}
    parts = [(1 + n * 15, 14 + n * 15) for n in range(60)]
    found = pack([_hit("large.py", *parts), _hit("next.py")], Files(texts), max_tokens=1_500)
    assert "def wanted" in "".join(piece.text for piece in found.pieces)


def test_what_did_not_fit_is_said() -> None:
    texts = _many(30)
    found = pack([_hit(path, (1, 14)) for path in texts], Files(texts), max_tokens=1_000)
    assert found.left_out
    assert all(each.tokens > 0 and "no room" in each.reason for each in found.left_out)


def test_what_is_left_out_is_said_once_and_not_of_what_is_there() -> None:
    texts = {"till.py": TILL, **_many(4)}
    hits = [_hit(path, (1, 14)) for path in texts]
    for tokens in range(200, 2_000, 100):
        found = pack(hits, Files(texts), max_tokens=tokens, pinned=("till.py#till_b", "till.py#till_c"))
        there = {(piece.path, piece.symbol) for piece in found.pieces if piece.kind == "symbol"}
        said = [(each.path, each.symbol) for each in found.left_out]
        assert len(said) == len(set(said))
        assert not there & set(said)
        assert not {path for path, symbol in said if symbol is None} & {path for path, symbol in said if symbol}


def test_a_pin_that_there_is_no_room_for_is_not_said_once_more_in_parts() -> None:
    found = pack([_hit("till.py", (6, 19), (20, 33))], Files({"till.py": TILL}), max_tokens=200, pinned=("till.py",))
    assert [each.symbol for each in found.left_out if each.path == "till.py"] == [None]


@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        (("its text has `add_tax`", "defines `add_tax`"), "Defines `add_tax`."),
        (("defines `a`, `b`", "its path has `a`", "changed lately"), "Defines `a`, `b`; changed lately."),
        (("its text has `a`", "defines `b`"), "Defines `b`; its text has `a`."),
        (
            ("changed lately", "commits with words of the prompt changed it", "its text has `a`"),
            "Its text has `a`; commits with words of the prompt changed it.",
        ),
    ],
)
def test_a_piece_says_why_it_is_there_and_no_reason_twice(reasons: tuple[str, ...], said: str) -> None:
    assert because(msgspec.structs.replace(_hit("a.py"), reasons=reasons)) == said


def test_an_outline_for_which_little_speaks_says_what_it_is_there_for() -> None:
    hit = msgspec.structs.replace(_hit("a.py"), reasons=())
    assert outlined_because(hit) == "Little speaks for it: in outline, so that it can be asked for."


@pytest.mark.parametrize("reasons", [(), ("changed lately", "changes often"), ("lies near `b.py`",)])
def test_code_for_which_nothing_speaks_is_not_sent_though_there_is_room(reasons: tuple[str, ...]) -> None:
    texts = {"a.py": _function("one"), "b.py": _function("two")}
    found = pack([_hit("a.py"), msgspec.structs.replace(_hit("b.py"), reasons=reasons)], Files(texts), max_tokens=1_000)
    assert [piece.path for piece in found.pieces if piece.kind != "skeleton"] == ["a.py"]
    assert [piece.path for piece in found.pieces if piece.kind == "skeleton"] == ["b.py"]


def test_a_small_file_comes_whole_and_one_definition_is_called_by_its_name() -> None:
    small = pack([_hit("till.py")], Files({"till.py": _function("total")}), max_tokens=1_000)
    assert [(piece.kind, piece.symbol) for piece in small.pieces] == [("file", None)]
    large = pack([_hit("till.py")], Files({"till.py": TILL}), max_tokens=1_000, pinned=("till.py#till_b",))
    pinned = next(piece for piece in large.pieces if piece.pinned)
    assert (pinned.kind, pinned.symbol) == ("symbol", "till_b")
    assert pinned.text.startswith("def till_b")


def test_what_was_taken_elsewhere_is_not_taken_again_and_counts() -> None:
    files = Files({"till.py": TILL})
    first = pack([_hit("till.py", (6, 19))], files, max_tokens=300, pinned=("till.py:6-19",))
    taken = tuple(piece for piece in first.pieces if piece.kind != "skeleton")
    again = pack([_hit("till.py", (6, 19))], files, max_tokens=2_000, taken=taken)
    assert not set(_lines(first)) & set(_lines(again))
    assert again.tokens <= 2_000 - sum(piece.tokens for piece in taken)


def test_of_what_was_taken_in_outline_the_lines_are_still_to_be_had() -> None:
    files = Files({"till.py": TILL})
    (whole,) = pack([], files, max_tokens=2_000, pinned=("till.py",)).pieces
    outlined = msgspec.structs.replace(whole, kind="skeleton", text="…\ndef till_a(first: int) -> int:", tokens=9)
    assert _lines(pack([_hit("till.py", (6, 19))], files, max_tokens=2_000, taken=(outlined,)))


def test_a_pin_comes_first_and_is_never_dropped_silently() -> None:
    texts = {"till.py": TILL, **_many(20)}
    hits = [_hit(path, (1, 14)) for path in texts if path != "till.py"]
    found = pack(hits, Files(texts), max_tokens=600, pinned=("till.py", "till.py#till_f", "gone.py", "till.py#nothing"))
    assert any(piece.pinned and piece.path == "till.py" for piece in found.pieces)
    said = [(each.path, each.symbol) for each in found.left_out if "pinned" in each.reason]
    assert ("gone.py", None) in said
    assert ("till.py", "nothing") in said
    assert ("till.py", None) in said  # there was no room for all of the file
    assert found.tokens <= 600
    assert {each.pin for each in found.left_out if "pinned" in each.reason} == {"till.py", "gone.py", "till.py#nothing"}
    assert {piece.pin for piece in found.pieces if piece.pinned} == {"till.py", "till.py#till_f"}


def test_of_a_pin_that_is_too_long_all_is_taken_that_there_is_room_for_and_a_line_of_another_too() -> None:
    texts = {"long.py": "".join(f"value_{n} = {n} + offset\n" for n in range(2_000)), "till.py": TILL}
    found = pack([], Files(texts), max_tokens=3_000, pinned=("long.py", "till.py#till_f"))
    assert {piece.pin for piece in found.pieces} == {"long.py", "till.py#till_f"}
    assert 2_950 <= found.tokens <= 3_000
    (left,) = found.left_out
    (long,) = (piece for piece in found.pieces if piece.path == "long.py")
    assert f"lines {long.end_line + 1}-" in left.reason


@pytest.mark.parametrize("name", ["till.py", "till.py:5-99"])
def test_of_a_pin_that_is_too_long_the_parts_come_first_that_speak_most_to_the_prompt(name: str) -> None:
    files = Files({"till.py": TILL})
    last = len(TILL.split("\n")) - 1
    found = pack([_hit("till.py", (last - 13, last), (38, 51), (6, 19))], files, max_tokens=500, pinned=(name,))
    code = [piece for piece in found.pieces if piece.pinned]
    assert [piece.symbol for piece in sorted(code, key=lambda each: each.start_line)] == ["till_c", "till_f"]
    assert {piece.pin for piece in code} == {name}
    (left,) = found.left_out
    assert left.reason == "You pinned it, but there is no room for the rest of it: `context.maxTokens` is too small."
    assert left.tokens > 400


def test_nothing_that_was_removed_comes_back() -> None:
    texts = {"till.py": TILL, **_many(8)}
    hits = [_hit(path, (1, 14)) for path in texts]
    found = pack(hits, Files(texts), max_tokens=6_000, removed=("till.py#till_a", "app/0/file0.py"))
    assert "def till_a" not in "".join(piece.text for piece in found.pieces if piece.kind != "skeleton")
    assert "app/0/file0.py" not in paths_of(found.pieces)
    removed = [(each.path, each.symbol) for each in found.left_out if "removed" in each.reason]
    assert removed == [("till.py", "till_a"), ("app/0/file0.py", None)]


def test_a_file_that_is_gone_is_said_and_costs_no_other() -> None:
    found = pack([_hit("gone.py"), _hit("till.py")], Files({"till.py": TILL}), max_tokens=3_000)
    assert paths_of(found.pieces) == {"till.py"}
    assert [(each.path, each.reason) for each in found.left_out] == [("gone.py", "It cannot be read any more.")]


def test_what_changes_slowly_stands_first_whatever_was_found_first() -> None:
    texts = {f"{name}.py": _function(name) for name in "abc"}
    files = Files(texts, {"a.py": 5.0, "b.py": 0.0, "c.py": 1.0})
    orders = [
        [piece.path for piece in pack([_hit(f"{name}.py") for name in order], files, max_tokens=3_000).pieces]
        for order in ("abc", "cab")
    ]
    assert orders == [["b.py", "c.py", "a.py"]] * 2


def test_each_piece_says_how_much_it_matters_wherever_it_stands() -> None:
    texts = {"calm.py": _function("calm"), "busy.py": _function("busy"), "pin.py": _function("pin")}
    files = Files(texts, {"busy.py": 9.0})
    found = pack([_hit("busy.py", score=9.0), _hit("calm.py")], files, max_tokens=5_000, pinned=("pin.py",))
    assert [piece.path for piece in sorted(found.pieces, key=lambda each: each.rank)] == [
        "pin.py",
        "busy.py",
        "calm.py",
    ]
    assert [piece.path for piece in found.pieces] != ["pin.py", "busy.py", "calm.py"]


def test_secrets_are_masked_in_the_whole_file_and_the_hash_is_of_the_raw_lines() -> None:
    token = TOKENS["github classic"]
    text = f"KEY = '{token}'\n\n\n{_function('total')}"
    found = pack([_hit("till.py")], Files({"till.py": text}), max_tokens=1_000)
    assert token not in str(found)
    assert "<masked:" in found.pieces[0].text
    assert found.pieces[0].content_hash == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    "text",
    [
        TILL.replace("\n", "\r\n"),
        f"\ufeff{TILL}",
        "data = '" + "x" * 50_000 + "'\n" + _function("total"),
        "def приветствие(имя):\n    return '你好' + имя\n" * 30,
        "",
        "\n\n\n",
        "\f\x00\x85 \u2028\n",
    ],
    ids=["crlf", "bom", "long line", "other scripts", "empty", "blank", "odd"],
)
def test_any_text_can_be_packed(text: str) -> None:
    found = pack([_hit("a.py"), _hit("b.py")], Files({"a.py": text, "b.py": TILL}), max_tokens=4_000, pinned=("a.py",))
    assert found.tokens <= 4_000
    assert all("\r" not in piece.text and len(piece.text) < 20_000 for piece in found.pieces)
    assert len(_lines(found)) == len(set(_lines(found)))


_RANGE = st.tuples(st.integers(1, 90), st.integers(0, 40)).map(lambda each: (each[0], each[0] + each[1]))


@settings(max_examples=40)
@given(
    st.lists(st.lists(_RANGE, max_size=4), min_size=1, max_size=8),
    st.integers(0, 3_000),
    st.lists(st.sampled_from(["f0.py", "f1.py#till_b", "f2.py:3-30", "no.py", "f0.py#till_c"]), max_size=3),
    st.lists(st.sampled_from(["f3.py", "f1.py#till_a", "f0.py:1-9", "no.py"]), max_size=2),
)
def test_whatever_is_found_and_asked_for_the_budget_holds_and_no_line_comes_twice(
    parts: list[list[tuple[int, int]]], budget: int, pinned: list[str], removed: list[str]
) -> None:
    texts = {f"f{n}.py": TILL for n in range(len(parts))}
    hits = [_hit(f"f{n}.py", *lines) for n, lines in enumerate(parts)]
    found = pack(hits, Files(texts), max_tokens=budget, pinned=pinned, removed=removed)
    assert found.tokens == sum(piece.tokens for piece in found.pieces) <= budget
    assert len(_lines(found)) == len(set(_lines(found)))
    assert "f3.py" not in removed or "f3.py" not in paths_of(found.pieces)
    for piece in found.pieces:
        assert piece.tokens >= estimate_tokens(piece.text)
    assert pack(hits, Files(texts), max_tokens=budget, pinned=pinned, removed=removed) == found


def test_a_skeleton_has_what_matters_first_then_what_is_large_in_the_order_of_the_file() -> None:
    text = TILL + "\n\n" + "\n\n".join(_function(f"small_{each}", 1) for each in "xyz")
    file = Files({"till.py": text}).open(ROOT, "till.py")
    assert file is not None
    lines = skeleton(file, ["small_z"]).split("\n")
    assert lines[0] == "till.py"
    assert len(lines) == 7
    assert lines[-1] == "  def small_z(first: int) -> int"
    assert holds(text, "\n".join(lines))
    assert not holds(text.replace("small_z", "little_z"), "\n".join(lines))


_PATH = st.from_regex(r"([a-z]{1,3}/){0,3}[a-z]{1,4}\.py", fullmatch=True)


@given(st.sets(_PATH, min_size=1))
def test_paths_are_read_back_as_they_were_written(paths: set[str]) -> None:
    assert set(paths_in(paths_text(paths))) == paths
    assert len(paths_text(paths)) <= len("\n".join(paths)) + 4 * len(paths)


def test_the_names_of_sixty_files_cost_little() -> None:
    assert estimate_tokens(paths_text(_many(60))) < 12 * 60


def test_pieces_are_plain_data() -> None:
    found = pack([_hit("till.py")], Files({"till.py": TILL}), max_tokens=1_000)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(found), type=Gathered) == found


def test_of_a_definition_that_several_files_have_none_is_guessed_but_a_person_chooses() -> None:
    files = Files({"a.py": "def total():\n    return 1\n", "b.py": "def total():\n    return 2\n"})
    files.meant = ["a.py", "b.py"]
    found = pack([], files, max_tokens=500, pinned=("#total",))
    assert (found.pieces, found.left_out) == ((), ())
    (choice,) = found.choices
    assert choice.words == "@total"
    assert [(hit.path, [symbol.name for symbol in hit.symbols]) for hit in choice.candidates] == [
        ("a.py", ["total"]),
        ("b.py", ["total"]),
    ]
    chosen = pack([], files, max_tokens=500, pinned=("b.py#total", "#total"))
    assert [piece.path for piece in chosen.pieces] == ["b.py"]
    assert chosen.choices == ()


def test_all_of_a_path_means_that_file_and_none_that_ends_in_it() -> None:
    texts = {"src/config.ts": "export const one = 1;\n", "apps/web/src/config.ts": "export const two = 2;\n"}

    class Roots(Files):
        """Two roots, each of which finds what it has."""

        def named(self, name: str) -> list[FileHit]:
            return [_hit(path) for path in texts]

    found = pack([], Roots(texts), max_tokens=500, pinned=("src/config.ts",))
    assert [piece.path for piece in found.pieces] == ["src/config.ts"]


def test_of_a_name_that_many_files_have_it_is_only_said_how_to_name_one() -> None:
    files = Files({f"{name}.py": "def total():\n    return 1\n" for name in "abcdef"})
    files.meant = [f"{name}.py" for name in "abcdef"]
    found = pack([], files, max_tokens=500, pinned=("#total",))
    assert found.choices == ()
    assert [each.reason for each in found.left_out] == [
        "Several files have it: `a.py`, `b.py`, `c.py` and 3 more. Say which, as in `#a.py#total`."
    ]


def test_what_was_removed_is_not_taken_though_it_is_mentioned_by_another_name() -> None:
    files = Files({"a.py": "def total():\n    return 1\n"})
    files.meant = ["a.py"]
    assert [piece.path for piece in pack([], files, max_tokens=500, pinned=("#total",)).pieces] == ["a.py"]
    assert pack([], files, max_tokens=500, pinned=("#total",), removed=("a.py#total",)).pieces == ()
