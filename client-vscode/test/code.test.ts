import { beforeEach, describe, expect, test } from "vitest";
import type { Desk } from "../src/panel/desk";
import { openDesk, origin, settled, type FakeServer, type Panel } from "./fakes";
import { event, index, leftOut, piece, problem, proposal } from "./samples";

let server: FakeServer;
let panels: Panel[];
let desk: Desk;

beforeEach(() => {
  ({ server, panels, desk } = openDesk());
});

describe("the code that goes along", () => {
  beforeEach(() => desk.begin(origin));

  test("is taken out, and put back, by its name, and the panel knows what was taken out", async () => {
    panels[0]!.events.message({ type: "code", change: "remove", name: "till/bill.py#shares", label: "shares" });
    await settled();
    expect(server.refined.at(-1)).toEqual({ proposalId: "p1", remove: ["till/bill.py#shares"] });
    expect(panels[0]!.shown?.removed).toEqual([
      { name: "till/bill.py#shares", label: "shares", unpinned: false, undo: "back" },
    ]);
    panels[0]!.events.message({ type: "code", change: "back", name: "till/bill.py#shares", label: "shares" });
    await settled();
    expect(server.refined.at(-1)).toEqual({ proposalId: "p1", unpin: ["till/bill.py#shares"] });
    expect(panels[0]!.shown?.removed).toEqual([]);
  });

  test("that was pinned and is unpinned or taken out is pinned again when that is undone", async () => {
    server.reply = proposal({
      pieces: [
        piece({ pinned: true, pin: "till/bill.py#shares" }),
        piece({ path: "a.py", pinned: true, pin: "a.py#shares", mentioned: true }),
      ],
    });
    await desk.begin(origin);
    for (const [change, name] of [
      ["unpin", "till/bill.py#shares"],
      ["remove", "a.py#shares"],
    ] as const) {
      panels[1]!.events.message({ type: "code", change, name, label: name });
      await settled();
    }
    expect(server.refined.slice(2)).toEqual([
      { proposalId: "p1", unpin: ["till/bill.py#shares"] },
      { proposalId: "p1", remove: ["a.py#shares"] },
    ]);
    expect(panels[1]!.shown?.removed.map(({ unpinned, undo }) => [unpinned, undo])).toEqual([
      [true, "pin"],
      [false, "back"], // the prompt mentions it: it is pinned as soon as it is not taken out any more
    ]);
    panels[1]!.events.message({ type: "code", change: "pin", name: "till/bill.py#shares", label: "" });
    await settled();
    expect(panels[1]!.shown?.removed).toHaveLength(1);
  });

  test("comes back with its pin where that is taken out, and by itself where only a part of it is", async () => {
    const part = piece({ path: "big.py", kind: "lines", symbol: null, pinned: true, pin: "big.py" });
    const lost = leftOut({ path: "lost.py", pin: "lost.py" });
    server.reply = proposal({ pieces: [part], leftOut: [leftOut({ path: "big.py", pin: "big.py" }), lost] });
    await desk.begin(origin);
    for (const [change, name] of [
      ["remove", "big.py"],
      ["remove", "big.py:4-12"],
      ["unpin", "lost.py"],
    ] as const) {
      panels[1]!.events.message({ type: "code", change, name, label: name });
      await settled();
    }
    expect(panels[1]!.shown?.removed.map(({ name, undo }) => [name, undo])).toEqual([
      ["big.py", "pin"],
      ["big.py:4-12", "back"],
      ["lost.py", "pin"],
    ]);
  });

  test("is looked for again when a person asks, and only then", async () => {
    server.reply = proposal({ unfinished: true });
    await desk.begin(origin);
    desk.indexed(index({ state: "ready" }));
    expect(server.refined).toHaveLength(2);
    panels[1]!.events.message({ type: "lookAgain" });
    await settled();
    expect(server.refined.at(-1)).toEqual({ proposalId: "p1", lookAgain: true });
  });

  test("is asked for once, however often it is clicked while a revision is on its way", async () => {
    const message = { type: "code", change: "remove", name: "a.py", label: "a.py" } as const;
    panels[0]!.events.message(message);
    panels[0]!.events.message(message);
    panels[0]!.events.message({ ...message, change: "pin", name: "b.py" });
    expect(panels[0]!.shown?.busy).toBe(true);
    await settled();
    expect(server.refined).toHaveLength(2); // the prompt itself, and one removal
    expect(panels[0]!.shown?.busy).toBe(false);
  });

  test("is looked for once, and switched once, however often that is asked before the panel shows it", async () => {
    panels[0]!.events.message({ type: "lookAgain" });
    panels[0]!.events.message({ type: "lookAgain" });
    panels[0]!.events.message({ type: "switch", without: ["c1"] });
    await settled();
    expect(server.refined.slice(1)).toEqual([{ proposalId: "p1", lookAgain: true }]);
    expect(panels[0]!.shown?.busy).toBe(false);
  });

  test("cannot be approved before the revision without it has come", async () => {
    panels[0]!.events.message({ type: "code", change: "remove", name: "a.py", label: "a.py" });
    panels[0]!.events.message({ type: "accept" });
    await settled();
    expect(server.approved).toEqual([]);
  });

  test("stays as it was where the server refused, which is said", async () => {
    server.fails = { data: problem };
    panels[0]!.events.message({ type: "code", change: "remove", name: "a.py", label: "a.py" });
    await settled();
    expect(panels[0]!.shown).toMatchObject({ removed: [], problem, busy: false });
  });

  test("can be added from the palette while its panel is the current one, and the panel is shown", async () => {
    await desk.add("till/bill.py", "bill.py");
    expect(server.refined.at(-1)).toEqual({ proposalId: "p1", pin: ["till/bill.py"] });
    expect(panels[0]!.revealed).toBe(1);
    desk.answer(event("delta", { text: "" }));
    expect(await desk.add("till/tax.py", "tax.py")).toContain("being answered");
    expect(server.refined).toHaveLength(2);
  });

  test("is not added where it cannot be, and why is said, with what to do", async () => {
    panels[0]!.events.message({ type: "editing", on: true });
    expect(await desk.add("a.py", "a.py")).toBe("The prompt is being edited. Finish that, or go back, then try again.");
    panels[0]!.events.message({ type: "editing", on: false });
    desk.take(proposal({ question: "Which file?" }));
    expect(await desk.add("a.py", "a.py")).toContain("Answer it, then try again.");
    desk.take(proposal({ state: "discarded" }));
    expect(await desk.add("a.py", "a.py")).toContain("discarded already");
    panels[0]!.events.closed();
    expect(await desk.add("a.py", "a.py")).toContain("There is no prompt under review.");
    expect(server.refined).toHaveLength(1);
  });

  test("can be added by a command while a revision is on its way: each takes its turn, and none is lost", async () => {
    panels[0]!.events.message({ type: "code", change: "remove", name: "a.py", label: "a.py" });
    const added = await Promise.all([desk.add("b.py", "b.py"), desk.add("c.py", "c.py")]);
    expect(added).toEqual([null, null]);
    expect(server.refined.slice(1)).toEqual([
      { proposalId: "p1", remove: ["a.py"] },
      { proposalId: "p1", pin: ["b.py"] },
      { proposalId: "p1", pin: ["c.py"] },
    ]);
  });

  test("can be added by a command though the one before failed", async () => {
    const panel = panels[0]!;
    panel.reveal = () => {
      throw new Error("Webview is disposed");
    };
    await expect(desk.add("b.py", "b.py")).rejects.toThrow("disposed");
    panel.reveal = () => undefined;
    expect(await desk.add("c.py", "c.py")).toBeNull();
  });

  test("that was taken out is still taken out, and can be put back, when the prompt is refined again", async () => {
    panels[0]!.events.message({ type: "code", change: "remove", name: "a.py", label: "a.py" });
    await settled();
    server.reply = proposal({ id: "p2" });
    server.fails = null;
    desk.answer(event("failed", { problem: { ...problem, code: "approval.stale" } }));
    panels[0]!.events.message({ type: "again" });
    await settled();
    expect(panels[0]!.shown).toMatchObject({ proposal: { id: "p2" }, removed: [{ name: "a.py" }] });
  });
});

test("every panel hears how far the index is, also one that opens later", async () => {
  await desk.begin(origin);
  desk.indexed(index({ state: "reading", done: 3, total: 9 }));
  expect(panels[0]!.shown?.index?.roots[0]?.done).toBe(3);
  await desk.begin(origin);
  expect(panels[1]!.shown?.index?.roots[0]?.done).toBe(3);
});
