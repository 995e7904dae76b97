"""Whether a prompt is in English, as far as its words tell: what prompts are compared by are rules of English.

`copia de a a b` and `copia de b a a` have the same words, and none of the rules knows that the order matters there. So
what is not plainly English is only served where every word and every mark between them is the same, in the same order.
None of the lists was taken from a data set.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from optafly.cache import lexicon
from optafly.cache.tokens import SLOTS, Token
from optafly.cache.vocabulary import OPENERS, QUESTION_OPENERS


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Small words of other languages in Latin letters, without those that are words, commands or names in English as well.
OTHERS = _words(
    """der das dem einem einen einer eines ein eine und oder nicht kein keine keinen mit ohne vom zum zur auf aus bei
    nach vor zwischen sind wird werden wurde wurden kann soll muss ich wir wie warum wenn dass alle nur auch dieser
    diese dieses diesen ob durch gegen noch schon
    el los las una unas unos del en con por que como cuando donde cual quien esta este estos estas todos todas entre
    desde hasta cada para pero
    le la les une et ou dans avec pour par sur sous qui quoi pourquoi quand est sont ce cet cette ces aux il elle nous
    vous ils elles mais donc cela vers leur
    gli uno della dello dei degli delle dalla nel nella sono questa questo anche tutti tutte senza
    um uma nas nos com sem ao aos pela pelo
    de het een niet geen zonder voor naar uit zijn wordt worden hoe waarom deze dit
    och eller inte ett att som utan och av ikke uden jeg det er
    nie jest czy jak oraz lub bez przez dla ve veya bir ile neden atau tidak yang dari untuk dengan
    nein nao nej nei jangan"""
)
# Words of English that prompts in other languages have too, in another meaning.
SHARED = _words(
    """a also am an april are as at august average be best by can compare correct die display do document fast final
    for had has have he her here his i in information is it its just last let list main man me median minus my no non
    not november now of on over per plus possible present produce question report september simple so some son still
    such summer test than that them then till to total un us via war was we will winter"""
)
# What carries the grammar of English, its days, and the verbs that requests open with.
_VERBS = (OPENERS - QUESTION_OPENERS) | _words(
    """set sort count parse squash listen turn guard wrap catch throw raise avoid ensure allow prevent reduce restore
    save load read send receive call define declare enable disable increase decrease close restart split"""
)
ENGLISH = (
    lexicon.FUNCTION
    | lexicon.FRAME
    | lexicon.THIRD_PERSON.keys()
    | lexicon.SEQUENCE.keys()
    | lexicon.COMPARE.keys()
    | lexicon.SUPERLATIVE.keys()
    | lexicon.QUANTITY.keys()
    | lexicon.BINDING.keys()
    | lexicon.NEGATION
    | lexicon.TIMES
    | _VERBS
    | {f"{verb}s" for verb in _VERBS}
) - SHARED


def english(tokens: Iterable[Token]) -> bool:
    """Return whether a prompt has a word that only English has, and none that it lacks."""
    found = {_known(token.text.casefold()) for token in tokens if token.kind not in SLOTS}
    return True in found and False not in found


@lru_cache(maxsize=8192)
def _known(word: str) -> bool | None:
    """Return True for a word that only English has, False for one that it lacks, and None where there is no telling."""
    if word in OTHERS or (not word.isascii() and any(map(str.isalpha, word))):
        return False
    return True if word in ENGLISH else None
