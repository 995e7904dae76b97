// @vitest-environment happy-dom
// Two windows with one proposal: what another window does with it, as this one shows it.
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Desk } from "../src/panel/desk";
import { loading, mayFollow, withEvent, withProposal, type PanelModel } from "../src/shared/model";
import { arrived } from "../view/arrival";
import { actionBar, type Handlers } from "../view/buttons";
import { h } from "../view/dom";
import { pressed } from "../view/keys";
import { openDesk, origin, settled, type FakeServer, type Panel } from "./fakes";
import { answer, event, problem, proposal } from "./samples";

let server: FakeServer;
let panels: Panel[];
let desk: Desk;

beforeEach(() => {
  ({ server, panels, desk } = openDesk());
});

test("what another window changed is shown before anything is decided on it", async () => {
  await desk.begin(origin);
  server.refuses = { data: { ...problem, code: "approval.stale" } };
  server.reply = proposal({ revision: 3, refined: "theirs" });
  panels[0]!.events.message({ type: "accept" });
  await settled();
  expect(panels[0]!.shown).toMatchObject({ phase: "review", proposal: { refined: "theirs" }, busy: false });
  expect(panels[0]!.shown?.problem?.code).toBe("approval.stale");
});

test("who accepts what another window sent waits for its answer, and nothing is asked for twice", async () => {
  await desk.begin(origin);
  server.approval = { ...server.approval, state: "sent", traceId: "t1" };
  panels[0]!.events.message({ type: "accept" });
  await settled();
  expect(panels[0]!.shown).toMatchObject({ phase: "sending", busy: false });
  server.reply = proposal({ state: "sent" });
  desk.answer(event("cancelled"));
  await settled();
  expect(panels[0]!.shown).toMatchObject({ phase: "elsewhere", busy: false });
  panels[0]!.events.message({ type: "follow" });
  await settled();
  expect([server.approved.length, server.followed.length]).toEqual([1, 1]);
  desk.answer(event("done", { answer }));
  desk.take(proposal({ state: "answered" }));
  expect(panels[0]!.shown).toMatchObject({ phase: "answered", answerText: answer.text });
});

test.each(["sent", "answered"] as const)("the answer to what is %s elsewhere is shown by one click", async (state) => {
  await desk.begin(origin);
  server.reply = proposal({ state });
  await desk.refresh();
  expect(panels[0]!.shown).toMatchObject({ phase: "elsewhere", problem: null });
  panels[0]!.events.message({ type: "follow" });
  await settled();
  expect([server.followed, server.approved]).toEqual([["p1"], []]);
  expect(panels[0]!.shown).toMatchObject({ phase: "sending", answerText: "" });
  desk.answer(event("done", { answer }));
  expect(panels[0]!.shown).toMatchObject({ phase: "answered", answerText: answer.text });
});

test.each([
  ["done", { answer }, "answered"],
  ["failed", { problem: { ...problem, code: "approval.elsewhere" } }, "elsewhere"],
  ["failed", { problem }, "failed"],
] as const)("an end (%s) that is told before the server has said that it tells it stays", async (kind, more, phase) => {
  await desk.begin(origin);
  server.reply = proposal({ state: "sent" });
  await desk.refresh();
  vi.spyOn(server, "follow").mockImplementation((proposalId) => {
    desk.answer(event(kind, more));
    return Promise.resolve({ proposalId, traceId: "t2" });
  });
  panels[0]!.events.message({ type: "follow" });
  await settled();
  expect(panels[0]!.shown).toMatchObject({ phase, busy: false });
});

test("an answer that only the other window has is not asked for again and again", async () => {
  await desk.begin(origin);
  server.reply = proposal({ state: "answered" });
  await desk.refresh();
  panels[0]!.events.message({ type: "follow" });
  await settled();
  desk.answer(event("failed", { problem: { ...problem, code: "approval.elsewhere" } }));
  desk.take(server.reply);
  expect(panels[0]!.shown).toMatchObject({ phase: "elsewhere", problem: { code: "approval.elsewhere" } });
  expect(mayFollow(panels[0]!.shown!)).toBe(false);
  panels[0]!.events.message({ type: "follow" });
  await settled();
  expect(server.followed).toEqual(["p1"]);
});

test("what another window decided otherwise is said, and is refined anew where a person asks", async () => {
  await desk.begin(origin);
  const shown = vi.spyOn(panels[0]!, "show");
  server.refuses = { data: { ...problem, code: "approval.state" } };
  server.reply = proposal({ state: "sent" });
  panels[0]!.events.message({ type: "accept" });
  await settled();
  expect(new Set(shown.mock.calls.map(([{ phase }]) => phase))).toEqual(new Set(["review", "elsewhere"]));
  expect(shown.mock.calls.every(([model]) => model.problem === null)).toBe(true); // nobody is asked to try again first
  server.reply = proposal({ id: "p2" });
  panels[0]!.events.message({ type: "again" });
  await settled();
  expect([server.refined.at(-1), server.approved.length]).toEqual([origin.params, 1]);
});

test("a panel whose proposal another window is sending does not wait for ever after a restart", async () => {
  await desk.begin(origin);
  server.reply = proposal({ state: "sent" });
  await desk.refresh();
  expect(panels[0]!.shown).toMatchObject({ phase: "elsewhere", busy: false });
});

test("a person who sends while it is asked how the proposal stands is not told that another window did", async () => {
  await desk.begin(origin);
  server.reply = proposal({ state: "sent" });
  const asked = desk.refresh();
  desk.take(proposal({ state: "sent" }));
  desk.answer(event("delta", { text: "Divide" }));
  await asked;
  expect(panels[0]!.shown).toMatchObject({ phase: "sending", answerText: "Divide", problem: null });
});

test("a panel kept over a restart learns from the server how its proposal stands", async () => {
  await desk.begin(origin);
  server.reply = proposal({ state: "answered" });
  await desk.refresh();
  expect(server.refined.at(-1)).toEqual({ proposalId: "p1" });
  expect(panels[0]!.shown).toMatchObject({ phase: "elsewhere", answerText: "" });
});

describe("what was sent elsewhere", () => {
  const elsewhere = withProposal(loading(""), proposal({ state: "answered" }));
  const lost = withEvent(elsewhere, event("failed", { problem: { ...problem, code: "approval.elsewhere" } }));

  function labels(model: PanelModel): readonly (string | null)[] {
    const bar = h("div", {}, actionBar(model, false, false, {} as Handlers));
    return [...bar.querySelectorAll("button")].map((each) => each.textContent);
  }

  test("has one button for its answer and one for another prompt, and one key for the first", () => {
    expect(labels(elsewhere)).toEqual(["Show AnswerCtrl+Enter", "Refine Again"]);
    const press = { key: "Enter", ctrlKey: true, metaKey: false, altKey: false, shiftKey: false };
    expect(pressed({ ...press, repeat: false, isComposing: false }, "elsewhere", "elsewhere")).toBe("follow");
  });

  test("and is remembered nowhere promises no answer", () => {
    expect(labels(lost)).toEqual(["Refine Again"]);
    expect(arrived(elsewhere)).toContain("can be shown here");
    expect(arrived(lost)).toBeNull();
  });
});
