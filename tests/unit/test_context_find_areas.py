"""Which folders a prompt is about, told by the titles of the commits that changed them."""

from __future__ import annotations

from optafly.context.find.areas import Areas
from optafly.context.find.corpus import Corpus
from optafly.context.find.entry import Entry, file_terms
from optafly.context.find.query import understood
from optafly.context.find.signals import scored
from optafly.context.history.history import History
from optafly.context.history.model import Commit, Titled
from optafly.context.outline.languages import kind_of
from optafly.context.outline.read import outline_of


def changed(title: str, *paths: str) -> Titled:
    return Titled(title, b"", len(paths), paths)


def first(areas: Areas, title: str) -> str:
    scores = areas.about(title)
    return max(scores, key=lambda folder: scores[folder])


def test_a_folder_is_known_by_the_titles_of_what_changed_it() -> None:
    areas = Areas(
        [
            changed("Keep cookies of redirects", "net/cookies.py"),
            changed("Read cookies as browsers do", "net/jar.py", "docs/net.md"),
            changed("Colour the prompt", "shell/colours.py"),
            changed("Redirect the output of the shell", "shell/pipes.py"),
        ]
    )

    assert first(areas, "all cookies are lost") == "net"
    assert first(areas, "the output of the shell is cut off") == "shell"
    assert areas.about("Speed up the build") == {}


def test_a_scope_says_more_than_the_same_word_elsewhere() -> None:
    areas = Areas(
        [
            *(changed(f"fix(store): mend the {what}", "pkg/store/index.ts") for what in ("lock", "log", "map")),
            *(changed(f"Let the {what} store its state", "pkg/view/page.ts") for what in ("tab", "list", "menu")),
        ]
    )

    assert first(areas, "fix(store): keep the menu") == "pkg/store"
    assert first(areas, "store: keep the menu") == "pkg/store"
    assert first(areas, "keep what the menu store has") == "pkg/view"


def test_what_stands_before_a_colon_in_no_commit_says_nothing_of_its_own() -> None:
    areas = Areas([changed("feat: read the clock", "time/clock.py"), changed("fix: set the clock", "time/set.py")])

    assert areas.about("fix: the clock") == areas.about("fix the clock")
    assert areas.about("TypeError: the clock") == areas.about("the clock")


def test_a_folder_in_which_everything_happens_is_not_what_every_prompt_is_about() -> None:
    busy = [changed(f"Change {n} of the core", "core/all.py") for n in range(200)]
    areas = Areas([*busy, changed("Parse dates", "core/all.py"), changed("Parse dates with zones", "dates/parse.py")])

    assert first(areas, "parse dates") == "dates"


def test_files_have_the_score_of_the_folder_in_which_they_lie() -> None:
    corpus, history = Corpus(), History()
    for path in ("net/jar.py", "net/new.py", "net/tls/keys.py", "top.py"):
        outline = outline_of("x = 1\n", "python")
        corpus.put(path, Entry(path, kind_of(path), outline, file_terms("x = 1\n", outline)))
    history.add([Commit(sha="a" * 40, time_s=1, title="Keep cookies", paths=("net/gone.py",), size=1)])
    corpus.remember(history)
    corpus.drop("net/new.py")

    found = scored(corpus, understood("cookies are lost")).files["area"]

    assert [corpus.path(number) for number in found.nonzero()[0].tolist()] == ["net/jar.py"]


def test_a_hostile_title_is_read_at_once() -> None:
    for title in ("(" * 5_000, "a, " * 3_000, "fix(" + ")" * 5_000, " -./" * 2_000 + ":", "\n"):
        assert Areas([changed(title, "a.py")]).about(title) is not None
