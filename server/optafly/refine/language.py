"""Which language a prompt is written in, by its script and its function words."""

from __future__ import annotations

import re

import msgspec

from optafly.mentions import mentions
from optafly.refine.languages import LEXICONS
from optafly.refine.lexicon import Lexicon
from optafly.refine.prose import Prose

UNKNOWN = "und"

_BY_CODE = {lexicon.code: lexicon for lexicon in LEXICONS}
_HANGUL = re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_NOT_RUSSIAN = re.compile(r"[іїєґўјљњћђџ]")
_LATIN = re.compile(r"[a-z\u00e0-\u024f]")
_OTHER_SCRIPT = re.compile(r"[\u0370-\u03ff\u0590-\u0fff\u1000-\u109f\u10a0-\u10ff\u1780-\u17ff]")

# Languages we do not write, known by their commonest words so that they are not taken for one that we do.
_OTHERS = {
    "nl": "de het een en van is dat die niet deze dit wat waarom hoe los op uit leg voor met naar ik je werkt schrijf",
    "pl": "i w nie na to jest się że dlaczego jak co ten ta popraw napisz wyjaśnij błąd dla kod funkcję tę",
    "sv": "och att det är inte den här denna detta som en ett för varför hur vad förklara koden fixa skriv jag på av",
    "da": "og at det er ikke den denne dette som en et for hvorfor hvordan hva hvad forklar koden skriv jeg på av af",
    "tr": "bu ve bir neden nasıl için değil ne kodu hatayı düzelt açıkla yaz mı mi da de",
    "cs": "a je to v na se že proč jak co tento tuto oprav vysvětli napiš chybu kód pro funkci",
    "fi": "ja on ei se että miksi miten mitä tämä tämän korjaa selitä kirjoita koodi virhe",
    "ro": "și este nu în de la ce cum acest această pentru explică repară scrie eroare codul",
    "vi": "và là không này cho của tại sao như thế nào sửa lỗi giải thích viết hàm",
    "id": "dan ini itu di yang tidak untuk mengapa kenapa bagaimana apa perbaiki jelaskan tulis kode",
    "hu": "és a az ez nem hogy miért hogyan mit ezt javítsd magyarázd írj kód hiba",
    "ca": "i els les és amb aquest aquesta aquests això corregeix escriu perquè què",
}
_OTHER_WORDS = {code: frozenset(words.split()) for code, words in _OTHERS.items()}
_MOST_WORDS = 300

# Paths, and calls without arguments. A part of a path is of one script: prose without spaces goes right up to a path.
_FOREIGN = (  # all but ASCII, white space and the punctuation of any script
    r"[^\x00-\xbf\s\u2000-\u2bff\u3001-\u3004\u3008-\u3020\u30fb\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]"
)
_FOREIGN_NAME = rf"(?<!{_FOREIGN}){_FOREIGN}+[0-9]*(?:[_-][\w-]*)?"
_NAMED = re.compile(
    rf"(?<![a-z0-9_/\\.$~+-])(?<!{_FOREIGN}(?=[0-9_/\\.~-]))"  # begins once in a run: to look from each part is slow
    rf"(?:(?:[a-z]:|~|\.\.?)?[/\\])?(?:(?:{_FOREIGN_NAME}|[a-z0-9_$~+-]+)[/.\\])+"
    r"(?:(?<=[/\\])(?!\S)|[a-z][a-z0-9]{0,11}(?![a-z0-9_]))"
    rf"|(?<![\w-]){_FOREIGN_NAME}\(\)"
)
_A_LETTER = re.compile(r"[^\W\d_]")


def detect(prose: Prose) -> Lexicon | None:
    """Return what we know about the language of a prompt, or None where it is none of ours or cannot be told.

    What it mentions, paths and code are in no language, unless it says nothing else.
    """
    prose = _without_names(prose)
    text = prose.covered
    if _HANGUL.search(text):
        return _BY_CODE.get("ko")
    if _KANA.search(text):
        return _BY_CODE.get("ja")
    if _HAN.search(text):
        return _BY_CODE.get("zh")
    if _OTHER_SCRIPT.search(text):
        return None
    if len(_CYRILLIC.findall(text)) > len(_LATIN.findall(text)) // 4:
        return None if _NOT_RUSSIAN.search(text) else _BY_CODE.get("ru")
    return _by_words(prose)


def _without_names(prose: Prose) -> Prose:
    text = prose.covered
    spans = [match.span() for match in _NAMED.finditer(text)]
    spans += [(each.start, each.end) for each in mentions(text)]
    if not spans:
        return prose
    letters = list(text)
    for start, end in spans:
        letters[start:end] = "\x00" * (end - start)
    said = "".join(letters)
    words = tuple(word for word in prose.words if "\x00" not in said[word.start : word.end])
    return msgspec.structs.replace(prose, covered=said, words=words) if _A_LETTER.search(said) else prose


def _by_words(prose: Prose) -> Lexicon | None:
    words = [word.text for word in prose.words[:_MOST_WORDS]]
    scores = {code: sum(word in known for word in words) for code, known in _OTHER_WORDS.items()}
    latin = [lexicon for lexicon in LEXICONS if lexicon.spaced and lexicon.code not in ("ru", "ko")]
    scores |= {lexicon.code: sum(word in lexicon.typical for word in words) for lexicon in latin}
    best = max(scores.values(), default=0)
    winners = [code for code, score in scores.items() if score == best]
    if best == 0 or len(winners) > 1:
        winners = _by_verbs(prose, [lexicon for lexicon in latin if best == 0 or lexicon.code in winners])
    return _BY_CODE.get(winners[0]) if len(winners) == 1 else None


def _by_verbs(prose: Prose, candidates: list[Lexicon]) -> list[str]:
    """Break a tie by all the words a language has, its verbs too; English wins where nothing tells."""
    words = prose.words[:40]
    scores = {
        each.code: len({i for hit in each.known.find(prose.covered, words) for i in range(hit.first, hit.last)})
        for each in candidates
    }
    best = max(scores.values(), default=0)
    winners = [code for code, score in scores.items() if score == best]
    return ["en"] if best and "en" in winners else winners if best else []
