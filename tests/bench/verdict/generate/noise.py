"""How people really type: politeness, case, marks at the end, contractions, typing errors; never inside a literal."""

from __future__ import annotations

import re
from collections.abc import Callable

from bench.verdict.generate.grammar import CLOSE, OPEN, Choices

BEFORE = (
    "please ",
    "pls ",
    "hey, ",
    "can you please ",
    "could you ",
    "i need to ",
    "help me ",
    "i want to ",
    "quick: ",
)
ASIDE = ("hi, ", "quick question: ", "sorry, ", "just wondering: ", "ok, ", "for a friend: ", "i'm new here: ", "so, ")
AFTER = (" please", ", thanks", " pls", " thanks!", ", please")
CONTRACTIONS = (
    ("what is ", "what's "), ("how is ", "how's "), ("where is ", "where's "), ("who is ", "who's "),
    ("i would like ", "i'd like "), ("i am ", "i'm "), ("does not ", "doesn't "), ("do not ", "don't "),
    ("is not ", "isn't "), ("are not ", "aren't "), ("did not ", "didn't "), ("it is ", "it's "), ("cannot ", "can't "),
)  # fmt: skip
QUESTION = re.compile(
    r"(?:how|what|which|who|whose|where|when|why|is|are|do|does|did|can|could|would|should|has|have|was|were)\b", re.I
)
REQUEST = re.compile(
    r"(?:show|list|find|get|print|display|give|count|delete|remove|add|make|create|write|set|change|rename|move|copy|"
    r"fix|explain|sort|convert|replace|extract|search|run|start|stop|refactor|generate|update|build|check|play|turn|"
    r"undo|install|split|merge|turn|remind|book|compare|document|translate|describe|calculate|tell|retrieve|return|"
    r"look|locate|identify|erase|drop|put|implement|use|enable|disable|kill|restart|restrict|highlight|insert)\b",
    re.I,
)
WORD = re.compile(r"[a-z]{5,}")
ARTICLE = re.compile(r"(?<![\w-])(?:the|a|an) ", re.I)
TWICE = re.compile(r"\b(the|a|all|in) (?=\1 )")
LITERAL = re.compile(f"{OPEN}.*?{CLOSE}", re.DOTALL)


def typed(text: str, choices: Choices) -> str:
    """Return the wording as somebody may have typed it."""
    text = TWICE.sub("", _spaced(text))
    asks = QUESTION.match(text) is not None
    if REQUEST.match(text) and choices.chance("before", 0.12):
        text = choices.pick("before?", BEFORE) + text
    elif asks and choices.chance("aside", 0.04):
        text = choices.pick("aside?", ASIDE) + text
    elif choices.chance("after", 0.03):
        text += choices.pick("after?", AFTER)
    text = _contracted(text, choices)
    if choices.chance("telegraphic", 0.06):
        text = _outside(text, lambda part: ARTICLE.sub("", part))
    if choices.chance("typing error", 0.05):
        text = _misspelt(text, choices)
    text = _ended(text, asks, choices)
    text = _cased(text, choices)
    return _spaced(text.replace(OPEN, "").replace(CLOSE, ""))


def _spaced(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(r" ([,?!;])(?=\s|$)", r"\1", text)


def _outside(text: str, change: Callable[[str], str]) -> str:
    parts, at = list[str](), 0
    for literal in LITERAL.finditer(text):
        parts += [change(text[at : literal.start()]), literal.group()]
        at = literal.end()
    return "".join((*parts, change(text[at:])))


def _contracted(text: str, choices: Choices) -> str:
    for long, short in CONTRACTIONS:
        if long in text and choices.chance(f"contraction {long}", 0.4):
            text = text.replace(long, short, 1)
    return text


def _misspelt(text: str, choices: Choices) -> str:
    bare = LITERAL.sub(lambda match: " " * len(match.group()), text)
    words = list(WORD.finditer(bare))
    if not words:
        return text
    word = choices.pick("word", words)
    at = word.start() + 1 + int(choices.number("letter") * (len(word.group()) - 2))
    how = choices.pick("how", ("swap", "drop", "double"))
    if how == "swap" and at + 1 < word.end():
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + text[at + 1 :] if how == "drop" else text[:at] + text[at] + text[at:]


def _ended(text: str, asks: bool, choices: Choices) -> str:
    if text[-1:] in "?!.":
        return text
    if asks:
        return text + ("?" if choices.chance("question mark", 0.6) else "")
    return text + ("." if choices.chance("full stop", 0.25) else "")


def _cased(text: str, choices: Choices) -> str:
    if choices.chance("capital", 0.5) and text[0] != OPEN:
        return text[0].upper() + text[1:]
    if choices.chance("all lower", 0.15):
        return _outside(text, str.lower)
    return text
