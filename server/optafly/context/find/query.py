"""What a prompt asks for, as finding reads it: its words and their weights, names, and places."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable

import msgspec

from optafly.context.find.terms import hash_of, hashes_of, is_common, pair, parts_of, words_of
from optafly.scripts import apart

# Words that say what is to be done, or that there is code at all, but not where.
_SAY_WHAT = """
    add adjust bug bugs change changes check class clean code create crash debug delete error errors explain fail
    failing fails failure feature file files find fix fixed fixes function functions handle help implement improve issue
    issues line lines method module problem problems refactor remove rename repair replace review rewrite simplify
    solve support test tests update wrong write
"""
_GENERIC = frozenset(_SAY_WHAT.split())
"""Weighed half."""

_LATER = 0.4  # what stands below the first line explains it, and says much else
_MOST_CHARACTERS = 4_000
_QUOTED = re.compile(r"`([^`\n]{1,80})`")
_CODE = re.compile(r"[a-z0-9][A-Z]|_|[A-Za-z]\d|[A-Z]{2,}[a-z]")
# A path begins where no path goes on: a run of characters is tried once and not from each of them.
_PATH = re.compile(
    r"(?<![\w.@~+/\\-])[/\\]?(?:[\w.@~+-]+[/\\])*(?:[\w.@~+-]+\.[A-Za-z]{1,5}|\.[A-Za-z][\w-]+)(?![\w.])"
)
# What stands at the top of a project is called so, whatever its ending: "improve the README".
_AT_TOP = re.compile(r"\b(?:README|CHANGELOG|CONTRIBUTING|LICENSE|Makefile|Dockerfile)\b(?!\.\w)", re.IGNORECASE)
_ENDINGS = ("", ".md", ".rst", ".txt")
_PLACE = re.compile(
    r"""File[ ]"(?P<python>[^"\n]+)",[ ]line[ ](?P<python_line>\d+)
      | (?<![\w./\\@~+-])(?P<other>(?:[A-Za-z]:)?[\w./\\@~+-]+\.[A-Za-z]{1,5})[:(](?:line[ ])?(?P<other_line>\d+)""",
    re.VERBOSE,
)


class Place(msgspec.Struct, frozen=True):
    """A line of a file that a stack trace or a compiler names; the path is as it is written there."""

    path: str
    line: int


class Query(msgspec.Struct, frozen=True):
    """What is asked.

    `words` are the hashes of terms with their weights, `pairs` those of words that stand side by side. `names` are
    words that look like identifiers, `paths` what looks like a path, `at_top` what stands at the top of a project and
    is seldom written as a path. `vague`: no words say where to look, and none are here.
    """

    text: str
    words: dict[int, float]
    pairs: dict[int, float]
    plain: tuple[str, ...]
    names: tuple[str, ...]
    paths: tuple[str, ...]
    at_top: tuple[str, ...]
    places: tuple[Place, ...]
    vague: bool

    @property
    def title(self) -> str:
        """The first line, which says what it is about."""
        return self.text.partition("\n")[0]


def understood(prompt: str, more: Collection[str] = (), *, vague: bool = False) -> Query:
    """Read a prompt; `more` are texts that go with it and weigh less, such as the messages of diagnostics.

    `vague` says that the prompt's own words do not tell where to look, which its reader knows in every language.
    """
    title, _, rest = prompt.strip()[:_MOST_CHARACTERS].partition("\n")
    words: defaultdict[int, float] = defaultdict(float)
    pairs: defaultdict[int, float] = defaultdict(float)
    for text, weight in ((title, 1.0), (rest, _LATER), *((each[:400], _LATER) for each in more)):
        _weigh(text, weight, words, pairs)
    text = "\n".join((title, rest, *more))
    found = [word for word in words_of(text) if not is_common(word)]
    quoted = {name for part in _QUOTED.findall(text) for name in words_of(part)}
    vague = vague and not more
    return Query(
        text=f"{title}\n{rest}".strip(),
        words={} if vague else dict(words),
        pairs={} if vague else dict(pairs),
        plain=() if vague else tuple(dict.fromkeys(found)),
        names=tuple(dict.fromkeys(word for word in found if len(word) > 1 and (_CODE.search(word) or word in quoted))),
        paths=tuple(dict.fromkeys((*_PATH.findall(text), *_PATH.findall(apart(text))))),
        at_top=tuple(dict.fromkeys(each.casefold() for each in _AT_TOP.findall(apart(text)))),
        places=tuple(dict.fromkeys((*_places(text), *_places(apart(text))))),
        vague=vague,
    )


def says_what(word: str) -> bool:
    """Tell whether a word says what is to be done, or that there is code at all, but not where."""
    return word.casefold() in _GENERIC


def _weigh(text: str, weight: float, words: defaultdict[int, float], pairs: defaultdict[int, float]) -> None:
    counts: Counter[str] = Counter()
    beside: defaultdict[int, float] = defaultdict(float)
    before = ""
    for word in words_of(text):
        if is_common(word):
            before = ""
            continue
        counts[word] += 1
        parts = parts_of(word)
        if before and parts:
            beside[hash_of(pair(before, parts[0]))] += 1
        before = parts[-1] if parts else ""
    terms: defaultdict[int, float] = defaultdict(float)
    for word, times in counts.items():
        share = 0.5 if says_what(word) else 1.0
        for term in hashes_of(word):
            terms[term] += times * share
    for totals, each in ((words, terms), (pairs, beside)):
        for term, times in each.items():
            totals[term] += weight * (1 + math.log(times) if times >= 1 else times)


def spellings(name: str) -> Iterable[str]:
    """Return how the file of such a name at the top of a project may be called."""
    return (f"{each}{ending}" for each in (name, name.upper(), name.capitalize()) for ending in _ENDINGS)


def _places(text: str) -> Iterable[Place]:
    for match in _PLACE.finditer(text):
        path, line = match["python"] or match["other"], match["python_line"] or match["other_line"]
        yield Place(path.replace("\\", "/"), int(line))
