import { beforeEach, describe, expect, test } from "vitest";
import type { Desk } from "../src/panel/desk";
import { loading, withProposal, type PanelModel } from "../src/shared/model";
import { openDesk, origin, Panel, settled, type FakeServer } from "./fakes";
import { answer, event, leftOut, offer, piece, problem, proposal, served } from "./samples";

let server: FakeServer;
let panels: Panel[];
let desk: Desk;

beforeEach(() => {
  ({ server, panels, desk } = openDesk());
});

describe("the desk", () => {
  test("a new prompt is shown loading, then as its proposal", async () => {
    const begun = desk.begin(origin);
    expect(panels[0]!.shown?.phase).toBe("loading");
    await begun;
    expect(panels[0]!.shown?.phase).toBe("review");
    expect(desk.canSend).toBe(true);
  });

  test("accepting approves the digest that was shown, and sends it", async () => {
    await desk.begin(origin);
    panels[0]!.events.message({ type: "accept" });
    await settled();
    expect(server.approved).toEqual([
      { proposalId: "p1", digest: "refined-digest", decision: "accept", entryId: null, send: true },
    ]);
  });

  test("the original is approved by the original's digest", async () => {
    await desk.begin(origin);
    panels[0]!.events.message({ type: "original" });
    await settled();
    expect(server.approved[0]).toMatchObject({ digest: "original-digest", decision: "original", send: true });
  });

  test("discarding sends nothing", async () => {
    await desk.begin(origin);
    panels[0]!.events.message({ type: "discard" });
    await settled();
    expect(server.approved[0]).toMatchObject({ decision: "discard", send: false });
  });

  test("what was already sent cannot be accepted again", async () => {
    await desk.begin(origin);
    desk.take(proposal({ state: "sent" }));
    panels[0]!.events.message({ type: "accept" });
    await settled();
    expect(server.approved).toEqual([]);
  });

  test("trying again repeats the same decision", async () => {
    await desk.begin(origin);
    panels[0]!.events.message({ type: "original" });
    await settled();
    desk.answer(event("failed", { problem }));
    panels[0]!.events.message({ type: "again" });
    await settled();
    expect(server.approved.map((each) => each.decision)).toEqual(["original", "original"]);
  });

  test("what was sent from elsewhere is shown again, not sent again, when it failed", async () => {
    await desk.begin(origin);
    desk.take(proposal({ state: "sent" }));
    desk.answer(event("failed", { problem }));
    panels[0]!.events.message({ type: "again" });
    await settled();
    expect(server.approved).toEqual([]);
    expect(panels[0]!.shown).toMatchObject({ phase: "review", problem: null });
  });

  test("what was chosen by code action can be tried again", async () => {
    await desk.begin(origin);
    desk.chose({ proposalId: "p1", digest: "original-digest", decision: "original" });
    desk.take(proposal({ state: "sent" }));
    desk.answer(event("failed", { problem }));
    panels[0]!.events.message({ type: "again" });
    await settled();
    expect(server.approved.map((each) => each.decision)).toEqual(["original"]);
  });

  test("a decision on one revision is never repeated on another", async () => {
    await desk.begin(origin);
    panels[0]!.events.message({ type: "accept" });
    await settled();
    desk.take(proposal({ revision: 1, digest: "other" }));
    desk.take(proposal({ revision: 1, digest: "other", state: "sent" }));
    desk.answer(event("failed", { problem }));
    panels[0]!.events.message({ type: "again" });
    await settled();
    expect(server.approved).toHaveLength(1);
  });

  test("two decisions at once are one", async () => {
    await desk.begin(origin);
    panels[0]!.events.message({ type: "accept" });
    panels[0]!.events.message({ type: "original" });
    await settled();
    expect(server.approved.map((each) => each.decision)).toEqual(["accept"]);
  });

  test("Send Prompt sends nothing while the prompt is being edited", async () => {
    await desk.begin(origin);
    panels[0]!.events.message({ type: "editing", on: true });
    await desk.sendPrompt();
    expect([desk.canSend, server.approved]).toEqual([false, []]);
    panels[0]!.events.message({ type: "editing", on: false });
    await desk.sendPrompt();
    expect(server.approved).toHaveLength(1);
  });

  test("Send Prompt shows a panel that cannot be seen before it sends", async () => {
    await desk.begin(origin);
    panels[0]!.visible = false;
    await desk.sendPrompt();
    expect([panels[0]!.revealed, server.approved]).toEqual([1, []]);
  });

  test("a stale approval refines the prompt anew", async () => {
    await desk.begin(origin);
    server.fails = { data: { ...problem, code: "approval.stale" } };
    panels[0]!.events.message({ type: "accept" });
    await settled();
    expect(panels[0]!.shown).toMatchObject({ phase: "review", problem: { code: "approval.stale" } });
    server.fails = null;
    panels[0]!.events.message({ type: "again" });
    await settled();
    expect(server.refined).toEqual([origin.params, { proposalId: "p1" }, origin.params]);
    expect(panels[0]!.shown?.problem).toBeNull();
  });

  test("a prompt that is refined anew keeps its pins, and what was taken out stays so", async () => {
    server.reply = proposal({
      pieces: [piece({ pin: "a.py" }), piece({ pin: "a.py" }), piece({ pin: "said.py", mentioned: true })],
      leftOut: [leftOut({ pin: "lost.py" }), leftOut()],
    });
    await desk.begin(origin);
    panels[0]!.events.message({ type: "code", change: "remove", name: "b.py", label: "b.py" });
    await settled();
    panels[0]!.events.message({ type: "discard" });
    desk.take(proposal({ ...server.reply, state: "discarded" }));
    await settled();
    server.reply = proposal({ id: "p2" });
    panels[0]!.events.message({ type: "again" });
    await settled();
    expect(server.refined.at(-1)).toEqual({ ...origin.params, pin: ["a.py", "lost.py"], remove: ["b.py"] });
    expect(panels[0]!.shown).toMatchObject({ proposal: { id: "p2" }, removed: [{ name: "b.py" }] });
  });

  test("a question is answered once, however often that is sent before the panel shows it", async () => {
    server.reply = proposal({ question: "Which file?" });
    await desk.begin(origin);
    server.reply = proposal({ id: "p2" });
    panels[0]!.events.message({ type: "answerQuestion", text: "stats.py" });
    panels[0]!.events.message({ type: "answerQuestion", text: "stats.py" });
    await settled();
    expect(server.refined).toHaveLength(2);
  });

  test("answering the question asks about the same place, in the same panel, and discards the vague proposal", async () => {
    server.reply = proposal({ question: "Which file?" });
    await desk.begin(origin);
    server.reply = proposal({ id: "p2" });
    panels[0]!.events.message({ type: "answerQuestion", text: "stats.py" });
    await settled();
    expect(server.refined[1]).toEqual({ ...origin.params, prompt: "fix this\n\nstats.py" });
    expect(server.approved).toEqual([{ proposalId: "p1", digest: "refined-digest", decision: "discard" }]);
    expect(panels).toHaveLength(1);
    expect(panels[0]!.shown).toMatchObject({ phase: "review", proposal: { id: "p2" } });
  });

  test("an answer whose panel was closed opens one", async () => {
    await desk.begin(origin);
    panels[0]!.events.closed();
    expect(desk.canSend).toBe(false);
    desk.take(proposal({ state: "sent" }));
    desk.answer(event("delta", { text: "Divide" }));
    expect(panels).toHaveLength(2);
    expect(panels[1]!.shown).toMatchObject({ phase: "sending", answerText: "Divide" });
    desk.answer(event("done", { answer }));
    expect(panels[1]!.shown?.phase).toBe("answered");
  });

  test("a proposal made elsewhere opens no panel by itself", () => {
    desk.take(proposal());
    expect(panels).toEqual([]);
  });

  test("a server that stops fails what was under way and nothing else", async () => {
    await desk.begin(origin);
    desk.serverStopped();
    expect(panels[0]!.shown?.phase).toBe("review");
    desk.answer(event("delta", { text: "Divide" }));
    desk.serverStopped();
    expect(panels[0]!.shown).toMatchObject({ phase: "failed", problem: { code: "client.stopped" } });
  });

  test("a prompt that comes while the server starts is refined once it has", async () => {
    let started: (runs: boolean) => void = () => undefined;
    server.ready = () => new Promise((resolve) => (started = resolve));
    const refined = desk.begin(origin);
    await settled();
    expect(server.refined).toEqual([]);
    expect(panels[0]!.shown).toMatchObject({ phase: "loading", problem: null });
    started(true);
    await refined;
    expect(panels[0]!.shown?.phase).toBe("review");
  });

  test("nothing is asked of a server that does not run", async () => {
    server.running = false;
    await desk.begin(origin);
    expect(server.refined).toEqual([]);
    expect(panels[0]!.shown).toMatchObject({ phase: "failed", problem: { code: "client.no_server" } });
  });

  test.each([
    [
      "a selection",
      6,
      {
        cursor: { line: 6, character: 2 },
        selection: { start: { line: 4, character: 0 }, end: { line: 6, character: 2 } },
      },
    ],
    ["a place", 4, { cursor: { line: 4, character: 0 } }],
  ])("what was kept over a restart is refined anew about %s, as it was", async (_, line, place) => {
    const range = { start: { line: 4, character: 0 }, end: { line, character: line === 4 ? 0 : 2 } };
    const kept = proposal({ state: "discarded", range });
    desk.restore({ ...withProposal(loading(""), kept), busy: false }, (events) => {
      panels.push(new Panel(events));
      return panels[0]!;
    });
    panels[0]!.events.message({ type: "again" });
    await settled();
    expect(server.refined).toEqual([{ prompt: kept.original, uri: kept.uri, languageId: "python", ...place }]);
  });

  test("a restored panel that was waiting says that it was cut off", () => {
    const model: PanelModel = {
      phase: "sending",
      prompt: "fix this",
      proposal: proposal({ state: "sent" }),
      busy: false,
      answerText: "half",
      answer: null,
      problem: null,
      target: null,
      chosen: null,
      reported: false,
      removed: [],
      index: null,
      folders: [],
    };
    desk.restore(model, (events) => {
      panels.push(new Panel(events));
      return panels[0]!;
    });
    expect(panels[0]!.shown).toMatchObject({
      phase: "failed",
      answerText: "half",
      problem: { code: "client.stopped" },
    });
  });
});

