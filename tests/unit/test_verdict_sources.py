"""The loaders of public sets: which wordings they take for one request, on small checkouts made here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.verdict.sources import assistant, commands, main, programs, tldr
from bench.verdict.sources.groups import Labelled

PAGE = """# tar

> Archiving utility.

- {}:

`tar cf {{{{a.tar}}}} {{{{dir}}}}`

- List the contents:

`tar tf {{{{a.tar}}}}`
"""


def said(found: Labelled) -> set[frozenset[str]]:
    groups: dict[object, set[str]] = {}
    for row in found.rows():
        groups.setdefault(row["group"], set()).add(str(row["prompt"]))
    return {frozenset(prompts) for prompts in groups.values()}


def git(folder: Path, *command: str) -> None:
    name = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
    subprocess.run(("git", "-C", str(folder), *name, *command), check=True, capture_output=True)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "tldr" / "pages" / "common"
    folder.mkdir(parents=True)
    git(tmp_path / "tldr", "init", "-q")
    for description in ("Create an archive from a directory", "[c]reate a tar [f]ile of a directory"):
        (folder / "tar.md").write_text(PAGE.format(description), encoding="utf-8")
        git(tmp_path / "tldr", "add", ".")
        git(tmp_path / "tldr", "commit", "-q", "-m", "page")
    return tmp_path / "tldr"


def test_descriptions_that_stood_above_one_command_are_one_group(pages: Path) -> None:
    assert said(tldr.load(pages)) == {
        frozenset({"Create an archive from a directory", "create a tar file of a directory"}),
        frozenset({"List the contents"}),
    }


def test_the_other_examples_of_a_page_are_traps(pages: Path) -> None:
    rows = list(tldr.load(pages).rows())
    near = {row["prompt"]: json.dumps(row["near"]) for row in rows}
    listing = next(row["group"] for row in rows if row["prompt"] == "List the contents")

    assert str(listing) in near["create a tar file of a directory"]


def test_a_description_whose_number_was_corrected_is_not_a_paraphrase(tmp_path: Path, pages: Path) -> None:
    page = pages / "pages" / "common" / "tar.md"
    for description in ("Keep 3 copies", "Keep 5 copies"):
        page.write_text(PAGE.format(description).replace("tar cf", "tar kf"), encoding="utf-8")
        git(pages, "add", ".")
        git(pages, "commit", "-q", "-m", "page")

    assert {"Keep 5 copies"} in said(tldr.load(pages))


def test_two_collections_describe_one_command_in_their_own_words(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    (tmp_path / "one" / "tar").write_text("# To extract an archive\ntar -vxf /path/to/foo.tar\n\n", encoding="utf-8")
    (tmp_path / "two" / "tar.md").write_text(PAGE.format("x") + "\n- Unpack a tar file:\n\n`tar -xvf {{a.tar}}`\n")

    assert {"To extract an archive", "Unpack a tar file"} in said(commands.load(tmp_path))


def test_a_command_that_one_collection_describes_twice_does_not_say_enough(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "git").write_text(
        "# Switch to a branch\ngit checkout my-branch\n\n# Restore a file\ngit checkout my-file\n\n"
    )

    assert said(commands.load(tmp_path)) == set()


@pytest.mark.models  # PyYAML comes with them
def test_sentences_for_one_action_of_a_home_are_one_group_and_how_many_is_not_which(tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "en"
    folder.mkdir(parents=True)
    (folder / "light.yaml").write_text(
        "language: en\ntests:\n"
        "  - sentences: [turn on the light, switch the light on, which lights are on, how many lights are on]\n"
        "    intent: {name: HassTurnOn, slots: {domain: light}}\n"
    )

    assert said(assistant.home(tmp_path)) == {
        frozenset({"turn on the light", "switch the light on"}),
        frozenset({"which lights are on"}),
        frozenset({"how many lights are on"}),
    }


def test_a_word_that_nobody_annotated_keeps_an_utterance_by_itself(tmp_path: Path) -> None:
    folder = tmp_path / "CrossValidation/autoGeneFromRealAnno/x/CrossValidation/KFold_1/trainset"
    folder.mkdir(parents=True)
    head = "answerid;scenario;intent;answer_annotation;answer_from_anno;answer_from_user\n"
    same = "".join(
        f'{n};alarm;set;"set alarm [time : {n} am]";"set alarm {n} am";"Set alarm {n} am"\n' for n in range(6)
    )
    more = (
        '7;alarm;set;"alarm set [time : 5 am]";"alarm set 5 am";"alarm set 5 am"\n'
        '8;alarm;set;"set loud alarm [time : 5 am]";"x";"set loud alarm 5 am"\n'
    )
    (folder / "alarm_set.csv").write_text(head + same + more)

    found = said(assistant.nlu(tmp_path))

    assert {"Set alarm 5 am", "alarm set 5 am"} in found
    assert {"set loud alarm 5 am"} in found


def test_a_slot_with_another_value_is_another_group(tmp_path: Path) -> None:
    folder = tmp_path / "2017-06-custom-intent-engines" / "PlayMusic"
    folder.mkdir(parents=True)
    items = [[("play some ", ""), (artist, "artist")] for artist in ("Mozart", "Bach", "mozart")]
    data = [{"data": [{"text": t, "entity": e} if e else {"text": t} for t, e in item]} for item in items]
    (folder / "train_PlayMusic.json").write_text(json.dumps({"PlayMusic": data}))

    assert said(assistant.snips(tmp_path)) == {frozenset({"play some mozart"}), frozenset({"play some Bach"})}


def test_a_wording_that_two_groups_share_is_in_neither() -> None:
    found = Labelled("x")
    found.add("a", "f", ["Show it!", "display it"])
    found.add("b", "f", ["show it", "hide it"])

    assert said(found) == {frozenset({"display it"}), frozenset({"hide it"})}


def test_the_script_converts_a_checkout(pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "tldr.jsonl"
    monkeypatch.setattr(sys, "argv", ["main.py", "tldr", str(pages), "--out", str(out)])

    main.main()

    assert set(json.loads(out.read_text().splitlines()[0])) == {"group", "prompt", "family", "kind", "domain", "near"}


def test_wordings_of_one_program_are_one_group_and_their_places_are_filled_alike(tmp_path: Path) -> None:
    folder = tmp_path / "main" / "com.mail" / "eval"
    folder.mkdir(parents=True)
    mail = "$dialogue @org.thingpedia.dialogue.transaction . execute ; @com.mail . inbox ( ) filter subject == {} ;"
    named = "@com.mail . inbox ( ) filter subject == QUOTED_STRING_0 ;"
    (folder / "paraphrase.tsv").write_text(
        f"1\tnull\tmail named QUOTED_STRING_0 , please\t$dialogue x . execute ; {named}\n"
        f"2\tnull\tis n't there mail called QUOTED_STRING_0 ?\t$dialogue x . execute ; {named}\n"
        f"3\tnull\tmail about cats\t{mail.format('cats')}\n"
        f"4\tnull\tmail for ENTITY_9\t{mail.format('ENTITY_9')}\n"
    )

    groups = sorted(said(programs.load(tmp_path)), key=len)

    assert groups[0] == {"mail about cats"}
    first, second = sorted(groups[1])
    assert first.startswith("isn't there mail called ")
    assert first.removeprefix("isn't there mail called ").removesuffix("?") == second.split(",")[0].split("named ")[1]


def test_what_concerns_restaurants_is_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "com.yelp" / "eval"
    folder.mkdir(parents=True)
    (folder / "paraphrase.tsv").write_text("1\tnull\tfind a place to eat\t@com.yelp . restaurant ( ) ;\n")

    assert said(programs.load(tmp_path)) == set()
