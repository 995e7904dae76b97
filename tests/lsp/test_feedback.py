"""A person's word on answers from the cache, by command and by code action, in every kind of editor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lsp.conftest import CODE, Start, open_editor
from lsp.speaker import Editor, Refused, path_of
from lsp.test_review_road import reviewed
from optafly.demo.behaviour import Behaviour
from optafly.demo.server import MessagesApi
from optafly.lsp.greeting import COMMANDS
from optafly.paths import Paths

PROFILES = pytest.mark.parametrize("profile", ["visual-studio-code", "neovim", "zed"])
Json = dict[str, Any]  # JSON of any shape: tests look into it


def _place(editor: Editor, trace_id: str) -> int:
    """Return how many messages came before the end of a trace."""
    return next(
        at
        for at, each in enumerate(editor.speaker.heard)
        if each.get("method") == "optafly/answer"
        and (each["params"]["traceId"], each["params"]["kind"]) == (trace_id, "done")
    )


def _says_answered(message: Json, proposal_id: str) -> bool:
    if message.get("method") != "optafly/proposal":
        return False
    proposal = message["params"]["proposal"]
    return (proposal["id"], proposal["state"]) == (proposal_id, "answered")


async def answered(editor: Editor, trace_id: str) -> Json:
    """Return the answer that ends a trace, once its proposal is known as answered."""
    answer = (await editor.outcome(trace_id))["answer"]
    before = [id(each) for each in editor.speaker.heard[: _place(editor, trace_id)]]
    await editor.speaker.until(lambda each: id(each) not in before and _says_answered(each, answer["proposalId"]))
    return answer


async def asked(editor: Editor, **more: Any) -> Json:
    """Refine, accept, and return the answer."""
    return await answered(editor, (await editor.accept(await editor.refine(**more)))["traceId"])


async def served(editor: Editor, api: MessagesApi) -> tuple[Json, Json]:
    """Ask the same thing twice; return the answer that was paid for and the one from the cache."""
    api.next(Behaviour(text="The first answer."))
    return await asked(editor), await asked(editor)


async def offered(editor: Editor, api: MessagesApi, **more: Any) -> Json:
    """Ask, change the code, and refine the same prompt again: the first answer is offered."""
    api.next(Behaviour(text="The first answer."))
    await asked(editor)
    await editor.type(editor.uri("calc.py"), CODE.replace("a - b", "a - b - 0"))
    proposal = await editor.refine(**more)
    assert [each["prompt"] for each in proposal["reuse"]] == ["fix this"]
    return proposal


async def judge(editor: Editor, answer: Json, kind: str) -> Json:
    """Give a word on an answer by command."""
    argument = {"proposalId": answer["proposalId"], "entryId": answer["entryId"], "kind": kind}
    return await editor.speaker.command("optafly.feedback", argument)


@PROFILES
async def test_a_served_answer_is_regenerated_by_code_action_with_one_request_and_replaced(
    start: Start, folder: Path, api: MessagesApi, asking: dict[str, str], profile: str
) -> None:
    editor = await open_editor(await start(**asking), folder, profile)
    first, again = await served(editor, api)
    api.next(Behaviour(text="A better answer."))

    actions = await editor.actions(editor.uri("calc.py"), line=1)
    judged = await editor.run(actions["Regenerate"])
    fresh = await answered(editor, judged["traceId"])
    later = await asked(editor)

    assert (again["source"], again["text"]) == ("cache", first["text"])
    assert (fresh["source"], fresh["text"]) == ("provider", "A better answer.")
    assert (later["source"], later["text"]) == ("cache", "A better answer.")
    assert [request.body for request in api.requests] == [api.requests[0].body] * 2
    assert judged["proposal"]["digest"] in {
        each["proposal"]["digest"] for each in editor.speaker.all("optafly/proposal")
    }


@PROFILES
async def test_an_answer_that_was_reported_wrong_is_not_served_again(
    start: Start, folder: Path, api: MessagesApi, asking: dict[str, str], profile: str
) -> None:
    editor = await open_editor(await start(**asking), folder, profile)
    await served(editor, api)
    api.next(Behaviour(text="Another answer."))

    actions = await editor.actions(editor.uri("calc.py"), line=1)
    judged = await editor.run(actions["Wrong Answer"])
    left = await editor.actions(editor.uri("calc.py"), line=1)
    status = await editor.speaker.notified("optafly/status", lambda each: each["wrongReports"] == 1)
    later = await asked(editor)

    assert (judged["traceId"], judged["proposal"]["state"]) == (None, "answered")
    assert "Regenerate" in left
    assert "Wrong Answer" not in left
    assert status["hits"] == 1
    assert (later["source"], later["text"]) == ("provider", "Another answer.")


@PROFILES
async def test_actions_on_answers_have_a_command_that_the_server_lists_and_no_edit(
    start: Start, folder: Path, api: MessagesApi, asking: dict[str, str], profile: str
) -> None:
    editor = await open_editor(await start(**asking), folder, profile)
    await served(editor, api)
    given = await editor.actions(editor.uri("calc.py"), line=1)
    await offered(editor, api)
    at_offer = await editor.actions(editor.uri("calc.py"), line=1)

    actions = [*given.values(), *at_offer.values()]
    assert {"Regenerate", "Wrong Answer"} <= given.keys()
    assert "Not This One: “fix this”" in at_offer
    assert all("edit" not in each and each["command"]["command"] in COMMANDS for each in actions)


async def test_there_is_nothing_to_say_about_an_answer_that_was_paid_for(
    start: Start, folder: Path, asking: dict[str, str]
) -> None:
    editor = await open_editor(await start(**asking), folder, "visual-studio-code")

    await asked(editor)

    assert await editor.actions(editor.uri("calc.py"), line=1) == {}


async def test_an_answer_can_be_judged_after_a_restart_of_the_server(
    start: Start, folder: Path, home: Paths, api: MessagesApi, asking: dict[str, str]
) -> None:
    before = await open_editor(await start(**asking), folder, "zed")
    api.next(Behaviour(text="The first answer."))
    await asked(before)
    _, uri = await reviewed(before, home)
    approved = await before.run((await before.actions(uri))["Accept & Send"])
    await answered(before, approved["traceId"])
    text = await before.text_with(uri, "_From the cache: ")
    assert await before.speaker.shut_down() == 0
    path_of(uri).write_text(text, encoding="utf-8")

    after = await open_editor(await start(**asking), folder, "zed")
    await after.open_file(uri)
    await after.speaker.notified("optafly/status", lambda each: each["hits"] == 1)
    in_review = await after.actions(uri)
    in_code = await after.actions(after.uri("calc.py"), line=1)
    await after.run(in_review["Wrong Answer"])
    left = await after.actions(uri)
    still = after.texts[uri]
    api.next(Behaviour(text="A better answer."))
    judged = await after.run(left["Regenerate"])

    assert list(in_review) == ["Regenerate", "Wrong Answer"]
    assert {"Regenerate", "Wrong Answer"} <= in_code.keys()
    assert list(left) == ["Regenerate"]
    assert "The first answer." in still
    assert (await answered(after, judged["traceId"]))["text"] == "A better answer."


async def test_the_actions_on_an_answer_go_when_it_was_regenerated(
    start: Start, folder: Path, api: MessagesApi, asking: dict[str, str]
) -> None:
    editor = await open_editor(await start(**asking), folder, "visual-studio-code")
    _, answer = await served(editor, api)

    await answered(editor, (await judge(editor, answer, "regenerate"))["traceId"])

    assert await editor.actions(editor.uri("calc.py"), line=1) == {}


@PROFILES
async def test_an_offer_that_is_refused_goes_and_nothing_is_sent(
    start: Start, folder: Path, api: MessagesApi, asking: dict[str, str], profile: str
) -> None:
    editor = await open_editor(await start(**asking), folder, profile)
    proposal = await offered(editor, api)

    actions = await editor.actions(editor.uri("calc.py"), line=1)
    judged = await editor.run(actions["Not This One: “fix this”"])
    left = await editor.actions(editor.uri("calc.py"), line=1)

    assert judged["proposal"]["reuse"] == []
    assert (judged["proposal"]["state"], judged["proposal"]["digest"]) == ("proposed", proposal["digest"])
    assert not any(title.startswith(("Reuse", "Not This One")) for title in left)
    assert len(api.requests) == 1


async def test_an_offer_that_was_taken_can_be_undone_then_the_proposal_is_open_again(
    start: Start, folder: Path, api: MessagesApi, asking: dict[str, str]
) -> None:
    editor = await open_editor(await start(**asking), folder, "zed")
    proposal = await offered(editor, api)
    approved = await editor.run((await editor.actions(editor.uri("calc.py"), 1))["Reuse Answer to “fix this”"])
    taken = await answered(editor, approved["traceId"])

    judged = await editor.run((await editor.actions(editor.uri("calc.py"), line=1))["Regenerate"])
    told = editor.speaker.all("optafly/proposal")[-1]["proposal"]
    actions = await editor.actions(editor.uri("calc.py"), line=1)

    assert (taken["source"], taken["text"]) == ("cache", "The first answer.")
    assert judged["traceId"] is None
    assert (told["id"], told["state"], told["reuse"]) == (proposal["id"], "proposed", [])
    assert "Accept & Send" in actions
    assert len(api.requests) == 1


async def test_a_word_that_does_not_fit_is_refused_with_what_to_do(
    start: Start, folder: Path, api: MessagesApi, asking: dict[str, str]
) -> None:
    editor = await open_editor(await start(**asking), folder)
    proposal = await editor.refine()
    stranger = {"proposalId": proposal["id"], "entryId": "nobody"}

    with pytest.raises(Refused) as refused:
        await judge(editor, stranger, "wrong")
    with pytest.raises(Refused) as nonsense:
        await judge(editor, stranger, "perhaps")

    assert refused.value.data["code"] == "approval.state"
    assert refused.value.data["todo"]
    assert nonsense.value.code == -32602


@PROFILES
async def test_a_review_says_what_came_from_the_cache_and_takes_a_word_on_it(
    start: Start, folder: Path, home: Paths, api: MessagesApi, asking: dict[str, str], profile: str
) -> None:
    editor = await open_editor(await start(**asking), folder, profile)
    await served(editor, api)
    api.next(Behaviour(text="A better answer."))
    _, uri = await reviewed(editor, home)
    approved = await editor.run((await editor.actions(uri))["Accept & Send"])
    await editor.outcome(approved["traceId"])

    text = await editor.text_with(uri, "_From the cache: ")
    actions = await editor.actions(uri)
    await editor.run(actions["Wrong Answer"])
    reported = await editor.text_with(uri, "You reported this answer as wrong.")
    judged = await editor.run((await editor.actions(uri))["Regenerate"])
    await editor.outcome(judged["traceId"])
    fresh = await editor.text_with(uri, "A better answer.")

    assert list(actions) == ["Regenerate", "Wrong Answer"]
    assert text.index("# Answer") < text.index("_From the cache: ") < text.index("The first answer.")
    assert "Saved $" in text
    assert "The first answer." in reported
    assert "The first answer." not in fresh
    assert "You reported" not in fresh
    assert await editor.actions(uri) == {}
    assert len(api.requests) == 2


async def test_a_review_shows_an_offer_with_what_changed_in_the_code_and_lets_it_go(
    start: Start, folder: Path, home: Paths, api: MessagesApi, asking: dict[str, str]
) -> None:
    editor = await open_editor(await start(**asking), folder, "zed")
    proposal = await offered(editor, api, review=True)
    uri = (home.reviews / f"{proposal['id']}.prompt.md").as_uri()
    text = await editor.open_file(uri)

    await editor.run((await editor.actions(uri))["Not This One: “fix this”"])
    left = await editor.text_with(uri, "# Original")

    assert proposal["reuse"][0]["evidence"] in text
    assert "calc.py `add` has changed since:" in text
    assert "-    return a - b\n+    return a - b - 0" in text
    assert "> The first answer." in text
    assert "# Earlier answers" not in left
