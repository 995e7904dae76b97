"""What is searched for where a prompt is not in English: no small words, and what it names in English too."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optafly.refine.language import LEXICON_OF, tongue
from optafly.refine.languages.concepts import CONCEPTS
from optafly.refine.languages.others import OTHERS
from optafly.refine.prose import read
from optafly.refine.sought import sought


def left(prompt: str) -> str:
    prose = read(prompt)
    asked = msgspec.structs.replace(sought(prose, tongue(prose)), concepts=())
    return " ".join(asked.text.split())


def added(prompt: str) -> str:
    prose = read(prompt)
    return " ".join(names for _, names in sought(prose, tongue(prose)).concepts)


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


@pytest.mark.parametrize(
    ("prompt", "names"),
    [
        ("warum wird die Konfiguration nicht geladen", "config load"),
        ("où est lue la configuration ?", "read config"),
        ("¿dónde se borran los archivos viejos?", "delete remove"),
        ("onde a configuração é lida?", "config read"),
        ("dove viene letta la configurazione?", "read config"),
        ("waar wordt de configuratie gelezen?", "config read"),
        ("gdzie jest czytana konfiguracja?", "read config"),
        ("где читается конфигурация?", "read config"),
        ("配置文件是在哪里读取的？", "config read"),
        ("設定ファイルはどこで保存されますか？", "config save"),
        ("설정 파일은 어디서 저장해?", "config save"),
        ("mettre à jour le mot de passe de l'utilisateur", "update password user"),
        ("telecharger le paquet", ""),
        ("télécharger le paquet", "download package"),
        ("warum lädt `Konfiguration` nicht, wo ist die pfad.py und was ist mit pfad()", "load"),
    ],
)
def test_what_names_something_is_sought_by_the_word_of_code_too(prompt: str, names: str) -> None:
    assert added(prompt) == names


@pytest.mark.parametrize(
    "prompt",
    ["Remove non PEP 517 code paths", "resolver: emit Requires-Python first", "configura", "such a data model"],
)
def test_english_words_that_are_words_of_other_languages_are_none_there(prompt: str) -> None:
    assert added(prompt) == ""


@pytest.mark.parametrize(
    ("prompt", "wrong"),
    [
        ("pourquoi la vidéo ne va pas avec le son", "clear"),
        ("où la liste est-elle vide ?", "clear"),
        ("la lecture du fichier ne va pas", "play"),
        ("nous sommes où dans la boucle ?", "sum"),
        ("dove sono le impostazioni del server?", "tax"),
        ("come si imposta il timeout del server?", "tax"),
        ("qual è il tasso di errore?", "tax"),
        ("un campione dei dati della campagna", "field"),
        ("dove sono i contatti dell'utente?", "count"),
        ("¿cómo se puede reproducir el error?", "play"),
        ("la lista está vacía, ¿por qué no se ve?", "clear"),
        ("como posso reproduzir o erro?", "play"),
        ("qual é a taxa de erro?", "tax"),
        ("o código não está limpo", "clear"),
        ("변수는 어디서 초기화되나요?", "clear"),
        ("회의실 예약은 어디서 하나요?", "schedule"),
        ("что было в итоге с этим файлом?", "total"),
        ("кто такой генерал?", "generate"),
        ("wo ist die gesamte Datei?", "total"),
        ("warum ist das doppelt so langsam?", "duplicate"),
    ],
)
def test_what_everybody_says_is_no_word_of_code(prompt: str, wrong: str) -> None:
    assert wrong not in added(prompt).split()


def test_a_word_of_code_stands_in_the_line_of_what_it_means() -> None:
    prose = read("wo ist die Konfiguration\nund wer lädt das?")
    first, second = sought(prose, "de").text.split("\n")
    assert (first.split(), second.split()) == (["Konfiguration", "config"], ["lädt", "load", "?"])


def test_every_table_is_for_a_language_that_is_told_and_no_phrase_is_empty() -> None:
    known = {*LEXICON_OF, *OTHERS}
    for language, table in CONCEPTS.items():
        assert language in known
        for entry in table.split(";"):
            names, _, phrases = entry.partition("=")
            assert names.strip().isascii()
            assert all(phrase.strip("* ") for phrase in phrases.split("|")), entry


@given(
    st.text(alphabet="diewo nst .()`_é中的んで이게,/", max_size=80),
    st.sampled_from(["de", "fr", "nl", "zh", "ko", "ru"]),
)
def test_every_other_letter_stays_where_it_stands(prompt: str, language: str) -> None:
    asked = msgspec.structs.replace(sought(read(prompt), language), concepts=())
    said = asked.text
    assert len(said) == len(prompt)
    gone = {at for hit in asked.silent for at in range(hit.start, hit.end)}
    assert all(said[at] == (" " if at in gone else prompt[at]) for at in range(len(prompt)))


def test_of_a_long_prompt_the_beginning_is_searched_for() -> None:
    prose = read("wo ist die Konfiguration\n" + "x = load(config)\n" * 10_000)
    text = sought(prose, tongue(prose)).text
    assert text.split()[:3] == ["Konfiguration", "config", "x"]
    assert len(text) < 20_000
