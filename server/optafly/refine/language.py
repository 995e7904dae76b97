"""Which language a prompt is written in, by its script and its function words."""

from __future__ import annotations

import re

import msgspec

from optafly.mentions import mentions
from optafly.refine.languages import LEXICONS
from optafly.refine.languages.others import OTHERS
from optafly.refine.lexicon import Lexicon
from optafly.refine.prose import Prose

UNKNOWN = "und"

LEXICON_OF = {lexicon.code: lexicon for lexicon in LEXICONS}

_HANGUL = re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_NOT_RUSSIAN = re.compile(r"[іїєґўјљњћђџ]")
_LATIN = re.compile(r"[a-z\u00e0-\u024f]")
_OTHER_SCRIPT = re.compile(r"[\u0370-\u03ff\u0590-\u0fff\u1000-\u109f\u10a0-\u10ff\u1780-\u17ff]")

_OTHER_WORDS = {code: frozenset(words.split()) for code, words in OTHERS.items()}
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
    """Return what we know about the language of a prompt, or None where it is none of ours or cannot be told."""
    return LEXICON_OF.get(tongue(prose))


def tongue(prose: Prose) -> str:
    """Return the code of the language of a prompt, also where we do not write it; `und` where it cannot be told.

    What it mentions, paths and code are in no language, unless it says nothing else.
    """
    prose = without_names(prose)
    text = prose.covered
    if _HANGUL.search(text):
        return "ko"
    if _KANA.search(text):
        return "ja"
    if _HAN.search(text):
        return "zh"
    if _OTHER_SCRIPT.search(text):
        return UNKNOWN
    if len(_CYRILLIC.findall(text)) > len(_LATIN.findall(text)) // 4:
        return UNKNOWN if _NOT_RUSSIAN.search(text) else "ru"
    return _by_words(prose)


def without_names(prose: Prose) -> Prose:
    """Return a prompt with what it mentions, paths and calls covered, unless it says nothing else."""
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


def _by_words(prose: Prose) -> str:
    words = [word.text for word in prose.words[:_MOST_WORDS]]
    scores = {code: sum(word in known for word in words) for code, known in _OTHER_WORDS.items()}
    latin = [lexicon for lexicon in LEXICONS if lexicon.spaced and lexicon.code not in ("ru", "ko")]
    scores |= {lexicon.code: sum(word in lexicon.typical for word in words) for lexicon in latin}
    best = max(scores.values(), default=0)
    winners = [code for code, score in scores.items() if score == best]
    if best == 0 or len(winners) > 1:
        winners = _by_verbs(prose, [lexicon for lexicon in latin if best == 0 or lexicon.code in winners])
    return winners[0] if len(winners) == 1 else UNKNOWN


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
