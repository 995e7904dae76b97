"""Review documents in the editor and on disk: found by a proposal's id, shown, rewritten as the proposal changes.

A document that is open in the editor is the editor's: it is changed by `workspace/applyEdit` only. One that is not is a
file, replaced as a whole. A prompt that a person edited stays as it is; only what is below it follows the proposal.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pygls.uris import from_fs_path

from optafly.domain import Proposal
from optafly.lsp.documents import OpenDocument, smallest_edit
from optafly.lsp.editor import Editor
from optafly.lsp.offers import REPORTED, answer_words
from optafly.lsp.proposals import Proposals
from optafly.lsp.review import SUFFIX, Review, edited, is_prompt_file, parse, plain, render
from optafly.paths import make_private
from optafly.protocol import AnswerEvent

STEP_S = 1.0
KEPT_S = 30 * 86_400.0  # as long as their proposals
_KEPT_ANSWERS = 50


class Reviews:
    """Keeps review documents in step with their proposals."""

    def __init__(self, editor: Editor, proposals: Proposals, folder: Path) -> None:
        self._editor = editor
        self._proposals = proposals
        self._folder = folder
        self._answers: dict[str, str] = {}
        self._step_at: dict[str, float] = {}
        self._taken: dict[str, frozenset[str]] = {}  # prompts that the next revision stands for
        self._turns: dict[str, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        proposals.on_change.append(self.follow)

    async def show(self, proposal: Proposal, uri: str | None = None) -> None:
        """Put a proposal in front of the person: in the prompt file `uri` they wrote it in, or in one of its own."""
        document = self._document(proposal.id)
        if document is None and uri is not None and is_prompt_file(uri):
            document = self._editor.protocol.documents.get(uri)
        if document is not None:
            await self._rewrite(document, proposal)
            await self._editor.show(document.uri)
            return
        path = self._folder / f"{proposal.id}{SUFFIX}"
        await asyncio.to_thread(self._refresh, path, proposal)
        shown = from_fs_path(str(path)) or path.as_uri()
        if not await self._editor.show(shown):
            await self._editor.create(shown)
            self._editor.say(f"OptaFly: review this prompt in {path}")

    async def follow(self, proposal: Proposal) -> None:
        """Rewrite the review document of a proposal that changed, where there is one."""
        document = self._document(proposal.id)
        path = self._folder / f"{proposal.id}{SUFFIX}"
        if document is not None:
            await self._rewrite(document, proposal)
        elif await asyncio.to_thread(path.is_file):
            await asyncio.to_thread(self._refresh, path, proposal)
        self._taken.pop(proposal.id, None)

    def revising(self, proposal: Proposal, edited: str | None) -> None:
        """Note that a revision is to take the place of a proposal's prompt, or of what a person made of it."""
        self._taken[proposal.id] = frozenset(plain(each).strip() for each in (proposal.refined, edited or ""))

    async def sweep(self) -> None:
        """Delete review documents that are older than any proposal."""
        await asyncio.to_thread(_sweep, self._folder, time.time() - KEPT_S)

    def edited_text(self, proposal: Proposal) -> str | None:
        """Return the prompt as a person edited it in the open review document; None where they did not."""
        document = self._document(proposal.id)
        review = None if document is None else parse(document.text)
        return review.prompt.strip() if review is not None and edited(review, proposal) else None

    def partly(self, proposal_id: str, so_far: Callable[[], str]) -> None:
        """Show an answer as far as it has come, in steps of `STEP_S`, where its review document is open."""
        now = time.monotonic()
        if now - self._step_at.get(proposal_id, 0.0) < STEP_S or self._document(proposal_id) is None:
            return
        self._step_at[proposal_id] = now
        self._answers[proposal_id] = so_far() + " …"
        task = asyncio.create_task(self._step(proposal_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def ended(self, proposal_id: str, event: AnswerEvent) -> None:
        """Note how an answer ended; the proposal's own change writes it down."""
        self._step_at.pop(proposal_id, None)
        if event.answer is not None:
            self._answers[proposal_id] = answer_words(event.answer)
        elif event.problem is not None:
            words = (event.problem.what, event.problem.why, event.problem.todo)
            self._answers[proposal_id] = " ".join(part for part in words if part)
        else:
            self._answers.pop(proposal_id, None)
        while len(self._answers) > _KEPT_ANSWERS:
            del self._answers[next(iter(self._answers))]

    def reported(self, proposal_id: str) -> bool:
        """Note that a person called an answer wrong; it stays to be read. Return whether the answer is known here."""
        answer = self._answers.get(proposal_id)
        if answer is not None and REPORTED not in answer:
            self._answers[proposal_id] = f"{REPORTED}\n\n{answer}"
        return answer is not None

    def again(self, proposal_id: str) -> None:
        """Let an answer go: another takes its place."""
        self._answers.pop(proposal_id, None)

    async def _step(self, proposal_id: str) -> None:
        document, proposal = self._document(proposal_id), self._proposals.get(proposal_id)
        if document is not None and proposal is not None and proposal_id in self._step_at:
            await self._rewrite(document, proposal)

    def _document(self, proposal_id: str) -> OpenDocument | None:
        """Return the open review document of a proposal."""
        for document in self._editor.protocol.documents:
            if is_prompt_file(document.uri):
                review = parse(document.text)
                if review is not None and review.proposal_id == proposal_id:
                    return document
        return None

    async def _rewrite(self, document: OpenDocument, proposal: Proposal) -> None:
        """Change an open document as little as it takes; one change of a document at a time."""
        async with self._turns.setdefault(document.uri, asyncio.Lock()):
            change = smallest_edit(
                document.text, self._text(proposal, document.text), self._editor.protocol.documents.encoding
            )
            if change is not None:
                await self._editor.edit(document.uri, document.version, change)

    def _refresh(self, path: Path, proposal: Proposal) -> None:
        _replace(path, self._text(proposal, _read(path)))

    def _text(self, proposal: Proposal, now: str) -> str:
        """Return the document, with the prompt as it is `now` if a person edited it."""
        review = parse(now)
        ours = review is None or review.proposal_id != proposal.id or not edited(review, proposal)
        if review is not None and review.prompt.strip() in self._taken.get(proposal.id, ()):
            ours = True
        return render(proposal, self._answers.get(proposal.id), None if ours else review)


def review_at(document: OpenDocument | None) -> Review | None:
    """Return what an open document says as a review document."""
    return None if document is None or not is_prompt_file(document.uri) else parse(document.text)


def _sweep(folder: Path, before_s: float) -> None:
    for path in folder.glob(f"*{SUFFIX}"):
        with contextlib.suppress(OSError):  # another window was quicker
            if path.stat().st_mtime < before_s:
                path.unlink()


def _read(path: Path) -> str:
    """Return a file's text, with bytes that are no UTF-8 as `_replace` writes them back; empty without a file."""
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""


def _replace(path: Path, text: str) -> None:
    make_private(path.parent)
    descriptor, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")  # made for its owner alone
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        file.write(text)
    Path(name).replace(path)
