"""Cached answers over JSON-RPC: the same words, and other words that the cache serves by meaning."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from optafly.cli.bench_client import Client
from optafly.errors import OptaflyError
from optafly.protocol import ANSWER, APPROVE, REFINE

WANTED = 200
ASKED = "explain why this function returns the wrong total for an order with several discounted rows"


class Samples(msgspec.Struct, frozen=True):
    """Milliseconds from approval to answer: in the same words, in other words, and those with the refinement before."""

    exact: list[float]
    meant: list[float]
    with_refine: list[float]


class Asked(msgspec.Struct, frozen=True):
    """One ask: the answer as the server sent it, and the milliseconds of the refinement and of the answer."""

    answer: dict[str, Any]  # Any: JSON of the wire
    refine_ms: float
    answer_ms: float


class OpenFile:
    """A document that is open in the server."""

    def __init__(self, client: Client, path: Path, text: str) -> None:
        self._client = client
        self._uri = path.as_uri()
        self._version = 1
        path.write_text(text, encoding="utf-8")
        document = {"uri": self._uri, "languageId": "python", "version": 1, "text": text}
        client.notify("textDocument/didOpen", {"textDocument": document})

    def change(self, text: str) -> None:
        """Replace the whole text."""
        self._version += 1
        document = {"uri": self._uri, "version": self._version}
        self._client.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def refine(self, prompt: str, line: int) -> dict[str, Any]:  # Any: JSON of the wire
        """Return the Proposal for `prompt` about the two lines from `line` (0-based) on."""
        selection = {"start": {"line": line, "character": 0}, "end": {"line": line + 2, "character": 0}}
        return self._client.command(REFINE, {"prompt": prompt, "uri": self._uri, "selection": selection})["proposal"]

    def ask(self, prompt: str, line: int = 4) -> Asked:
        """Refine, approve and send, and wait for the whole answer. Raises OptaflyError where there is none."""
        started = time.perf_counter()
        proposal = self.refine(prompt, line)
        refined = time.perf_counter()
        decision = {"proposalId": proposal["id"], "digest": proposal["digest"], "decision": "accept", "send": True}
        self._client.command(APPROVE, decision)
        event = self._client.wait_for(
            ANSWER, lambda each: each["proposalId"] == proposal["id"] and each["kind"] != "delta"
        )
        ended = time.perf_counter()
        if event["kind"] != "done":
            raise OptaflyError("An ask of the bench was not answered.", why=str(event.get("problem")))
        return Asked(event["answer"], (refined - started) * 1000, (ended - refined) * 1000)


def cached(document: OpenFile) -> Samples:
    """Fill the cache with one answer and ask for it, `WANTED` times in the same words and as often in other words.

    Other words that the cache does not serve by itself are answered by the simulated API and not counted.
    Raises OptaflyError where too few were served.
    """
    document.ask(ASKED)
    exact = [document.ask(ASKED) for _ in range(WANTED)]
    meant: list[Asked] = []
    for prompt in _rewordings():
        asked = document.ask(prompt)
        if asked.answer["source"] == "cache":
            meant.append(asked)
        if len(meant) == WANTED:
            break
    if len(meant) < WANTED or any(each.answer["source"] != "cache" for each in exact):
        raise OptaflyError(f"Only {len(meant)} of {WANTED} rewordings were served from the cache.")
    return Samples(
        exact=[each.answer_ms for each in exact],
        meant=[each.answer_ms for each in meant],
        with_refine=[each.refine_ms + each.answer_ms for each in meant],
    )


def _rewordings() -> Iterator[str]:
    """Yield ways to ask for the same as `ASKED`, each once."""
    polite = [" ".join(words) for words in itertools.product(("can", "could", "will", "would"), ("you", "we"))]
    polite = [f"{words} {how}" for words in polite for how in ("", "please ", "kindly ")]
    wishes = ["i want to ", "i'd like to ", "i need you to ", "help me ", "help me to ", "let's ", "let us "]
    openings = ("", "please ", "kindly ", *polite, *wishes)
    verbs = ("explain ", "explain to me ", "tell me ", "show me ", "describe ")
    endings = ("", " please", ", please", ", thanks", " thank you")
    for verb, opening, ending in itertools.product(verbs, openings, endings):
        prompt = f"{opening}{verb}{ASKED.removeprefix('explain ')}{ending}"
        if prompt != ASKED:
            yield prompt
