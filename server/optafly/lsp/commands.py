"""The commands and the request of our protocol, from plain data in to plain data out."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import msgspec

from optafly.approval import APPROVED, SENT
from optafly.domain import Folder, Proposal
from optafly.errors import StaleProposal, TooLong, WrongState
from optafly.lsp.answers import Answers
from optafly.lsp.completion import Completer
from optafly.lsp.given import Given
from optafly.lsp.indexing import Indexing
from optafly.lsp.proposals import Proposals
from optafly.lsp.reviews import Reviews
from optafly.lsp.rpc import BadParams
from optafly.lsp.snapshot import Gatherer
from optafly.lsp.status import Status
from optafly.lsp.sync import Command
from optafly.privacy.credentials import Credentials
from optafly.protocol import (
    APPROVE,
    CANCEL,
    COMPLETE,
    FEEDBACK,
    INDEX,
    REFINE,
    SEND,
    STATS,
    ApproveParams,
    ApproveResult,
    CancelParams,
    CancelResult,
    CompleteParams,
    CredentialParams,
    CredentialResult,
    FeedbackParams,
    FeedbackResult,
    IndexParams,
    RefineParams,
    RefineResult,
    SendParams,
    SendResult,
    StatsParams,
    StatsResult,
)

if TYPE_CHECKING:  # imported late: it brings every room with it
    from optafly.pipeline import Pipeline

log = logging.getLogger(__name__)

P = TypeVar("P", bound=msgspec.Struct)

_LONGER = "Expected `str` of length <= "  # as msgspec words it


def decode(value: object, kind: type[P]) -> P:
    """Return plain data as a Struct.

    Raises BadParams, which names the place and the type but quotes nothing, and TooLong where a person wrote too much.
    """
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        said, at, where = str(error).rpartition(" - at ")
        if where in ("`$.prompt`", "`$.edited`") and said.startswith(_LONGER):
            raise TooLong(
                "The prompt is too long.",
                why=f"At most {int(said.removeprefix(_LONGER)):,} characters are taken.",
                todo="Shorten it. Files need not be in it: `#path` takes them along.",
            ) from None
        raise BadParams(f"The argument is not valid {kind.__name__}, at {where[:100] if at else '`$`'}.") from None


class Commands:
    """Runs commands against the pipeline."""

    def __init__(
        self,
        pipeline: Callable[[], Awaitable[Pipeline]],
        folders: Callable[[], tuple[Folder, ...]],
        gatherer: Gatherer,
        proposals: Proposals,
        reviews: Reviews,
        answers: Answers,
        given: Given,
        status: Status,
        completer: Completer,
        indexing: Indexing,
    ) -> None:
        self._pipeline = pipeline
        self._folders = folders
        self._gatherer = gatherer
        self._proposals = proposals
        self._reviews = reviews
        self._answers = answers
        self._given = given
        self._status = status
        self._completer = completer
        self._indexing = indexing

    def table(self) -> dict[str, Command]:
        """Return every command by its name."""
        return {
            REFINE: _typed(RefineParams, self.refine),
            APPROVE: _typed(ApproveParams, self.approve),
            SEND: _typed(SendParams, self.send),
            CANCEL: _typed(CancelParams, self.cancel),
            STATS: _typed(StatsParams, self.stats),
            FEEDBACK: _typed(FeedbackParams, self.feedback),
            COMPLETE: _typed(CompleteParams, self._completer.complete),
            INDEX: _typed(IndexParams, self._indexing.run),
        }

    async def refine(self, params: RefineParams) -> RefineResult:
        """Make a proposal, or change one, and show it where that was asked for."""
        with self._status.busy("refining"):
            proposal = await self._proposal(params)
            await self._proposals.put(proposal)
            if params.review:
                await self._reviews.show(proposal, params.uri)
        return RefineResult(proposal=self._proposals.on_wire(proposal))

    async def _proposal(self, params: RefineParams) -> Proposal:
        if (params.prompt is None) is (params.proposal_id is None):
            raise BadParams("Give `prompt` for a new proposal or `proposalId` for one that is there.")
        if params.without is not None and params.edited is not None:
            raise BadParams("Give `without` or `edited`, not both.")
        pipeline = await self._pipeline()
        await self._indexing.settle()
        if params.proposal_id is None:
            snapshot = await self._gatherer.snapshot(params, self._folders())
            return await pipeline.propose(snapshot, pin=params.pin, remove=params.remove)
        before = await pipeline.proposal(params.proposal_id)
        of_code = params.pin or params.remove or params.unpin or params.look_again
        if params.without is None and params.edited is None and not of_code:
            return before
        self._reviews.revising(before, params.edited)
        return await pipeline.revise(
            params.proposal_id,
            without=params.without,
            edited=params.edited,
            pin=params.pin,
            remove=params.remove,
            unpin=params.unpin,
            look_again=params.look_again,
        )

    async def approve(self, params: ApproveParams) -> ApproveResult:
        """Take a decision, and go on to send where that was asked for."""
        pipeline = await self._pipeline()
        if params.decision in ("accept", "modify"):
            await self._ask_again_if_edited(pipeline, params.proposal_id)
        try:
            await pipeline.approve(
                params.proposal_id, params.digest, params.decision, read=self._gatherer.read, entry_id=params.entry_id
            )
        except WrongState:  # another window decided: what cannot be chosen is not offered again
            self._proposals.know(await pipeline.proposal(params.proposal_id))
            raise
        proposal = await pipeline.proposal(params.proposal_id)
        if proposal.state not in SENT:  # else another window sent it: here its answer is the news
            await self._proposals.put(proposal)
        sends = params.send and params.decision != "discard"
        trace_id = self._answers.start(params.proposal_id, params.digest) if sends else None
        return ApproveResult(
            proposal_id=params.proposal_id, state=proposal.state, digest=params.digest, trace_id=trace_id
        )

    async def _ask_again_if_edited(self, pipeline: Pipeline, proposal_id: str) -> None:
        """Turn an approval of a document whose prompt was edited since into a modification to look at."""
        before = await pipeline.proposal(proposal_id)
        text = self._reviews.edited_text(before)
        if text is not None:
            self._reviews.revising(before, text)
            await self._indexing.settle()
            await self._proposals.put(await pipeline.revise(proposal_id, edited=text))
            raise StaleProposal(
                "Nothing was sent yet.",
                why="The prompt in the review document was edited after it was refined.",
                todo="Look at it once more and accept it.",
            )

    async def send(self, params: SendParams) -> SendResult:
        """Begin sending what was approved, or hear what another window sent; the answer follows as notifications."""
        proposal = await (await self._pipeline()).proposal(params.proposal_id)
        trace_id = self._answers.start(proposal.id, params.digest)
        return SendResult(proposal_id=proposal.id, trace_id=trace_id)

    async def cancel(self, params: CancelParams) -> CancelResult:
        """Stop what is being sent."""
        return CancelResult(cancelled=await self._answers.cancel(params.proposal_id))

    async def stats(self, params: StatsParams) -> StatsResult:
        """Count."""
        return StatsResult(stats=await (await self._pipeline()).stats(params.days, params.folder))

    async def feedback(self, params: FeedbackParams) -> FeedbackResult:
        """Take a person's word on an earlier answer; `regenerate` goes on to ask the provider where it was approved."""
        pipeline = await self._pipeline()
        proposal = await pipeline.feedback(params.proposal_id, params.entry_id, params.kind, read=self._gatherer.read)
        sends = params.kind == "regenerate" and proposal.state in APPROVED
        shown = True
        if params.kind == "wrong" and self._given.entry(proposal.id) == params.entry_id:
            self._given.report(proposal.id)
            shown = self._reviews.reported(proposal.id)
        elif params.kind == "regenerate":
            self._given.forget(proposal.id)
            self._reviews.again(proposal.id)
        await self._status.refresh()
        trace_id = None
        if sends:
            trace_id = await self._send_again(proposal)
        elif shown:
            await self._proposals.put(proposal)
        else:
            self._proposals.announce(proposal)  # its review document alone still has the answer
        return FeedbackResult(proposal=self._proposals.on_wire(proposal), trace_id=trace_id)

    async def _send_again(self, proposal: Proposal) -> str:
        """Send the bytes that were approved once more. The editor hears of the answer, not of a state in between."""
        self._proposals.know(proposal)
        await self._reviews.follow(proposal)
        digest = proposal.original_digest if proposal.state == "original" else proposal.digest
        return self._answers.start(proposal.id, digest, fresh=True)


def _typed(kind: type[P], run: Callable[[P], Awaitable[msgspec.Struct]]) -> Command:
    async def command(argument: object) -> object:
        return msgspec.to_builtins(await run(decode(argument, kind)))

    return command


def take_credential(credentials: Credentials, params: object) -> dict[str, object]:
    """Hold a key from the editor's secret store in memory; it is never logged."""
    given = decode(params, CredentialParams)
    credentials.hand_over(given.key_name, given.value)
    log.info("a key was %s by the editor", "withdrawn" if given.value is None else "handed over")
    return msgspec.to_builtins(CredentialResult(accepted=True))
