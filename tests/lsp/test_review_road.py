"""The road through a review document, for editors that have nothing but documents and code actions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lsp.conftest import Start, open_editor
from lsp.speaker import Editor, Refused
from optafly.demo.behaviour import Behaviour
from optafly.demo.server import MessagesApi
from optafly.lsp.review import parse
from optafly.paths import Paths

PROFILES = pytest.mark.parametrize("profile", ["visual-studio-code", "neovim", "zed"])


def prompt_in(text: str) -> str:
    """Return the prompt as a review document has it."""
    review = parse(text)
    assert review is not None
    return review.prompt


async def reviewed(editor: Editor, home: Paths, **more: Any) -> tuple[dict[str, Any], str]:
    """Refine into a review document and have it open in the editor."""
    proposal = await editor.refine(review=True, **more)
    uri = (home.reviews / f"{proposal['id']}.prompt.md").as_uri()
    if uri not in editor.texts:
        await editor.open_file(uri)
    return proposal, uri


@PROFILES
async def test_a_review_is_a_private_file_that_is_shown_or_else_named_in_the_log(
    start: Start, folder: Path, home: Paths, profile: str
) -> None:
    editor = await open_editor(await start(), folder, profile)

    proposal = await editor.refine(review=True)

    path = home.reviews / f"{proposal['id']}.prompt.md"
    assert path.stat().st_mode & 0o777 == 0o600
    assert prompt_in(path.read_text(encoding="utf-8")) == proposal["refined"]
    if editor.can_show:
        assert editor.shown == [path.as_uri()]
    else:
        assert editor.shown == []
        assert any(str(path) in each["message"] for each in editor.speaker.all("window/logMessage"))


@PROFILES
async def test_a_review_is_accepted_and_the_answer_is_written_below_the_prompt(
    start: Start, folder: Path, home: Paths, asking: dict[str, str], profile: str
) -> None:
    editor = await open_editor(await start(**asking), folder, profile)
    proposal, uri = await reviewed(editor, home)

    approved = await editor.run((await editor.actions(uri))["Accept & Send"])
    last = await editor.outcome(approved["traceId"])
    text = await editor.text_with(uri, "_From claude-sonnet-5-5")

    assert last["answer"]["text"].strip() in text
    assert prompt_in(text) == proposal["refined"]
    assert text.index("Status: answered") < text.index("# Answer") < text.index("# Original")
    assert await editor.actions(uri) == {}


async def test_an_edited_review_is_modified_first_and_looked_at_again(
    start: Start, folder: Path, home: Paths, api: MessagesApi, asking: dict[str, str]
) -> None:
    editor = await open_editor(await start(**asking), folder, "zed")
    proposal, uri = await reviewed(editor, home)
    before = await editor.actions(uri)

    await editor.type(uri, editor.texts[uri].replace("fix this", "Why is 😀 `add` wrong?", 1))
    with pytest.raises(Refused) as refused:
        await editor.run(before["Accept & Send"])
    assert api.requests == ()
    after = await editor.actions(uri)
    approved = await editor.run(after["Accept & Send"])
    await editor.outcome(approved["traceId"])

    assert refused.value.data["code"] == "approval.stale"
    assert approved["digest"] != proposal["digest"]
    assert approved["state"] == "modified"
    assert "Why is" in api.requests[0].body.decode()


async def test_modify_makes_a_new_revision_of_the_edited_text(start: Start, folder: Path, home: Paths) -> None:
    editor = await open_editor(await start(), folder, "zed")
    proposal, uri = await reviewed(editor, home)

    await editor.type(uri, editor.texts[uri].replace("fix this", "explain that", 1))
    actions = await editor.actions(uri)
    modified = (await editor.run(actions["Modify (use the edited prompt)"]))["proposal"]
    text = await editor.text_with(uri, modified["digest"])

    assert list(actions) == ["Modify (use the edited prompt)", "Use Original", "Discard"]
    assert modified["refined"].startswith("explain that")
    assert modified["digest"] != proposal["digest"]
    assert proposal["digest"] not in text
    assert "Accept & Send" in await editor.actions(uri)


async def test_changes_are_switched_off_and_on_in_a_review(start: Start, folder: Path, home: Paths) -> None:
    editor = await open_editor(await start(), folder, "neovim")
    proposal, uri = await reviewed(editor, home)

    off = next(action for title, action in (await editor.actions(uri)).items() if title.startswith("Switch off “code”"))
    switched = (await editor.run(off))["proposal"]
    text = await editor.text_with(uri, switched["digest"])
    on = next(action for title, action in (await editor.actions(uri)).items() if title.startswith("Switch on “code”"))
    back = (await editor.run(on))["proposal"]

    assert "(switched off)" in text
    assert "return a - b" not in prompt_in(text)
    assert back["digest"] == proposal["digest"]


async def test_a_prompt_file_of_ones_own_is_refined_in_place(
    start: Start, folder: Path, home: Paths, api: MessagesApi, asking: dict[str, str]
) -> None:
    editor = await open_editor(await start(**asking), folder, "zed")
    uri = editor.uri("ask.prompt.md")
    await editor.open(uri, "What does a mutex protect?\n", "markdown")

    actions = await editor.actions(uri)
    proposal = (await editor.run(actions["Refine"]))["proposal"]
    await editor.text_with(uri, proposal["digest"])
    approved = await editor.run((await editor.actions(uri))["Accept & Send"])
    await editor.outcome(approved["traceId"])
    text = await editor.text_with(uri, "_From claude-sonnet-5-5")

    assert list(actions) == ["Refine"]
    assert "What does a mutex protect?" in prompt_in(text)
    assert not home.reviews.exists()


async def test_a_discarded_review_says_so_and_offers_nothing_more(start: Start, folder: Path, home: Paths) -> None:
    editor = await open_editor(await start(), folder, "zed")
    _, uri = await reviewed(editor, home)

    await editor.run((await editor.actions(uri))["Discard"])

    assert "Status: discarded; nothing was sent" in await editor.text_with(uri, "discarded")
    assert await editor.actions(uri) == {}


async def test_a_review_survives_a_restart_of_the_server(
    start: Start, folder: Path, home: Paths, asking: dict[str, str]
) -> None:
    first = await open_editor(await start(**asking), folder, "zed")
    proposal, uri = await reviewed(first, home)
    assert await first.speaker.shut_down() == 0

    second = await open_editor(await start(**asking), folder, "zed")
    kept = await second.speaker.notified("optafly/proposal")
    await second.open_file(uri)
    approved = await second.run((await second.actions(uri))["Accept & Send"])
    last = await second.outcome(approved["traceId"])

    assert kept["proposal"]["digest"] == proposal["digest"]
    assert "Accept & Send" in await second.actions(second.uri("calc.py")) or last["kind"] == "done"
    assert last["kind"] == "done"


async def test_a_review_that_is_older_than_its_proposal_is_shown_anew_before_it_can_be_sent(
    start: Start, folder: Path, home: Paths
) -> None:
    editor = await open_editor(await start(), folder, "zed")
    proposal, uri = await reviewed(editor, home)
    old = editor.texts[uri]
    change = {"proposalId": proposal["id"], "without": [proposal["changes"][1]["id"]]}
    changed = (await editor.speaker.command("optafly.refine", change))["proposal"]
    await editor.text_with(uri, changed["digest"])

    await editor.type(uri, old.replace(prompt_in(old), changed["refined"]))
    actions = await editor.actions(uri)
    await editor.run(actions["Show what would be sent now"])

    assert "Accept & Send" not in actions
    assert changed["digest"] in editor.texts[uri]


async def test_a_failed_answer_says_why_in_the_review_and_can_be_asked_again(
    start: Start, folder: Path, home: Paths, api: MessagesApi, asking: dict[str, str]
) -> None:
    api.next(Behaviour(status=400, message="no"))
    editor = await open_editor(await start(**asking), folder, "zed")
    _, uri = await reviewed(editor, home)

    approved = await editor.run((await editor.actions(uri))["Accept & Send"])
    problem = (await editor.outcome(approved["traceId"]))["problem"]
    text = await editor.text_with(uri, "Status: failed")

    assert problem["what"] in text
    approved = await editor.run((await editor.actions(uri))["Accept & Send"])
    assert (await editor.outcome(approved["traceId"]))["kind"] == "done"


async def test_an_earlier_answer_that_is_offered_can_be_reused_from_a_review(start: Start, folder: Path) -> None:
    """The action itself; whether an answer is offered is the cache's business."""
    from optafly.domain import Range
    from optafly.lsp.actions import in_review
    from optafly.lsp.review import Review, render

    editor = await open_editor(await start(), folder)
    proposal = await editor.refine()
    proposal["reuse"] = [
        {
            "entryId": "entry-1",
            "prompt": "fix that",
            "answerPreview": "…",
            "cosine": 0.9,
            "ageS": 60.0,
            "savedUsd": 0.01,
            "savedS": 2.0,
            "evidence": "Much alike.",
        }
    ]
    import msgspec

    from optafly.domain import Proposal

    offered = msgspec.convert(proposal, Proposal)
    acts = {act.title: act for act in in_review(Review(offered.id, offered.digest, offered.refined), offered)}

    reuse = acts["Reuse Answer to “fix that”"]
    assert (reuse.argument.decision, reuse.argument.entry_id) == ("reuse", "entry-1")  # pyright: ignore
    assert "## “fix that”, 1 minute ago" in render(offered)
    assert isinstance(offered.range, Range)


