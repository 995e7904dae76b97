"""A proposal as a Markdown document that a person can read, edit and approve in any editor, and back.

    ---
    optafly: 1
    proposal: 6f0c…            which proposal this is
    digest: 1a2b…              exactly what Accept would send
    ---

    the refined prompt, to be edited freely

    <!-- optafly 6f0c… · below this line is information; editing it changes nothing -->

    # Answer, Changes, Original, …

Only the text between the front matter and the marker line is read back. The marker carries the proposal's id, so that
no prompt can hold it by chance.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from optafly.approval import OPEN
from optafly.domain import Change, Choice, LeftOut, Piece, Proposal, by_rank
from optafly.lsp.offers import offer_words
from optafly.lsp.words import fenced
from optafly.mentions import mention_of, name_of
from optafly.refine.fences import span

SUFFIX = ".prompt.md"

_HEAD = re.compile(r"---\noptafly: 1\nproposal: ([\w-]+)\ndigest: (\w+)\n---\n\n")
_ACTIVE = re.compile(r"<|(?<=\])\(")  # where a tag, or the address of a link or an image, begins
_STATE = {
    "proposed": "waiting for your decision",
    "accepted": "accepted",
    "modified": "accepted with your changes",
    "original": "accepted as you first wrote it",
    "reused": "an earlier answer was chosen",
    "discarded": "discarded; nothing was sent",
    "sent": "sent; the answer is on its way",
    "answered": "answered",
    "failed": "failed; you may decide again",
    "cancelled": "cancelled; you may decide again",
}


class Review(NamedTuple):
    """What a review document says: whose it is, what its reader saw, and the prompt as it stands there now."""

    proposal_id: str
    digest: str
    prompt: str


def is_prompt_file(name: str) -> bool:
    """Return whether a path or URI names a prompt file."""
    return name.endswith(SUFFIX)


def parse(text: str) -> Review | None:
    """Read a review document; None for a plain prompt file."""
    text = plain(text)
    head = _HEAD.match(text)
    if head is None:
        return None
    end = text.find(f"\n\n{_marker(head.group(1))}", head.end() - 2)
    prompt = text[head.end() :] if end < 0 else text[head.end() : max(end, head.end())]
    return Review(head.group(1), head.group(2), prompt)


def prompt_end(text: str) -> int:
    """Return where in a document its prompt ends: at the marker line of a review document, else at its end."""
    head = _HEAD.match(plain(text))
    end = -1 if head is None else text.find(_marker(head.group(1)))
    return len(text) if end < 0 else end


def plain(text: str) -> str:
    """Return text with LF line ends, as it is compared."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def edited(review: Review, proposal: Proposal) -> bool:
    """Return whether the document's prompt is another than the proposal's; white space at its ends does not count."""
    return review.prompt.strip() != plain(proposal.refined).strip()


def render(proposal: Proposal, answer: str | None = None, kept: Review | None = None) -> str:
    """Return the document for a proposal, with the answer, or what there is of it, right below the prompt.

    With `kept`, head and prompt stay what they are there.
    """
    digest, prompt = (proposal.digest, plain(proposal.refined)) if kept is None else (kept.digest, kept.prompt)
    head = f"---\noptafly: 1\nproposal: {proposal.id}\ndigest: {digest}\n---\n\n"
    sections = [
        _marker(proposal.id),
        f"Status: {_STATE[proposal.state]}. Edit the prompt above as you like; decide with your editor's code actions.",
    ]
    if answer is not None:
        sections.append(f"# Answer\n\n{plain(answer)}")
    if proposal.question:
        sections.append(f"# A question first\n\n{proposal.question}")
    sections += [
        *_list("Changes", [_change(each) for each in proposal.changes]),
        *_offers(proposal),
        f"# Original\n\n{fenced(plain(proposal.original))}",
        *_list("Which one is meant", [_choice(each) for each in proposal.choices]),
        *_list("Code that goes with it", [_piece(each) for each in by_rank(proposal.pieces)]),
        *_list("Code that is left out", [_left_out(each) for each in proposal.left_out]),
        *_list("Masked secrets", [f"{each.kind} in {each.where}: `{each.placeholder}`" for each in proposal.masked]),
        *_list("Notes", list(proposal.notes)),
        _numbers(proposal),
    ]
    return head + prompt + "\n\n" + "\n\n".join(sections) + "\n"


def _marker(proposal_id: str) -> str:
    return f"<!-- optafly {proposal_id} · below this line is information; editing it changes nothing -->"


def _list(title: str, items: list[str]) -> list[str]:
    return [f"# {title}\n\n" + "\n".join(f"- {item}" for item in items)] if items else []


def _change(change: Change) -> str:
    state = "" if change.enabled else " (switched off)"
    return f"**{change.kind}** ({change.tokens:+d} tokens){state}: {_inert(change.reason)}"


def _offers(proposal: Proposal) -> list[str]:
    """Return the offers, as long as one of them can be taken."""
    if not proposal.reuse or proposal.state not in OPEN:
        return []
    return ["# Earlier answers", *(plain(offer_words(each)) for each in proposal.reuse)]


def _piece(piece: Piece) -> str:
    symbol = f" {span(piece.symbol)}" if piece.symbol else ""
    how = f"{piece.tokens} tokens{', in outline' if piece.kind == 'skeleton' else ''}{', pinned' * piece.pinned}"
    return f"{_inert(piece.path)}:{piece.start_line}-{piece.end_line}{symbol} ({how}): {_inert(piece.reason)}"


def _left_out(left: LeftOut) -> str:
    symbol = f" {span(left.symbol)}" if left.symbol else ""
    return f"{_inert(left.path)}{symbol} ({left.tokens} tokens): {left.reason}"


def _inert(text: str) -> str:
    """Return text that names a file so that a preview shows the name, whatever it is: it fetches no picture for it."""
    return " ".join(_ACTIVE.sub(r"\\\g<0>", text).split())


def _choice(choice: Choice) -> str:
    """Return what words may mean, each as it can be written in the prompt."""
    return f"“{' '.join(choice.words.split())}” may be {', '.join(span(mention_of(each)) for each in names(choice))}"


def names(choice: Choice) -> list[str]:
    """Return the name of each definition that words may mean."""
    return [
        name
        for hit in choice.candidates
        for name in ([name_of(hit.path, symbol.name) for symbol in hit.symbols] or [hit.path])
    ]


def _numbers(proposal: Proposal) -> str:
    estimate, route = proposal.estimate, proposal.route
    cost = "no price known" if estimate.max_cost_usd is None else f"${estimate.max_cost_usd:.4f} at most"
    return (
        "# Numbers\n\n"
        f"- Quality: {proposal.quality_before.score:.2f} before, {proposal.quality_after.score:.2f} after\n"
        f"- Tokens: {estimate.input_tokens} in, {estimate.max_output_tokens} out at most ({estimate.method})\n"
        f"- Cost: {cost} (prices of {estimate.prices_as_of or 'no date'})\n"
        f"- Route: {route.provider}, {route.model}: {route.reason}" + _reuse(proposal)
    )


def _reuse(proposal: Proposal) -> str:
    before, after = proposal.reuse_before, proposal.reuse_after
    if before is None or after is None:
        return ""
    return f"\n- Reuse: {before:.0%} before, {after:.0%} after (how likely an earlier answer does, calibrated)"
