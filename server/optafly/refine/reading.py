"""Read a prompt against what the editor knows: language, intent, what it points at, and whether code belongs to it."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import msgspec

from optafly.domain import Document, Intent, Piece, Snapshot
from optafly.mentions import halves, mentions
from optafly.refine.intent import asked_for, troubled
from optafly.refine.language import LEXICON_OF, UNKNOWN, tongue
from optafly.refine.lexicon import Lexicon
from optafly.refine.marks import refined_already
from optafly.refine.naming import Named, code_names, named_paths, named_symbol, plain_names, told_elsewhere
from optafly.refine.phrases import Word
from optafly.refine.pointing import (
    Numbered,
    Pointing,
    announced,
    numbered,
    own_words,
    pointing,
    unknown_words,
)
from optafly.refine.prose import Prose, read
from optafly.refine.screen import Screen, look, stands_in
from optafly.refine.traces import files, frames

# Names of things outside the editor: a prompt that mentions one and points at nothing is about that.
# fmt: off
_ELSEWHERE = frozenset({
    "ubuntu", "debian", "linux", "windows", "mac", "macos", "homebrew", "brew", "apt", "yum", "docker",
    "kubernetes", "k8s", "kubectl", "helm", "terraform", "ansible", "aws", "azure", "gcp", "bash", "zsh",
    "shell", "powershell", "terminal", "vim", "neovim", "emacs", "vscode", "git", "github", "gitlab", "npm",
    "yarn", "pnpm", "pip", "conda", "cargo", "maven", "gradle", "nginx", "apache", "postgres", "postgresql",
    "mysql", "mongodb", "redis", "kafka", "excel", "jira", "slack", "chatgpt", "claude", "openai", "jenkins",
    "ssh",
})
# fmt: on

# So is one about what git keeps: nothing of that is read here.
_IN_GIT = re.compile(
    r"\b(?:my|our|uncommitted|staged|local|pending) (?:changes|diff|commits?|branch)\b"
    r"|\b(?:last|latest) commits?\b|\bcommit message|\bpull requests?\b|\bmerge conflict"
)

# With an intent that can only mean existing code, so many words of the person's own may be about what is on the screen.
_FEW_WORDS = 3
_ON_EXISTING_CODE = frozenset({"debug", "refactor", "test", "document", "optimise", "review"})
_MOST_WORDS_UNKNOWN_LANGUAGE = 12

_ERROR_NAME = re.compile(r"(?:Error|Exception|Warning)$")


class Reading(msgspec.Struct, frozen=True):
    """One prompt, read. `about_screen`: it is about the code in front of the person, so that code belongs to it.

    `asks_about`: it is a question about what was or could be done, not an order (see `Asked`).
    `tongue` is the language it is in, `lexicon` what we know of that, None where we do not write it.
    """

    snapshot: Snapshot
    pieces: tuple[Piece, ...]
    prose: Prose
    tongue: str
    lexicon: Lexicon | None
    intent: Intent
    asks_about: bool
    troubled: bool
    screen: Screen
    pointing: Pointing | None
    lines: Numbered | None
    named: Named | None
    paths: frozenset[str]
    unnamed: bool
    documents: Word | None
    refined: bool
    unknown: int
    own: tuple[Word, ...]
    names_code: bool

    @property
    def language(self) -> str:
        """The language's code, `und` where it is not known."""
        return self.lexicon.code if self.lexicon else UNKNOWN

    @property
    def about_screen(self) -> bool:
        """Whether the prompt needs what is on the screen: it points at it, names it, or asks for work on no object."""
        pointed = self.screen.selection or self.pointing or self.lines
        return bool(pointed or self.named or self.paths or self.unnamed)

    @property
    def vague(self) -> bool:
        """Whether no word of it says where to look; what is to be made ("add logging") and "the docs" say so too."""
        said = self.own or self.documents or self.prose.code or "\x00" in self.prose.covered
        return not said and self.intent != "implement"

    @property
    def about_code(self) -> bool:
        """Whether the prompt is about code at all, its own or the editor's."""
        return self.about_screen or self.prose.code


