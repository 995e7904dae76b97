"""What tokens say together: a number and its unit, a frame at the beginning, what binds a word.

Phrases that say the same are brought into one form here. Each rule is one of English grammar or spelling, none was
fitted to a data set; what a rule drops is named by what stays.
"""

from __future__ import annotations

from optafly.cache import lexicon
from optafly.cache.tokens import SLOTS, Token, stem

LOOK_BACK = 4  # tokens between a word and what binds it

_FOLDER = stem("folder")


def phrased(tokens: list[Token]) -> list[Token]:
    """Return tokens that say the same in one form, each with what binds it."""
    return _bound(_opened(_placed(_joined(tokens))))


def _opened(tokens: list[Token]) -> list[Token]:
    """Let words frame a request at its beginning only: in `print the changed names`, not in `change and print`.

    `named` and `called` say nothing in front of what they name.
    """
    found: list[Token] = []
    opening = True
    for at, token in enumerate(tokens):
        opening = opening and token.kind in ("frame", "function")
        opening = opening and not (token.kind == "frame" and at and tokens[at - 1].key in lexicon.ARTICLES)
        if token.kind == "frame" and not opening:
            token = token._replace(kind="content", key=stem(token.key))
        elif token.text.casefold() in ("named", "called") and _literal(tokens[at + 1 : at + 2]):
            token = token._replace(kind="function")
        found.append(token)
    return found


def _literal(tokens: list[Token]) -> bool:
    return any(token.kind in ("literal", "number", "name") for token in tokens)


def _joined(tokens: list[Token]) -> list[Token]:
    """Put a number and the unit behind it together, so that `1 MB` is `1MB` and `24 hours` is not `24 days`."""
    found: list[Token] = []
    for token in tokens:
        unit = lexicon.UNITS.get(token.text.casefold())
        if unit and found and found[-1].kind == "number" and found[-1].key[-1].isdigit():
            found[-1] = Token("number", found[-1].key + unit, f"{found[-1].text} {token.text}")
        else:
            found.append(token)
    return found


def _placed(tokens: list[Token]) -> list[Token]:
    """Let `under` and its like in front of a folder be the small words that they are there: nothing is compared."""
    return [
        token._replace(kind="function", key=token.text.casefold())
        if token.text.casefold() in lexicon.PLACING and _place(tokens[at + 1 : at + 1 + LOOK_BACK])
        else token
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
    found: list[Token] = []
    for at, token in enumerate(tokens):
        before = reversed(tokens[max(0, at - LOOK_BACK) : at])
        bound = next((lexicon.BINDING[t.text.casefold()] for t in before if t.text.casefold() in lexicon.BINDING), "")
        found.append(token._replace(bound=bound))
    return found