EDITED = "Why does 😀 `add` subtract?"


async def test_an_edit_that_was_saved_and_closed_survives_a_restart_and_a_second_look(
    start: Start, folder: Path, home: Paths
) -> None:
    first = await open_editor(await start(), folder, "zed")
    proposal = await first.refine(review=True)
    path = home.reviews / f"{proposal['id']}.prompt.md"
    saved = path.read_text(encoding="utf-8").replace("fix this", EDITED, 1)
    path.write_text(saved, encoding="utf-8")
    assert await first.speaker.shut_down() == 0

    second = await open_editor(await start(), folder, "zed")
    await second.speaker.notified("optafly/proposal")
    await second.speaker.command("optafly.stats", {})
    after_start = path.read_text(encoding="utf-8")
    await second.run((await second.actions(second.uri("calc.py")))["Modify"])

    assert after_start == saved
    assert path.read_text(encoding="utf-8") == saved


async def test_an_unsaved_edit_stays_while_the_answer_is_written_below_it(
    start: Start, folder: Path, home: Paths, asking: dict[str, str]
) -> None:
    editor = await open_editor(await start(**asking), folder, "zed")
    proposal, uri = await reviewed(editor, home)
    await editor.type(uri, editor.texts[uri].replace("fix this", EDITED, 1))

    original = {"proposalId": proposal["id"], "digest": proposal["originalDigest"], "decision": "original"}
    approved = await editor.speaker.command("optafly.approve", {**original, "send": True})
    await editor.outcome(approved["traceId"])
    text = await editor.text_with(uri, "_From claude-sonnet-5-5")

    assert prompt_in(text) == proposal["refined"].replace("fix this", EDITED, 1)
    assert proposal["digest"] in text


async def test_a_secret_in_an_edit_is_masked_in_the_review_too(start: Start, folder: Path, home: Paths) -> None:
    editor = await open_editor(await start(), folder, "zed")
    _, uri = await reviewed(editor, home)
    secret = "AKIA" + "QYLPMN5HHHFPZAM2"

    await editor.type(uri, editor.texts[uri].replace("fix this", f"fix this, key {secret}", 1))
    modified = (await editor.run((await editor.actions(uri))["Modify (use the edited prompt)"]))["proposal"]
    text = await editor.text_with(uri, modified["digest"])

    assert secret not in modified["refined"]
    assert prompt_in(text) == modified["refined"]
