"""Words that say nothing in the language of a prompt: which they are, and when they say something after all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optafly.refine.language import tongue
from optafly.refine.prose import read
from optafly.refine.silent import silent, without_silent


def left(prompt: str) -> str:
    prose = read(prompt)
    return " ".join(without_silent(prose, tongue(prose)).split())


@pytest.mark.parametrize(
    ("prompt", "telling"),
    [
        ("warum wird die Konfiguration nicht geladen", "Konfiguration geladen"),
        ("comment on fait pour que le serveur ne s'ouvre pas", "serveur 'ouvre"),
        ("no se ve el error en la terminal, solo en el log", "error terminal, log"),
        ("o que o pip faz com os wheels", "pip wheels"),
        ("come si fa a leggere il file di configurazione", "leggere file configurazione"),
        ("waarom wordt de wheel opnieuw gebouwd terwijl die al in de cache staat?", "wheel opnieuw gebouwd cache ?"),
        ("do czego jest ten build tracker i co on robi", "build tracker"),
        ("varför är det inte i den här filen", "filen"),
        ("почему не загружается config и где это", "загружается config"),
        ("为什么 config 没有被读取，是在哪里做的", "config 被读取，是在 做的"),
        ("config が読み込まれないのはなぜですか", "config が読み込まれ のは か"),
        ("parse_config에서 왜 오류가 나요", "parse_config 왜 오류가"),
    ],
)
def test_what_says_nothing_in_its_language_is_left_out(prompt: str, telling: str) -> None:
    assert left(prompt) == telling


@pytest.mark.parametrize(
    "prompt",
    [
        "Die on error",
        "do not die when the pipe is closed",
        "list all comment nodes on a page",
        "why is die() called on exit",
        "use on instead of addListener",
        "as no os module is there",
        "docs: per-environment state in plugins",
        "die Zeile",
        "xyzzy",
        "",
    ],
)
def test_english_is_searched_for_as_it_is_and_so_is_what_cannot_be_told(prompt: str) -> None:
    assert left(prompt) == " ".join(prompt.split())


@pytest.mark.parametrize(
    ("prompt", "telling"),
    [
        ("warum ist die Funktion die() nicht da", "Funktion die()"),
        ("warum ist die Funktion `die` nicht da", "Funktion `die`"),
        ("warum ist die Datei die.sh nicht da", "Datei die.sh"),
        ("warum ist die Variable die_now nicht da", "Variable die_now"),
        ("warum ist das in CI nicht DIE Variable", "CI DIE Variable"),
        ("pourquoi est-ce que --no et emitter.on ne vont pas", "- --no emitter.on vont"),
        ("por que o @no e #os não são lidos", "@no #os lidos"),
        ("pourquoi vite ne lit pas le dir", "vite lit dir"),
    ],
)
def test_what_is_written_as_code_says_something_in_any_language(prompt: str, telling: str) -> None:
    assert left(prompt) == telling


@given(
    st.text(alphabet="diewo nst .()`_é中的んで이게,/", max_size=80),
    st.sampled_from(["de", "fr", "nl", "zh", "ko", "ru"]),
)
def test_every_other_letter_stays_where_it_stands(prompt: str, language: str) -> None:
    prose = read(prompt)
    said = without_silent(prose, language)
    assert len(said) == len(prompt)
    gone = {at for hit in silent(prose, language) for at in range(hit.start, hit.end)}
    assert [said[at] for at in range(len(prompt)) if at not in gone] == [
        prompt[at] for at in range(len(prompt)) if at not in gone
    ]
