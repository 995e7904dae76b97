"""What tokens say together: a number and its unit, a frame at the beginning, what names something, what binds a word.

Phrases that say the same are brought into one form here, and words that are only mentioned become names, which must be
equal to the letter. Each rule is one of English grammar; none was fitted to a data set.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from itertools import pairwise

from optafly.cache import lexicon
from optafly.cache.tokens import SLOTS, Token, stem, stripped

LOOK_BACK = 4  # tokens between a word and what binds it

_FOLDER = stem("folder")
_FILE = stem("file")
_EXTENSION = re.compile(r"\w\.[A-Za-z]\w{0,5}$")
_ARTICLES = frozenset(("a", "an", "the"))
_CONTRASTS = frozenset(("to", "with", "than", "and", "by", "into", "instead", "versus", "vs", "for", "as"))
_BETWEEN = 4  # tokens between two words that are set against each other
_NO_NOUN = lexicon.KEYWORDS - frozenset(("let", "have", "has", "that", "what", "who", "how", "do"))
_NO_VERB = frozenset(("", "to", "from", "of", "by", "with", "than", "and", "or"))
_NAMING = frozenset(("named", "called", "name", "names"))
_NOT_RENAMED = frozenset(("to", *_ARTICLES, *lexicon.POINTING, *lexicon.POINTING_BACK))
_MENTIONED = lexicon.KEYWORDS | {"a", "i"}


def phrased(tokens: list[Token]) -> list[Token]:
    """Return tokens that say the same in one form, those that are only mentioned as names, each with what binds it."""
    said = {_word(token) for token in tokens}.union(token.key for token in tokens)
    for about, rule in _RULES:
        if about is None or not about.isdisjoint(said):
            tokens = rule(tokens)
    return _bound(tokens)


def _name(token: Token) -> Token:
    return Token("name", token.text, token.text)


def _small(token: Token) -> Token:
    return Token("function", _word(token), token.text)


def _word(token: Token) -> str:
    return token.text.casefold()


def _around(tokens: list[Token]) -> Iterator[tuple[str, str, str]]:
    """Return of each token the word before it, its own and the one behind it; "" where there is none."""
    words = ["", *map(_word, tokens), ""]
    return zip(words, words[1:-1], words[2:], strict=False)


def _mentioned(tokens: list[Token]) -> list[Token]:
    """Let `a` and `i` be names where no noun and no verb follows, and small words where only a name can stand.

    `find a in b`; `the if branch`; `what does as do`. No article stands in front of a preposition.
    """
    return [
        _name(token) if word in _MENTIONED and _is_mentioned(before, word, after, at, len(tokens)) else token
        for at, (token, (before, word, after)) in enumerate(zip(tokens, _around(tokens), strict=True))
    ]


def _is_mentioned(before: str, word: str, after: str, at: int, count: int) -> bool:
    if word == "a":
        return count > 1 and (not after or after in _NO_NOUN)
    if word == "i":
        return at > 0 and after in _NO_VERB
    return (
        before in _ARTICLES
        or (before in ("does", "did") and word not in ("that", "who", "what"))
        or (word != "to" and after in ("do", "mean", "work") and at + 2 == count and word in lexicon.BINDING)
    )


def _kinds(tokens: list[Token]) -> list[Token]:
    """Let a plain word be a name beside what it names: `the order class`, `a column error`, `a field called total`.

    So is what alone does something: `what does users return`.
    """
    found: list[Token] = []
    for at, (token, (before, word, after)) in enumerate(zip(tokens, _around(tokens), strict=True)):
        ahead = after in lexicon.NAMED_KINDS and (before in lexicon.ARTICLES or before in lexicon.BINDING)
        behind = before in lexicon.NAMED_KINDS and not word.endswith(("ed", "ing"))
        does = before in ("does", "did") and at > 1 and _word(tokens[at - 2]) == "what" and after != ""
        named = ahead or behind or does or before in ("named", "called")
        kind = word in lexicon.NAMED_KINDS and not ahead
        plain = token.kind == "content" and not kind and token.text.isalpha()
        says_so = word in ("named", "called") and _slots(tokens[at + 1 : at + 2])
        found.append(_small(token) if says_so else _name(token) if named and plain else token)
    return found


def _renamed(tokens: list[Token]) -> list[Token]:
    """Let what is renamed, and what to, be names."""
    if not any(_word(token).startswith("renam") for token in tokens):
        return tokens
    return [
        _name(token)
        if "to" in (before, after)
        and token.kind not in SLOTS
        and token.text.isalpha()
        and not word.startswith("renam")
        and word not in _NOT_RENAMED
        and token.key != "negation"
        else token
        for token, (before, word, after) in zip(tokens, _around(tokens), strict=True)
    ]


def _twins(tokens: list[Token]) -> list[Token]:
    """Let two words of one meaning be names where a prompt sets them apart: `change dir to folder`."""
    apart: set[str] = set()
    by_key: dict[str, list[int]] = {}
    for at, token in enumerate(tokens):
        if token.kind == "content":
            by_key.setdefault(token.key, []).append(at)
    for key, places in by_key.items():
        if len(places) == 1:
            continue
        if len({stripped(_word(tokens[at])) for at in places}) > 1 or any(
            _word(tokens[one]) != _word(tokens[other]) and _contrasted(tokens[one + 1 : other])
            for one, other in pairwise(places)
        ):
            apart.add(key)
    if not apart:
        return tokens
    return [_name(token) if token.kind == "content" and token.key in apart else token for token in tokens]


def _contrasted(between: list[Token]) -> bool:
    small = all(token.kind in ("function", "class") for token in between)
    return small and len(between) <= _BETWEEN and any(_word(token) in _CONTRASTS for token in between)


def _located(tokens: list[Token]) -> list[Token]:
    """Let `located in` and its like say no more than `in`."""
    return [
        _small(token)
        if token.kind == "content"
        and _word(token) in lexicon.LOCATED
        and any(lexicon.BINDING.get(_word(each)) == "place" for each in tokens[at + 1 : at + 2])
        else token
        for at, token in enumerate(tokens)
    ]


def _apposed(tokens: list[Token]) -> list[Token]:
    """Let `in the directory /tmp` be in /tmp, and the file `a.txt` be a.txt: the name says what it is."""
    found: list[Token] = []
    for at, token in enumerate(tokens):
        near = [each for each in (*tokens[max(0, at - 1) : at], *tokens[at + 1 : at + 2]) if each.kind == "literal"]
        folder = token.key == _FOLDER and any("/" in each.text or each.text[0] in "~$" for each in near)
        file = token.key == _FILE and not _word(token).endswith("s") and any(_EXTENSION.search(e.key) for e in near)
        if token.kind == "content" and (file or (folder and _inside(tokens[max(0, at - 3) : at]))):
            token = _small(token)
        found.append(token)
    return found


def _inside(before: list[Token]) -> bool:
    """Return whether the nearest word that binds says that something is there, so that it must be a folder."""
    bound = (lexicon.BINDING[_word(token)] for token in reversed(before) if _word(token) in lexicon.BINDING)
    return next(bound, "") in ("place", "source", "owner")


def _with_a_name(tokens: list[Token]) -> list[Token]:
    """Let `with the name X` and `whose name is X` be `named X`."""
    found = list(tokens)
    for at, token in enumerate(found):
        if _word(token) not in ("name", "names") or token.kind != "content":
            continue
        start, end = at, at + 1
        while start and _word(found[start - 1]) in _ARTICLES:
            start -= 1
        while end < len(found) and _word(found[end]) in ("is", "are"):
            end += 1
        if start and _word(found[start - 1]) in lexicon.WITH_A_NAME and _slots(found[end : end + 1]):
            found[at] = _small(token)
    return found


def _slots(tokens: list[Token]) -> bool:
    return any(token.kind in SLOTS for token in tokens)


def _listed(tokens: list[Token]) -> list[Token]:
    """Let `give me a list of the users` ask for the users."""
    for at, token in enumerate(tokens):
        if _word(token) == "list" and at > 1 and _word(tokens[at - 1]) in _ARTICLES:
            asked = any(_word(each) in lexicon.ASKING for each in tokens[:at])
            of = [_word(each) for each in tokens[at + 1 : at + 2]] == ["of"]
            return [*tokens[:at], _small(token), *tokens[at + 1 :]] if asked and of else tokens
        if token.kind not in ("frame", "function"):
            break
    return tokens


def _sized(tokens: list[Token]) -> list[Token]:
    """Let `1 MB in size` be 1 MB."""
    return [
        _small(token)
        if _word(token) == "size"
        and at > 1
        and _word(tokens[at - 1]) == "in"
        and tokens[at - 2].kind == "number"
        and tokens[at - 2].key.endswith("b")
        else token
        for at, token in enumerate(tokens)
    ]


def _opened(tokens: list[Token]) -> list[Token]:
    """Let words frame a request at its beginning only: in `print the changed names`, not in `change and print`."""
    found: list[Token] = []
    opening = True
    for at, token in enumerate(tokens):
        if token.kind == "frame":
            opening = opening and not (at and tokens[at - 1].key in lexicon.ARTICLES)
            found.append(token if opening else Token("content", stem(token.key), token.text))
        else:
            opening = opening and token.kind == "function"
            found.append(token)
    return found


def _joined(tokens: list[Token]) -> list[Token]:
    """Put a number and the unit behind it together, so that `1 MB` is `1MB` and `24 hours` is not `24 days`."""
    found: list[Token] = []
    for token in tokens:
        unit = lexicon.UNITS.get(_word(token))
        if unit and found and found[-1].kind == "number" and found[-1].key[-1].isdigit():
            found[-1] = Token("number", found[-1].key + unit, f"{found[-1].text} {token.text}")
        else:
            found.append(token)
    return found


def _placed(tokens: list[Token]) -> list[Token]:
    """Let `under` and its like in front of a folder be the small words that they are there: nothing is compared."""
    return [
        _small(token) if _word(token) in lexicon.PLACING and _place(tokens[at + 1 : at + 1 + LOOK_BACK]) else token
        for at, token in enumerate(tokens)
    ]


def _place(tokens: list[Token]) -> bool:
    """Return whether a folder or a path is named here before any number is."""
    for token in tokens:
        if token.kind in SLOTS:
            return token.kind == "literal" and ("/" in token.text or token.text[0] in "~$.")
        if token.key == _FOLDER:
            return True
    return False


# The words or keys without one of which a rule changes nothing; None where only the rule can tell.
_RULES: tuple[tuple[Set[str] | None, Callable[[list[Token]], list[Token]]], ...] = (
    (_MENTIONED, _mentioned),
    (lexicon.UNITS.keys(), _joined),
    (lexicon.PLACING, _placed),
    (None, _opened),
    (lexicon.NAMED_KINDS | {"named", "called", "does", "did"}, _kinds),
    (None, _renamed),
    (None, _twins),
    (lexicon.LOCATED, _located),
    (frozenset((_FOLDER, _FILE)), _apposed),
    (frozenset(("name", "names")), _with_a_name),
    (frozenset(("list",)), _listed),
    (frozenset(("size",)), _sized),
)


def _bound(tokens: list[Token]) -> list[Token]:
    """Return each token with what binds it: looked for only where a word that binds was within reach."""
    found: list[Token] = []
    reach = 0
    for at, token in enumerate(tokens):
        bound = _binding(tokens, at) if at < reach else ""
        found.append(Token(token.kind, token.key, token.text, bound) if bound else token)
        word = _word(token)
        if word in lexicon.BINDING or word in _NAMING:
            reach = at + 1 + LOOK_BACK
    return found


def _binding(tokens: list[Token], at: int) -> str:
    """Return the class of the nearest word before a token that binds it, or "".

    `named` binds what it names. `between Python lists` are lists in Python. A day or a month needs no word that binds
    it: in `to Paris monday` it is not where to.
    """
    bare = tokens[at].kind == "name" and tokens[at].key in lexicon.TIMES
    for before in range(at - 1, max(-1, at - 1 - LOOK_BACK), -1):
        token, word = tokens[before], _word(tokens[before])
        if token.kind == "function" and word in _NAMING:
            return "name"
        if word in lexicon.BINDING:
            ends = word == "in" and before and tokens[before - 1].key == "=end"  # `ending in` is `ending with`
            bound = "tool" if ends else lexicon.BINDING[word]
            return "" if bound == "pair" and tokens[at].key in lexicon.PROPER else bound
        if bare and token.kind in (*SLOTS, "content") and token.key not in lexicon.TIMES:
            return ""
    return ""