describe("an answer from the cache", () => {
  beforeEach(async () => {
    await desk.begin(origin);
    desk.take(proposal({ state: "answered" }));
    desk.answer(event("done", { answer: served }));
  });

  test("is regenerated in one step: the same bytes are on their way, and nothing is shown in between", async () => {
    server.word = { proposal: proposal({ state: "accepted" }), traceId: "t2" };
    panels[0]!.events.message({ type: "regenerate" });
    await settled();
    expect(server.judged).toEqual([{ proposalId: "p1", entryId: "e1", kind: "regenerate" }]);
    expect(panels[0]!.shown).toMatchObject({ phase: "sending", answerText: "", answer: null, busy: false });
    desk.answer(event("done", { answer }));
    expect(panels[0]!.shown).toMatchObject({ phase: "answered", answer: { source: "provider" } });
    expect(server.approved).toEqual([]);
  });

  test("that was chosen is decided on again when it is not wanted any more", async () => {
    server.word = { proposal: proposal({ state: "proposed", reuse: [] }), traceId: null };
    panels[0]!.events.message({ type: "regenerate" });
    await settled();
    expect(panels[0]!.shown).toMatchObject({ phase: "review", answerText: "", proposal: { reuse: [] } });
    expect(server.approved).toEqual([]);
  });

  test("is reported wrong once, and stays to be read", async () => {
    panels[0]!.events.message({ type: "wrong" });
    await settled();
    panels[0]!.events.message({ type: "wrong" });
    await settled();
    expect(server.judged).toEqual([{ proposalId: "p1", entryId: "e1", kind: "wrong" }]);
    expect(panels[0]!.shown).toMatchObject({ phase: "answered", reported: true, answerText: served.text });
  });

  test("that was reported wrong by code action says so in its panel", () => {
    desk.judged({ proposalId: "p1", entryId: "another", kind: "wrong" }, server.word);
    expect(panels[0]!.shown?.reported).toBe(false);
    desk.judged({ proposalId: "p1", entryId: "e1", kind: "wrong" }, server.word);
    expect(panels[0]!.shown?.reported).toBe(true);
  });

  test("that a code action regenerates is on its way in the panel as well, and cannot be regenerated twice", async () => {
    const sent = { proposal: proposal({ state: "accepted" }), traceId: "t2" };
    desk.judged({ proposalId: "p1", entryId: "e1", kind: "regenerate" }, sent);
    expect(panels[0]!.shown?.phase).toBe("sending");
    expect(panels[0]!.shown?.answerText).toBe("");
    panels[0]!.events.message({ type: "regenerate" });
    await settled();
    expect(server.judged).toEqual([]);
  });

  test("can be judged from the palette while its panel is the current one", async () => {
    expect(desk.servedAnswer).toBe(true);
    await desk.judge(desk.current, "wrong");
    expect(server.judged).toHaveLength(1);
    panels[0]!.events.closed();
    expect(desk.servedAnswer).toBe(false);
    await desk.judge(desk.current, "regenerate");
    expect(server.judged).toHaveLength(1);
  });

  test("says why where its judgement was refused, and stays", async () => {
    server.fails = { data: problem };
    panels[0]!.events.message({ type: "wrong" });
    await settled();
    expect(panels[0]!.shown).toMatchObject({ phase: "answered", problem, reported: false, answerText: served.text });
  });

  test("is the provider's to answer anew, so nothing of it can be judged", async () => {
    desk.answer(event("done", { answer }));
    panels[0]!.events.message({ type: "wrong" });
    panels[0]!.events.message({ type: "regenerate" });
    await settled();
    expect(server.judged).toEqual([]);
  });
});

test("an offer that is not wanted goes, and the others stay", async () => {
  server.reply = proposal({ reuse: [offer(), offer({ entryId: "e2" })] });
  await desk.begin(origin);
  server.word = { proposal: proposal({ reuse: [offer({ entryId: "e2" })] }), traceId: null };
  panels[0]!.events.message({ type: "refuse", entryId: "e1" });
  await settled();
  panels[0]!.events.message({ type: "refuse", entryId: "e1" }); // the second of two clicks, on what the panel had shown
  await settled();
  expect(server.judged).toEqual([{ proposalId: "p1", entryId: "e1", kind: "refused" }]);
  expect(panels[0]!.shown?.proposal?.reuse.map((each) => each.entryId)).toEqual(["e2"]);
  expect(server.approved).toEqual([]);
});

test("what was approved is on its way at once, so that it can be stopped before the first word", async () => {
  await desk.begin(origin);
  server.approval = { proposalId: "p1", state: "accepted", digest: "refined-digest", traceId: "t1" };
  panels[0]!.events.message({ type: "accept" });
  await settled();
  expect(panels[0]!.shown?.phase).toBe("sending");
  panels[0]!.events.message({ type: "cancel" });
  await settled();
  expect(server.cancelled).toEqual(["p1"]);
});