def read_prompt(snapshot: Snapshot, pieces: tuple[Piece, ...]) -> Reading:
    """Read the prompt of a snapshot."""
    prose = read(snapshot.prompt)
    language = tongue(prose)
    lexicon = LEXICON_OF.get(language)
    asked = asked_for(prose, lexicon)
    intent = asked.intent
    screen = look(snapshot, pieces)
    points = None if lexicon is None else pointing(prose, lexicon, stands_in(screen.active), asked=intent != "other")
    if points is not None and points.sentence_end is not None and is_elsewhere(prose):
        points = None
    if points is not None and points.all_here and screen.shows_less_than(points.thing):
        points = msgspec.structs.replace(points, thing=None)
    others = _other_files(prose, screen.active)
    strange = bool(others) or screen.active is None
    traced = strange and frames(prose.unfenced) > 0
    if traced:
        points = None  # "why does this fail?" with a trace through another file: "this" is what the trace tells of
    own = own_words(prose, lexicon)
    unknown = len(prose.words) if lexicon is None else unknown_words(prose, lexicon)
    names = {} if prose.code else code_names(prose)
    names_code = bool(names)
    names = {name: end for name, end in names.items() if not told_elsewhere(prose.text, name, end, others)}
    elsewhere = prose.code or traced or any(not _ERROR_NAME.search(name) for name in names)
    documents = _all_documents(prose, lexicon) if points is None else None
    unnamed = not elsewhere and documents is None and _unnamed(prose, lexicon, intent, unknown)
    if unnamed and points is None and 0 < unknown <= _FEW_WORDS:
        names |= plain_names(own)
    unnamed = unnamed and (lexicon is None or _stand_there(own[: announced(prose, lexicon, own)], screen))
    return Reading(
        snapshot=snapshot,
        pieces=pieces,
        prose=prose,
        tongue=language,
        lexicon=lexicon,
        intent=intent,
        asks_about=asked.about,
        troubled=not asked.about and troubled(prose, lexicon, intent),
        screen=screen,
        pointing=points,
        lines=numbered(prose, lexicon, _line_count(screen)) if lexicon and not strange else None,
        named=named_symbol(names, snapshot, pieces),
        paths=named_paths(prose.unfenced, snapshot),
        documents=documents,
        unnamed=unnamed or (not prose.code and _reported(screen, snapshot)),
        refined=refined_already(prose.unfenced, snapshot),
        unknown=unknown,
        own=own,
        names_code=names_code,
    )


def _all_documents(prose: Prose, lexicon: Lexicon | None) -> Word | None:
    """Return the word by which a prompt means the documents of the whole project: the "docs" of "update the docs"."""
    hit = lexicon.all_documents.first(prose.covered, prose.words) if lexicon is not None else None
    return prose.words[hit.last - 1] if hit is not None else None


def _other_files(prose: Prose, active: Document | None) -> tuple[str, ...]:
    """Return what may be files that a prompt names beside the active one: "line 17" may be a line of those.

    What stands in the text of the active file is code (`self.items`), or a file that it reads.
    """
    if active is None:
        return ()
    here = PurePosixPath(active.path.replace("\\", "/")).name
    mentioned = (halves(each.name)[0].partition(":")[0] for each in mentions(prose.unfenced))
    named = (name for name in (*mentioned, *files(prose.unfenced)) if name != active.path)
    return tuple(
        name for name in named if PurePosixPath(name.replace("\\", "/")).name != here and name not in active.text
    )


def _line_count(screen: Screen) -> int:
    return 0 if screen.active is None else screen.active.text.count("\n") + 1


def _stand_there(words: tuple[Word, ...], screen: Screen) -> bool:
    """Say whether words stand in the code that is selected or around the cursor; where there are none, they do."""
    code = screen.code.text.lower() if words and screen.code is not None else ""
    return all(word.text.lower() in code for word in words)


def is_elsewhere(prose: Prose) -> bool:
    """Say whether a prompt names a thing outside the editor."""
    return any(word.text in _ELSEWHERE for word in prose.words) or _IN_GIT.search(prose.covered) is not None


def _unnamed(prose: Prose, lexicon: Lexicon | None, intent: Intent, unknown: int) -> bool:
    """Say whether a prompt asks for work without saying on what: "add tests", "refactor", "fix the failing case"."""
    if "\x00" in prose.covered or not prose.words or is_elsewhere(prose):
        return False
    if lexicon is None:
        return intent != "other" and len(prose.words) <= _MOST_WORDS_UNKNOWN_LANGUAGE
    nouns = {thing for thing, each in lexicon.things.items() if each.first(prose.covered, prose.words) is not None}
    if "project" in nouns:
        return False
    asked = lexicon.ask.first(prose.covered, prose.words)
    if asked is not None and (not lexicon.spaced or asked.first <= 1):
        return intent == "debug" and unknown == 0 and not nouns
    if intent in _ON_EXISTING_CODE:
        return unknown == 0 or (unknown <= _FEW_WORDS and not _makes_something(prose, lexicon))
    return intent != "other" and unknown == 0 and nouns <= {"trouble"}


def _makes_something(prose: Prose, lexicon: Lexicon) -> bool:
    """Say whether a prompt asks for new code, not for tests or documents of what is there: "write a function …"."""
    if lexicon.make.first(prose.covered, prose.words) is None:
        return False
    about = {
        hit.start
        for each in (lexicon.test_things, lexicon.document_things)
        for hit in each.find(prose.covered, prose.words)
    }
    made = (hit for thing in ("code", "class") for hit in lexicon.things[thing].find(prose.covered, prose.words))
    return any(hit.start not in about for hit in made)


def _reported(screen: Screen, snapshot: Snapshot) -> bool:
    """Say whether the prompt quotes what the editor reports in the active file."""
    return screen.active is not None and any(
        each.path == screen.active.path and each.message.strip() and each.message in snapshot.prompt
        for each in snapshot.diagnostics
    )
