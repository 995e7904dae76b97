"""The text of a simulated answer: the same request always gets the same words, and they say that they are simulated."""

from __future__ import annotations

import re

OPENING = "*(simulated answer)*"

_FENCE = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)
_FILE = re.compile(r"(?<![\w/.-])[\w./-]*\w\.(?:py|pyi|ts|tsx|js|jsx|go|rs|java|c|h|cpp|rb|md|toml|json)\b")
_NAME = re.compile(r"`([A-Za-z_][\w.]*)`")
_DEFINED = re.compile(r"\b(?:def|class|func|fn|function)\s+([A-Za-z_]\w*)")
_MAX_ECHO_LINES = 12


def plausible_answer(prompt: str) -> str:
    """Return a short Markdown answer that names the file and symbol of `prompt` and repeats some of its code."""
    file = _FILE.search(prompt)
    named = (name for name in _NAME.finditer(prompt) if not _FILE.fullmatch(name[1]))
    symbol = _DEFINED.search(prompt) or next(named, None)
    subject = f"`{symbol[1]}`" if symbol else "the code"
    place = f" in `{file[0]}`" if file else ""
    paragraphs = [
        f"{OPENING} This is about {subject}{place}.",
        "No model read it: the text is made from your request, to show what would come back and how it streams.",
    ]
    code = _FENCE.search(prompt)
    if code:
        echo = "\n".join(code[2].rstrip().splitlines()[:_MAX_ECHO_LINES])
        paragraphs += ["The code that was sent:", f"```{code[1]}\n{echo}\n```"]
    paragraphs += [
        "What a real answer would do next:\n\n"
        f"1. Follow the path through {subject} with the input that you named.\n"
        "2. Change as little as possible.\n"
        "3. Add a test that fails without the change."
    ]
    return "\n\n".join(paragraphs) + "\n"


def deltas(text: str) -> list[str]:
    """Split `text` into pieces of about a token each; joined they are `text` again."""
    return re.findall(r"\s*\S{1,6}|\s+$", text)
