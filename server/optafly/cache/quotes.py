"""Typographic quotation marks in code, where they are what is wrong with it: `why does print(“x”) fail`.

In prose they are what a keyboard or a program makes of straight ones. Where it cannot be told which it is, as behind a
word that may be a command, it is code.
"""

from __future__ import annotations

import re
from collections import Counter

from optafly.cache.lexicon import ARTICLES, FRAME, FUNCTION, NAMED_KINDS
from optafly.cache.vocabulary import OPENERS, QUESTION_OPENERS

_QUOTED = re.compile(r"“[^”]{0,200}”|„[^“”]{0,200}[“”]|‘[^’]{0,200}’|‚[^‘’]{0,200}[‘’]|[“”„‘’‚]")  # or a lone one
_APOSTROPHE = re.compile(r"(?<=\w)’(?=\w)|(?<=[sS])’(?=\s|\Z)")
_CODE_BEFORE = re.compile(r"(?:[\w\[{=+<>&|%@$\\/-]|[=+<>&|%]\s+)\Z", re.ASCII)
_CODE_BEHIND = re.compile(r"[\w(\[\]}\\/=+]|[.:]\w|\s*[=+]", re.ASCII)
_FLAG = re.compile(r"--?[a-z]")
_CALL = re.compile(r"[\w\])][(]|[\[{]", re.ASCII)
_PROSE = FUNCTION | FRAME | NAMED_KINDS | OPENERS | QUESTION_OPENERS
_NEAR = 80  # characters in front of a mark that are looked at
_PHRASE = 4  # words, in which an article shows that what is quoted is a thing


def quotes_in_code(prompt: str) -> Counter[str]:
    """Count the typographic quotation marks of a prompt that may be code. Apostrophes are none."""
    found: Counter[str] = Counter()
    text = _APOSTROPHE.sub("'", prompt)
    for match in _QUOTED.finditer(text):
        before, behind = text[max(0, match.start() - _NEAR) : match.start()], text[match.end() :][:_NEAR]
        if len(match[0]) == 1 or _is_code(before, behind):
            found.update(match[0][0] + match[0][-1])
    return found


def _is_code(before: str, behind: str) -> bool:
    line = before.rpartition("\n")[2]
    if _CODE_BEFORE.search(line) or _CODE_BEHIND.match(behind) or _in_call(line):
        return True
    words = line.casefold().split()
    last = words[-1] if words else ""
    if _FLAG.match(last):
        return True
    plain = not last.isascii() or not last[:1].isalpha() or last[-1] in ",:;(" or last in _PROSE
    return bool(last) and not plain and not ARTICLES.intersection(words[-_PHRASE:])


def _in_call(line: str) -> bool:
    """Tell whether a bracket that belongs to code is open at the end of a line."""
    opened = [match.end() for match in _CALL.finditer(line)]
    return bool(opened) and not re.search(r"[)\]}]", line[opened[-1] :])
