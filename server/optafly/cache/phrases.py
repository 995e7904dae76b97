"""What tokens say together: a number and its unit, a frame at the beginning, what names something, what binds a word.

Phrases that say the same are brought into one form here, and words that are only mentioned become names, which must be
equal to the letter. Each rule is one of English grammar; none was fitted to a data set.
"""

from __future__ import annotations

import re
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


def phrased(tokens: list[Token]) -> list[Token]:
    """Return tokens that say the same in one form, those that are only mentioned as names, each with what binds it."""
    found = _opened(_placed(_joined(_mentioned(tokens))))
    for rule in (_kinds, _renamed, _twins, _located, _apposed, _with_a_name, _listed, _sized):
        found = rule(found)
    return _bound(found)


def _name(token: Token) -> Token:
    return token._replace(kind="name", key=token.text)


def _small(token: Token) -> Token:
    return token._replace(kind="function", key=_word(token))


def _word(token: Token) -> str:
    return token.text.casefold()


def _mentioned(tokens: list[Token]) -> list[Token]:
    """Let `a` and `i` be names where no noun and no verb follows, and small words where only a name can stand.

    `find a in b`; `the if branch`; `what does as do`. No article stands in front of a preposition.
    """
    found: list[Token] = []
    for at, token in enumerate(tokens):
        word, before = _word(token), _word(tokens[at - 1]) if at else ""
        after = _word(tokens[at + 1]) if at + 1 < len(tokens) else ""
        ends = not after or after in _NO_NOUN
        mentioned = word in lexicon.KEYWORDS and (
            before in _ARTICLES
            or (before in ("does", "did") and word not in ("that", "who", "what"))
            or (word != "to" and after in ("do", "mean", "work") and at + 2 == len(tokens) and word in lexicon.BINDING)
        )
        if mentioned or (word == "a" and len(tokens) > 1 and ends) or (word == "i" and at and after in _NO_VERB):
            token = _name(token)
        found.append(token)
    return found


def _kinds(tokens: list[Token]) -> list[Token]:
    """Let a plain word be a name beside what it names: `the order class`, `a column error`, `a field called total`."""
    found: list[Token] = []
    for at, token in enumerate(tokens):
        before = _word(tokens[at - 1]) if at else ""
        after = _word(tokens[at + 1]) if at + 1 < len(tokens) else ""
        ahead = after in lexicon.NAMED_KINDS and (before in lexicon.ARTICLES or before in lexicon.BINDING)
        behind = before in lexicon.NAMED_KINDS and not _word(token).endswith(("ed", "ing"))
        named = ahead or behind or before in ("named", "called")
        kind = _word(token) in lexicon.NAMED_KINDS and not ahead
        plain = token.kind == "content" and not kind and token.text.isalpha()
        says_so = _word(token) in ("named", "called") and _slots(tokens[at + 1 : at + 2])
        found.append(_small(token) if says_so else _name(token) if named and plain else token)
    return found


def _renamed(tokens: list[Token]) -> list[Token]:
    """Let what is renamed, and what to, be names."""
    if not any(_word(token).startswith("renam") for token in tokens):
        return tokens
    return [
        _name(token)
        if token.kind not in SLOTS
        and token.text.isalpha()
        and not _word(token).startswith("renam")
        and _word(token) not in ("to", *_ARTICLES, *lexicon.POINTING, *lexicon.POINTING_BACK)
        and token.key != "negation"
        and "to" in [_word(each) for each in (*tokens[max(0, at - 1) : at], *tokens[at + 1 : at + 2])]
        else token
        for at, token in enumerate(tokens)
    ]


def _twins(tokens: list[Token]) -> list[Token]:
    """Let two words of one meaning be names where a prompt sets them apart: `change dir to folder`."""
    apart: set[str] = set()
    by_key: dict[str, list[int]] = {}
    for at, token in enumerate(tokens):
        if token.kind == "content":
            by_key.setdefault(token.key, []).append(at)
    for key, places in by_key.items():
        if len({stripped(_word(tokens[at])) for at in places}) > 1 or any(
            _word(tokens[one]) != _word(tokens[other]) and _contrasted(tokens[one + 1 : other])
            for one, other in pairwise(places)
        ):
            apart.add(key)
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
        opening = opening and token.kind in ("frame", "function")
        opening = opening and not (token.kind == "frame" and at and tokens[at - 1].key in lexicon.ARTICLES)
        if token.kind == "frame" and not opening:
            token = token._replace(kind="content", key=stem(token.key))
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


def _bound(tokens: list[Token]) -> list[Token]:
    return [token._replace(bound=_binding(tokens, at)) for at, token in enumerate(tokens)]


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
