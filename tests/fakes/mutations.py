"""Random walks through what a prompt can be about, and what the cache says at each step.

A step changes one to three things: the project, file, function, its body, its formatting and comments, the code around
it, what is selected, the model, the standing instructions, the length of an answer, the words of the prompt. What must
be the same for an answer to be right is known from how the step was made (`State.truth`), not from the cache's code.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from fakes.answers import completion
from fakes.vectors import Here
from optafly.approval import Draft
from optafly.cache.cache import Cache
from optafly.config import CacheSettings, ClaudeSettings, Config
from optafly.domain import Document, Folder, Position, Range, Snapshot, Verdict
from optafly.pipeline.drafting import Drafter
from optafly.storage import Database

PROJECTS = ("/work/shop", "/work/bank", "")
FILES = ("prices.py", "src/prices.py", "prices.js", "prices.go")
NAMES = ("total", "subtotal", "parse")
MODELS = ("claude-sonnet-5-5", "claude-sonnet-5-5-20260901", "claude-sonnet-5", "claude-opus-5-5")
INSTRUCTIONS = ("", "Answer in rhymes.", "Use British spelling.")
MAX_TOKENS = (1000, 2000)
CONDITIONS = ("rate > limit", "rate >= limit", "limit > rate")
STATEMENTS = (
    "amount = rate * 2",
    "amount = rate * 3",
    "limit = amount",
    "amount = limit",
    'amount = "a  b"',
    'amount = "a b"',
)
COMMENTS = ("nothing yet", "see the wiki", "the sum, in dollars")
LANGUAGES = {"py": "python", "js": "javascript", "go": "go"}


Mutation = Callable[["State", random.Random], "State"]


class Prompt(NamedTuple):
    """Words, what they ask for, and whether the answer may depend on how the code is written down."""

    words: str
    meaning: str
    exact: bool = False

    @property
    def counts_lines(self) -> bool:
        """Whether what stands above the function changes what is meant."""
        return self.meaning.startswith("line ")


PROMPTS = (
    Prompt("Explain this function", "explain"),
    Prompt("explain this function.", "explain"),
    Prompt("Please explain this function", "explain"),
    Prompt("Why does this function fail?", "fail"),
    Prompt("Why does this function not fail?", "not fail"),
    Prompt("Rename limit to rate in this function", "limit to rate"),
    Prompt("Rename rate to limit in this function", "rate to limit"),
    Prompt("Explain line 6 of this function", "line 6", exact=True),
    Prompt("Explain line 7 of this function", "line 7", exact=True),
    Prompt("Are the comments of this function right?", "comments", exact=True),
    Prompt("Fix the indentation of this function", "indentation", exact=True),
)


class State(msgspec.Struct, frozen=True):
    """What a prompt is about. `body` are statements under each condition; `look` seeds formatting and comments."""

    project: str = PROJECTS[0]
    file: str = FILES[0]
    name: str = NAMES[0]
    body: tuple[tuple[str, ...], ...] = (("amount = rate * 2", "limit = amount"),)
    conditions: tuple[str, ...] = ("rate > limit",)
    look: int = 0
    above: int = 0
    below: int = 0
    selected: int = -1
    model: str = MODELS[0]
    instructions: str = ""
    max_tokens: int = MAX_TOKENS[0]
    prompt: Prompt = PROMPTS[0]

    def scope(self) -> tuple[object, ...]:
        """Return what an answer may never cross."""
        return self.project, self.model.removesuffix("-20260901"), self.instructions, self.max_tokens

    def code(self) -> tuple[object, ...]:
        """Return what the code means, and how it is written down where that is asked about."""
        exact = (self.written(), self.above if self.prompt.counts_lines else 0) if self.prompt.exact else ()
        selected = self.selected if self.selected >= 0 else None
        return self.file, self.name, self.body, self.conditions, selected, exact

    def truth(self) -> tuple[object, ...]:
        """Return what must be the same for an answer to be right."""
        return self.scope(), self.code(), self.prompt.meaning

    def written(self) -> str:
        """Return the function in its language, with this formatting and these comments."""
        return "\n".join(self._lines())

    def _lines(self) -> list[str]:
        dice = random.Random(self.look)
        language = self.file.rpartition(".")[2]
        step = dice.choice(("  ", "    ", "\t"))
        opened = {
            "py": "def {}(rate, limit):",
            "js": "function {}(rate, limit) {{",
            "go": "func {}(rate, limit int) int {{",
        }
        lines = [opened[language].format(self.name)]
        for condition, statements in zip(self.conditions, self.body, strict=True):
            lines.append(f"{step}{_if(language).format(_spaced(condition, dice))}")
            for statement in statements:
                if dice.random() < 0.3:
                    lines.append(f"{step}{step}{_comment(language)} {dice.choice(COMMENTS)}")
                trailing = f"  {_comment(language)} {dice.choice(COMMENTS)}" if dice.random() < 0.2 else ""
                lines.append(f"{step}{step}{_spaced(statement, dice)}{trailing}")
                lines += [""] * (dice.random() < 0.2)
            lines += [] if language == "py" else [f"{step}}}"]
        lines.append(f"{step}return amount")
        return lines if language == "py" else [*lines, "}"]

    def snapshot(self) -> Snapshot:
        """Return what the editor knows: the file, the cursor in the function, or one of its statements selected."""
        language = self.file.rpartition(".")[2]
        other = {"py": "def f{}():\n    pass", "js": "function f{}() {{\n}}", "go": "func f{}() {{\n}}"}[language]
        head = "package main\n\n" if language == "go" else ""
        before = head + "".join(f"{other.format(n)}\n\n\n" for n in range(self.above))
        text = before + self.written() + "\n\n\n" + "".join(f"{other.format(9 + n)}\n\n" for n in range(self.below))
        first = before.count("\n")
        statements = [at for at, line in enumerate(self._lines()) if "=" in line and "if" not in line]
        line = first + (statements[self.selected % len(statements)] if self.selected >= 0 else 0)
        width = len(text.split("\n")[line])
        start, end = Position(line=line, character=0), Position(line=line, character=width)
        return Snapshot(
            prompt=self.prompt.words,
            active=Document(
                path=self.file, uri=f"file:///{self.file}", language=LANGUAGES[language], text=text, version=1
            ),
            selection=Range(start=start, end=end) if self.selected >= 0 else None,
            cursor=end,
            folders=(Folder(name="project", path=self.project),) if self.project else (),
        )

    def config(self) -> Config:
        """Return the settings that hold."""
        claude = ClaudeSettings(model=self.model, instructions=self.instructions, max_tokens=self.max_tokens)
        return Config(claude=claude, cache=CacheSettings(error_budget=0.01, offer_probability=0.05))


def _if(language: str) -> str:
    return {"py": "if {}:", "js": "if ({}) {{", "go": "if {} {{"}[language]


def _comment(language: str) -> str:
    return "#" if language == "py" else "//"


def _spaced(code: str, dice: random.Random) -> str:
    """Write the same tokens with other white space between them; strings stay as they are."""
    if '"' in code:
        return code
    return "".join(f"{dice.choice((' ', '  '))}" if part == " " else part for part in code)


def mutated(state: State, dice: random.Random) -> State:
    """Return `state` with one to three things changed."""
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        state = dice.choice(MUTATIONS)(state, dice)
    return state


def _choose(field: str, values: Sequence[object]) -> Mutation:
    def change(state: State, dice: random.Random) -> State:
        return msgspec.structs.replace(state, **{field: dice.choice(values)})

    return change


def _edit(state: State, dice: random.Random) -> State:
    """Change one statement, its place, a condition, or how deep it stands."""
    body, conditions = [list(each) for each in state.body], list(state.conditions)
    at = dice.randrange(len(body))
    match dice.randrange(5):
        case 0:
            body[at][dice.randrange(len(body[at]))] = dice.choice(STATEMENTS)
        case 1:
            body[at].reverse()
        case 2:
            conditions[at] = dice.choice(CONDITIONS)
        case 3 if len(body) < 3:
            body.append([dice.choice(STATEMENTS)])
            conditions.append(dice.choice(CONDITIONS))
        case _ if len(body) > 1:
            body[0] += body.pop()
            conditions.pop()
            body[0] = body[0][:4]
        case _:
            body[at] = [*body[at], dice.choice(STATEMENTS)][:4]
    return msgspec.structs.replace(state, body=tuple(tuple(each) for each in body), conditions=tuple(conditions))


MUTATIONS = (
    _choose("project", PROJECTS),
    _choose("file", FILES),
    _choose("name", NAMES),
    _choose("model", MODELS),
    _choose("instructions", INSTRUCTIONS),
    _choose("max_tokens", MAX_TOKENS),
    _choose("prompt", PROMPTS),
    _choose("prompt", PROMPTS[:3]),
    _choose("look", tuple(range(12))),
    _choose("look", tuple(range(12))),
    _choose("above", (0, 1, 2)),
    _choose("below", (0, 1, 2)),
    _choose("selected", (-1, -1, 0, 1)),
    _edit,
    _edit,
)


class Walked(NamedTuple):
    """What a walk came to. `stale`, `crossed` and `unsaid` must be empty; `kept` of `could` were served where right."""

    counts: Counter[str]
    stale: list[str]
    crossed: list[str]
    unsaid: list[str]
    could: int
    kept: int


async def walk(folder: Path, steps: int, seed: int) -> Walked:
    """Walk `steps` random mutations, remember an answer at each that is not served, and judge what the cache said."""
    dice = random.Random(seed)
    database = Database(folder / "optafly.db")
    cache = Cache(database, Here(folder / "optafly.db"), timeout_s=60)
    state = State()

    def configure(_: str | None) -> Config:
        return state.config()

    drafter = Drafter(configure, cache)
    known: dict[str, State] = {}
    truths: set[tuple[object, ...]] = set()
    walked = Walked(Counter(), [], [], [], 0, 0)
    could = kept = 0
    for _ in range(steps):
        state = mutated(state, dice)
        draft = await drafter.draft(state.snapshot())
        verdict = await cache.lookup(draft.refined.key, state.config().cache)
        _judge(state, draft, verdict, known, walked)
        right = state.truth() in truths
        could += right
        kept += right and verdict.outcome == "serve"
        if verdict.outcome != "serve":
            key = draft.refined.key
            entry = await cache.remember(key, state.prompt.words, completion(), 0.01, 900.0, state.config().cache)
            known[entry.id] = state
            truths.add(state.truth())
    drafter.close()
    await cache.close()
    await database.close()
    return walked._replace(could=could, kept=kept)


def _judge(state: State, draft: Draft, verdict: Verdict, known: dict[str, State], walked: Walked) -> None:
    walked.counts[verdict.outcome] += 1
    if verdict.entry_id is not None:
        served = known[verdict.entry_id]
        if served.scope() != state.scope():
            walked.crossed.append(f"{served} served for {state}")
        elif served.code() != state.code() or served.prompt.meaning != state.prompt.meaning:
            walked.stale.append(f"{served} served for {state}")
    for offer in (*verdict.offers, *draft.proposal.reuse):
        if known[offer.entry_id].scope() != state.scope():
            walked.crossed.append(f"{known[offer.entry_id]} offered for {state}")
    for offer in draft.proposal.reuse:
        before, now = known[offer.entry_id], state
        same = (before.file, before.name, before.body, before.conditions) == (
            now.file,
            now.name,
            now.body,
            now.conditions,
        )
        if not same and not offer.code:
            walked.unsaid.append(f"{before} offered for {now} without what changed")
