"""The steps of `optafly demo`, and the table of what they took."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from optafly.approval import APPROVED
from optafly.cli.afterwards import REPORTED, judged
from optafly.cli.ask import receive, stream
from optafly.cli.decide import Choice, accept, decide
from optafly.cli.demo_script import ANSWER, ASKS, FILE, Ask
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
from optafly.pipeline.drafting import SERVED
from optafly.privacy.credentials import Credentials
from optafly.protocol import AnswerEvent

if TYPE_CHECKING:
    from rich.console import Console

    from optafly.cli.keypress import Keys
    from optafly.paths import Paths


class Step(msgspec.Struct, frozen=True):
    """One row of the table: what was asked, and what answered it."""

    prompt: str
    answer: Answer
    fresh: bool = False


async def walk(console: Console, keys: Keys | None, project: Path, paths: Paths, model: Path | None) -> None:
    """Find the bug, ask, ask in other words, report, ask anew, ask about changed code; print what each took."""
    numbers = count(1)
    with MessagesApi(answers=lambda _: ANSWER.replace("{number}", str(next(numbers))), pace=LIFELIKE) as api:
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
    guide = Guide(console, keys, pipeline)
    for ask in ASKS:
        if ask.after is not None and ask.after not in guide.words:
            continue
        title(ask.name, ask.words)
        if ask.edits:
            _edit(project)
        await guide.ask(ask, _snapshot(ask.prompt, project, diagnostic))
    return guide.steps


class Guide:
    """Asks with the person at the keys, or presses them where nobody is asked, and says so. Keeps what was answered."""

    def __init__(self, console: Console, keys: Keys | None, pipeline: Pipeline) -> None:
        self._console = console
        self._keys = keys
        self._pipeline = pipeline
        self.steps: list[Step] = []
        self.words: set[str] = set()

    async def ask(self, ask: Ask, snapshot: Snapshot) -> None:
        """Walk one prompt from the proposal to the last word on its answer."""
        proposal: Proposal | None = await self._pipeline.propose(snapshot)
        while proposal is not None:
            choice = await self._choice(proposal)
            if choice is None:
                await self._pipeline.approve(proposal.id, proposal.digest, "discard", read=lambda _: None)
                self._console.print("Discarded: nothing was sent, not even to the simulation.")
                return
            answer = self._heard(ask, await stream(self._pipeline, choice, cached=False))
            proposal = await self._word(ask, choice, answer) if answer else None
            if proposal is not None and proposal.state in APPROVED:
                self._heard(ask, await receive(self._pipeline, choice, cached=False, fresh=True), fresh=True)
                return

    def _heard(self, ask: Ask, last: AnswerEvent, *, fresh: bool = False) -> Answer | None:
        if last.problem is not None:
            raise OptaflyError(last.problem.what, why=last.problem.why, todo=last.problem.todo)
        answer = last.answer
        if answer is not None:
            self.steps.append(Step(ask.prompt, answer, fresh))
            if answer.source == "cache":
                self._console.print(f"{' '.join(answer.text.split())[:70]} … (as above)")
            self._console.print(f"(simulated) {answer_words(answer)}", style="green")
        return answer

    async def _choice(self, proposal: Proposal) -> Choice | None:
        """Return the person's choice (None: discard), or approve for them."""
        if self._keys is not None:
            choice = await decide(self._pipeline, proposal, self._keys, self._console)
            return None if choice.decision == "discard" else choice
        if proposal.reuse:
            show_offers(self._console, proposal)
            self._pressed("[r Reuse Answer · x Refuse Answer] (the demo pressed r)")
            return Choice(proposal=proposal, decision="reuse", entry_id=proposal.reuse[0].entry_id)
        if not self.steps:
            show_proposal(self._console, proposal)
        elif not any(note.startswith(SERVED) for note in proposal.notes):
            self._console.print("No earlier answer is given or offered. (What would be sent reads as above.)")
        self._pressed("[a Accept & Send] (the demo pressed a; what is sent goes to the simulation)")
        return accept(proposal)

    async def _word(self, ask: Ask, choice: Choice, answer: Answer) -> Proposal | None:
        """Return the proposal that is to be asked anew, if that is the word on an answer from the cache."""
        if answer.source != "cache" or answer.entry_id is None:
            return None
        if self._keys is not None:
            judgement = await judged(self._pipeline, choice.proposal, answer, self._keys)
            self.words.update(judgement.words)
            return judgement.again
        if ask.word is None:
            return None
        self._pressed(f"[r Regenerate · w Wrong answer · Enter done] (the demo pressed {ask.word[0]})")
        self.words.add(ask.word)
        proposal = await self._pipeline.feedback(choice.proposal.id, answer.entry_id, ask.word)
        if ask.word == "wrong":
            self._console.print(REPORTED)
        return proposal if ask.word == "regenerate" else None

    def _pressed(self, words: str) -> None:
        self._console.print(f"\n{words}\n", style="bold")


def _edit(project: Path) -> None:
    file = project / FILE
    file.write_text(file.read_text(encoding="utf-8").replace("round(", "int("), encoding="utf-8")


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
        took, cost = seconds(answer.latency_ms), money(answer.cost_usd)
        console.print(f"  {step.prompt:<42}{_source(step):<28}{took:>8}{cost:>9}")


def _source(step: Step) -> str:
    if step.answer.source == "provider":
        return "simulated Claude (anew)" if step.fresh else "simulated Claude (a miss)"
    return _from_cache(step.answer)


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
