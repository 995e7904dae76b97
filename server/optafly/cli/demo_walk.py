"""The five steps of `optafly demo`, and the table of what they took."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from optafly.cli.ask import stream
from optafly.cli.decide import Choice, accept, decide
from optafly.cli.figures import money, seconds
from optafly.cli.offers import show_offers
from optafly.cli.render import answer_words, show_proposal
from optafly.cli.snapshot import snapshot
from optafly.config import ClaudeSettings, Config, ModelSettings
from optafly.demo.behaviour import LIFELIKE
from optafly.demo.server import SIMULATED_KEY, MessagesApi
from optafly.domain import Answer, Diagnostic, Position, Proposal, Range, Snapshot
from optafly.errors import OptaflyError
from optafly.pipeline import Pipeline
from optafly.privacy.credentials import Credentials

if TYPE_CHECKING:
    from rich.console import Console

    from optafly.cli.keypress import Keys
    from optafly.paths import Paths

FILE = "till/bill.py"
FIRST = "fix the lost cent here"
REWORDED = "help me fix the lost cent here"
ALIKE = "the lost cent here, fix it"
ASKS = (
    (FIRST, "A vague prompt becomes a good one", f"You select `shares` and ask: {FIRST}"),
    (REWORDED, "The same in other words", f"A colleague asks: {REWORDED}"),
    (ALIKE, "Nearly the same", f"Another one asks: {ALIKE}"),
    (FIRST, "The first question once more", f"You ask again: {FIRST}"),
)
ANSWER = """\
(simulated answer) `shares` rounds one share and gives it to everybody: 1000 / 3 is 333, and 3 × 333 is 999, so one cent
is left over and the check below it fails. Hand the left-over cents out one by one:

```python
share, left = divmod(total_cents, people)
parts = [share + 1] * left + [share] * (people - left)
```

The shares now add up to the bill for every number of people.
"""


class Step(msgspec.Struct, frozen=True):
    """One row of the table: what was asked, and what answered it."""

    prompt: str
    answer: Answer


async def walk(console: Console, keys: Keys | None, project: Path, paths: Paths, model: Path | None) -> None:
    """Find the bug, ask, ask in other words, ask again; then print what each took."""
    with MessagesApi(answers=lambda _: ANSWER, pace=LIFELIKE) as api:
        credentials = Credentials()
        credentials.hand_over("ANTHROPIC_API_KEY", SIMULATED_KEY)
        config = Config(
            claude=ClaudeSettings(base_url=api.url),
            models=ModelSettings(path=str(model)) if model else ModelSettings(embedder="off"),
        )
        pipeline = Pipeline(paths=paths, credentials=credentials, configure=lambda _: config)
        await pipeline.start()
        try:
            steps = await _steps(console, keys, pipeline, project)
        finally:
            await pipeline.close()
    _table(console, steps)


async def _steps(console: Console, keys: Keys | None, pipeline: Pipeline, project: Path) -> list[Step]:
    title = Titles(console)
    title("A bug", "`python -m till` splits a bill of 10.00 between three people. It says:")
    diagnostic = _failure(project)
    console.print(f"  {diagnostic.message}  ({FILE}:{diagnostic.range.start.line + 1})", style="red")
    steps: list[Step] = []
    for prompt, name, words in ASKS:
        title(name, words)
        proposal = await pipeline.propose(_snapshot(prompt, project, diagnostic))
        if (choice := await _choice(console, keys, pipeline, proposal)) is None:
            await pipeline.approve(proposal.id, proposal.digest, "discard", read=lambda _: None)
            console.print("Discarded: nothing was sent, not even to the simulation.")
            continue
        last = await stream(pipeline, choice, cached=False)
        if last.problem is not None:
            raise OptaflyError(last.problem.what, why=last.problem.why, todo=last.problem.todo)
        if last.answer is not None:
            steps.append(Step(prompt, last.answer))
            if last.answer.source == "cache":
                console.print("(the simulated answer from above)")
            console.print(f"(simulated) {answer_words(last.answer)}", style="green")
    return steps


async def _choice(console: Console, keys: Keys | None, pipeline: Pipeline, proposal: Proposal) -> Choice | None:
    """Return the person's choice (None: discard), or approve for them where nobody is asked, and say so."""
    if keys is not None:
        choice = await decide(pipeline, proposal, keys, console)
        return None if choice.decision == "discard" else choice
    if proposal.reuse:
        show_offers(console, proposal)
        console.print("\n[r Reuse Answer] (the demo pressed r)\n", style="bold")
        return Choice(proposal=proposal, decision="reuse", entry_id=proposal.reuse[0].entry_id)
    if not any(note.startswith("Accept will be answered") for note in proposal.notes):
        show_proposal(console, proposal)
    console.print("\n[a Accept & Send] (the demo pressed a; what is sent goes to the simulation)\n", style="bold")
    return accept(proposal)


def _snapshot(prompt: str, project: Path, diagnostic: Diagnostic) -> Snapshot:
    """Build what an editor would send with the whole of `shares` selected and the error on its line."""
    file = project / FILE
    rows = file.read_text(encoding="utf-8").split("\n")
    first = next(number for number, row in enumerate(rows, 1) if row.startswith("def shares"))
    last = next(number for number, row in enumerate(rows, 1) if number > first and row.startswith("    return"))
    found = snapshot(prompt, project, file=file, lines=(first, last))
    return msgspec.structs.replace(found, diagnostics=(diagnostic,))


def _failure(project: Path) -> Diagnostic:
    """Run the sample program and return its error as the diagnostic of the line that raised it."""
    ran = subprocess.run([sys.executable, "-m", "till"], cwd=project, capture_output=True, text=True, check=False)
    line = int(re.findall(r"bill\.py\", line (\d+)", ran.stderr)[-1]) - 1
    place = Range(start=Position(line=line, character=0), end=Position(line=line + 1, character=0))
    message = ran.stderr.strip().splitlines()[-1]
    return Diagnostic(path=FILE, range=place, severity="error", message=message, source="python")


def _table(console: Console, steps: list[Step]) -> None:
    console.print("\nMeasured on this machine, from the approval to the whole answer", style="bold")
    console.print("(simulated: Claude, its speed and its token counts; the prices are those of the settings)\n")
    console.print(f"  {'asked':<42}{'answered by':<28}{'took':>8}{'cost':>9}", style="dim")
    for step in steps:
        answer = step.answer
        source = "simulated Claude (a miss)" if answer.source == "provider" else _from_cache(answer)
        took, cost = seconds(answer.latency_ms), money(answer.cost_usd)
        console.print(f"  {step.prompt:<42}{source:<28}{took:>8}{cost:>9}")


def _from_cache(answer: Answer) -> str:
    return "an offer you took" if answer.evidence.startswith("You chose") else "the cache (a hit)"


class Titles:
    """Numbers the steps."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._count = 0

    def __call__(self, name: str, words: str) -> None:
        """Print the next step's title and what it is about."""
        self._count += 1
        self._console.print(f"\n{self._count}. {name}", style="bold cyan")
        self._console.print(words + "\n")
