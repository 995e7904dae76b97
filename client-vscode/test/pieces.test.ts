// @vitest-environment happy-dom
import { beforeEach, describe, expect, test, vi } from "vitest";
import { withRemoved, type Removed } from "../src/shared/model";
import { nameOf } from "../src/shared/code";
import type { Proposal } from "../src/protocol";
import { PieceGrid } from "../view/grid";
import { saidOf, showPinned } from "../view/pieces";
import { leftOut, piece } from "./samples";
import { actions, add, begin, draw, focused, grid, model, root, said } from "./section";

const removed = (name: string, also: Partial<Removed> = {}): Removed => ({
  name,
  label: name.toUpperCase(),
  unpinned: false,
  undo: "back",
  ...also,
});

const many = (count: number): Proposal["pieces"] =>
  Array.from({ length: count }, (_, at) => piece({ path: `src/file${at}.py`, symbol: `f${at}`, tokens: 10 }));

function press(key: string): void {
  document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

beforeEach(begin);

describe("the code that goes along", () => {
  test("each piece has its place, its symbol, why it was chosen, and its tokens", () => {
    const shown = draw(model({ pieces: [piece()] }));
    const row = shown.querySelector(".piece");
    expect(row?.querySelector(".place")?.textContent).toBe("till/bill.py:4–12");
    expect(row?.querySelector("code")?.textContent).toBe("shares");
    expect(row?.querySelector(".reason")?.textContent).toBe("defines shares, mentioned in the prompt");
    expect(row?.querySelector(".amount")?.textContent).toBe("80 tokens");
  });

  test("what matters most comes first, each file's together, and opens as the piece that it is", () => {
    const of = (path: string, rank: number, startLine = 1) =>
      piece({ path, uri: `file:///w/${path}`, symbol: `${path}${startLine}`, startLine, rank });
    const shown = draw(model({ pieces: [of("old.py", 3), of("new.py", 2), of("new.py", 0, 50), of("tax.py", 1)] }));
    const rows = [...shown.querySelectorAll(".piece")];
    expect(rows.map((row) => row.querySelector("code")?.textContent)).toEqual([
      "new.py1",
      "new.py50",
      "tax.py1",
      "old.py1",
    ]);
    expect(rows.map((row) => row.getAttribute("aria-rowindex"))).toEqual(["1", "2", "3", "4"]);
    rows.forEach((row) => row.querySelector<HTMLElement>("button")?.click());
    expect(said).toEqual(["open 1", "open 2", "open 3", "open 0"]);
  });

  test("what it takes of the budget is said and measured", () => {
    const shown = draw(model({ pieces: many(3), maxCodeTokens: 8000 }));
    expect(shown.querySelector(".budget")?.textContent).toBe("3 pieces, ≈ 30 of 8,000 tokens");
    const meter = shown.querySelector("[role=meter]");
    expect([meter?.getAttribute("aria-valuenow"), meter?.getAttribute("aria-valuemax")]).toEqual(["30", "8000"]);
    const over = draw(model({ pieces: [piece({ tokens: 9000, pinned: true })] }));
    expect(over.querySelector(".meter.over")).not.toBeNull();
  });

  test("a piece is opened, pinned and taken out by its buttons, which say what they are about", () => {
    const shown = draw(
      model({ pieces: [piece(), piece({ path: "till/tax.py", kind: "file", symbol: null, pinned: true })] }),
    );
    shown.querySelectorAll<HTMLElement>(".piece button:not(.preview)").forEach((button) => button.click());
    expect(said).toEqual([
      "open 0",
      "pin till/bill.py#shares",
      "remove till/bill.py#shares",
      "open 1",
      "unpin till/tax.py",
      "remove till/tax.py",
    ]);
    const pins = [...shown.querySelectorAll(".tool.pin")];
    expect(pins.map((each) => each.getAttribute("aria-label"))).toEqual([
      "Pin: never dropped: till/bill.py:4–12 shares",
      "Unpin: till/tax.py",
    ]);
    expect(pins.map((each) => each.hasAttribute("aria-pressed"))).toEqual([false, false]); // or it would be said twice
  });

  test("a piece that the prompt mentions cannot be unpinned, which is said; it can be taken out", () => {
    const shown = draw(
      model({ pieces: [piece({ path: "till/tax.py", kind: "file", pinned: true, mentioned: true })] }),
    );
    shown.querySelectorAll<HTMLElement>(".piece .pin, .piece .remove").forEach((button) => button.click());
    expect(said).toEqual(["remove till/tax.py"]);
    expect(shown.querySelector(".pin")?.getAttribute("title")).toContain("as long as the prompt mentions it");
    expect(shown.querySelector(".pin")?.getAttribute("aria-disabled")).toBe("true");
  });

  test("the list of more files can be taken out by words that say what it is, and has no pin", () => {
    const shown = draw(model({ pieces: [piece({ path: ".", kind: "skeleton", symbol: null })] }));
    shown.querySelectorAll<HTMLElement>(".piece .pin, .piece .remove").forEach((button) => button.click());
    expect(said).toEqual(["remove ."]);
    expect(shown.querySelector(".where")?.textContent).toBe("Names of more files");
    expect(shown.querySelector(".remove")?.getAttribute("aria-label")).toBe("Take out: names of more files");
  });

  test("what is sent of a piece can be read, folded until somebody asks, and stays unfolded", () => {
    const skeleton = piece({ kind: "skeleton", symbol: null, text: "till/bill.py\ndef shares(…)" });
    const shown = draw(model({ pieces: [skeleton, piece({ path: "b.py" })] }));
    expect(shown.querySelector(".piece")?.textContent).toContain("signatures only");
    expect(shown.querySelector("pre")).toBeNull();
    shown.querySelector<HTMLElement>(".tool.preview")?.click();
    expect(shown.querySelector("pre")?.textContent).toBe(skeleton.text);
    expect(shown.querySelector(".tool.preview")?.getAttribute("aria-expanded")).toBe("true");
    expect(draw(model({ pieces: [skeleton] })).querySelector("pre")?.textContent).toBe(skeleton.text);
    shown.querySelector<HTMLElement>(".tool.preview")?.click();
    expect(shown.querySelector("pre")).toBeNull();
  });

  test("what was taken out can be put back, the latest first", () => {
    const shown = draw(withRemoved(withRemoved(model({ pieces: [piece()] }), removed("a")), removed("b")));
    const buttons = [...shown.querySelectorAll<HTMLElement>(".taken-out button")];
    expect(buttons.map((each) => each.getAttribute("aria-label"))).toEqual(["Put B back", "Put A back"]);
    buttons.forEach((each) => each.click());
    expect(said).toEqual(["back b", "back a"]);
  });

  test("what was unpinned can be pinned again: here where it is gone, else by its own pin", () => {
    const unpinned = (name: string): Removed => removed(name, { unpinned: true, undo: "pin" });
    const shown = draw(
      withRemoved(withRemoved(model({ pieces: [piece()] }), unpinned("a")), unpinned("till/bill.py#shares")),
    );
    const buttons = [...shown.querySelectorAll<HTMLElement>(".taken-out button")];
    expect(buttons.map((each) => each.textContent)).toEqual(["Pin Again"]);
    buttons[0]?.click();
    expect(said).toEqual(["pin a"]);
    const before = model({ pieces: [piece()] });
    expect(saidOf(before, withRemoved(before, unpinned("a")))).toContain("Unpinned: A. Control Z pins it again.");
  });

  test("what was left out says why, folded, and can be added; what a person took out is not said twice", () => {
    const left = [
      leftOut({ path: "big.py", tokens: 9000, reason: "no room: the budget is full", symbol: "Big" }),
      leftOut({ path: "gone.py", tokens: 10, reason: "you took it out" }),
    ];
    const shown = draw(withRemoved(model({ pieces: [piece()], leftOut: left }), removed("gone.py")));
    const details = shown.querySelector("details");
    expect(details?.hasAttribute("open")).toBe(false);
    expect(details?.querySelector("summary")?.textContent).toBe("1 more left out");
    expect(details?.textContent).toContain("no room: the budget is full");
    details?.querySelectorAll("button").forEach((each) => each.click());
    expect(said).toEqual(["open big.py", "pin big.py#Big"]);
  });

  test("does nothing while a revision is on its way, and says that it is busy", () => {
    const shown = draw(model({ pieces: [piece()] }, { busy: true, removed: [removed("a")] }));
    expect(shown.querySelector("#pieces")?.getAttribute("aria-busy")).toBe("true");
    shown.querySelectorAll<HTMLElement>(".tool.pin, .tool.remove, .taken-out button").forEach((each) => each.click());
    expect(said).toEqual([]);
  });

  test("can only be read once nothing can be decided", () => {
    const shown = draw(
      model({ pieces: [piece()], leftOut: [leftOut(), leftOut({ path: "c.py", pin: "c.py" })] }),
      false,
    );
    shown.querySelectorAll<HTMLElement>("button").forEach((each) => each.click());
    expect(said).toEqual(["open 0", "open c.py", "open b.py"]);
    expect(shown.querySelector("#add-code")).toBeNull();
  });

  test("hundreds of pieces and very long names are all there, as text", () => {
    const long = `${"very/long/".repeat(40)}ファイル_ملف.py`;
    const shown = draw(model({ pieces: [...many(300), piece({ path: long, symbol: "<b>x</b>" })] }));
    expect(shown.querySelectorAll(".piece")).toHaveLength(301);
    expect(shown.querySelector("[role=grid]")?.getAttribute("aria-rowcount")).toBe("301");
    expect(shown.querySelectorAll("b")).toHaveLength(0);
    expect([...shown.querySelectorAll(".where")].at(-1)?.getAttribute("title")).toBe(long);
  });
});

test("in a workspace of several folders each piece says in which it is", () => {
  const here = piece();
  const there = piece({ path: "depot/ä b.py", uri: "file:///w/ware%20house/depot/%C3%A4%20b.py" });
  const list = piece({ path: ".", kind: "skeleton", symbol: null, uri: "file:///w" });
  expect(draw(model({ pieces: [here, list] })).textContent).not.toContain("in w");
  const notes = [...draw(model({ pieces: [here, there] })).querySelectorAll(".where > .muted")];
  expect(notes.map((each) => each.textContent)).toEqual(["in w", "in ware house"]);
});

test("a path that has its folder before it, for two folders have it, is in that folder, and not in the one around", () => {
  const [api, web] = ["api", "web"].map((name) =>
    piece({ path: `${name}/src/tax.py`, uri: `file:///w/${name}/src/tax.py` }),
  );
  const folders = ["file:///w/api", "file:///w/web"];
  const notes = [...draw(model({ pieces: [api!, web!] }, { folders })).querySelectorAll(".where > .muted")];
  expect(notes.map((each) => each.textContent)).toEqual(["in api", "in web"]);
});

test("what was pinned just now is brought into sight", () => {
  const scrolled = vi.spyOn(Element.prototype, "scrollIntoView").mockImplementation(() => undefined);
  const before = model({ pieces: many(3) });
  const pinned = many(3).map((each, at) => (at === 1 ? { ...each, pinned: true } : each));
  const next = model({ pieces: pinned, revision: 1 });
  draw(next);
  showPinned(before, next);
  expect(scrolled.mock.contexts.map((each) => (each as HTMLElement).dataset.name)).toEqual(["src/file1.py#f1"]);
  showPinned(next, next);
  expect(scrolled).toHaveBeenCalledTimes(1);
});

describe("the keyboard in the list", () => {
  beforeEach(() => draw(model({ pieces: many(5) })));

  const stops = (): number => root.querySelectorAll(".grid button[tabindex='0']").length;

  test("is one stop for Tab, with arrows inside", () => {
    expect(stops()).toBe(1);
    document.getElementById("open:src/file0.py#f0")?.focus();
    press("ArrowDown");
    expect(focused()).toBe("open:src/file1.py#f1");
    press("ArrowRight");
    press("ArrowRight");
    expect(focused()).toBe("pin:src/file1.py#f1");
    press("End");
    expect(focused()).toBe("pin:src/file4.py#f4");
    press("ArrowUp");
    press("Home");
    expect(focused()).toBe("pin:src/file0.py#f0");
    expect(stops()).toBe(1);
  });

  test("takes a piece out by Delete, and the focus is on the one that came into its place", () => {
    document.getElementById("open:src/file1.py#f1")?.focus();
    press("Delete");
    expect(said).toEqual(["remove src/file1.py#f1"]);
    const left = many(5).filter((each) => nameOf(each) !== "src/file1.py#f1");
    draw(model({ pieces: left }));
    expect(grid.restore()).toBe(true);
    expect(focused()).toBe("open:src/file2.py#f2");
  });

  test("says that nothing has the focus where the last piece was taken out", () => {
    document.getElementById("open:src/file4.py#f4")?.focus();
    draw(model({ pieces: [] }));
    expect(grid.restore()).toBe(false);
  });
});

test("a screen reader hears what was taken out, and nothing where nothing changed", () => {
  const before = model({ pieces: many(2) });
  const next = withRemoved(model({ pieces: many(1), revision: 1 }), removed("src/file1.py#f1", { label: "f1" }));
  expect(saidOf(before, next)).toBe("Taken out: f1. Control Z puts it back. 1 piece, 10 tokens.");
  expect(saidOf(before, model({ pieces: many(3) }))).toContain("has changed: 3 pieces, 30 tokens.");
  expect(saidOf(before, before)).toBeNull();
});

test("on a Mac the key that takes back is Command Z, on its button and in what is said", async () => {
  vi.resetModules();
  vi.stubGlobal("navigator", { userAgent: "Macintosh; Intel Mac OS X" });
  const view = await import("../view/pieces");
  const before = model();
  const next = withRemoved(before, removed("a"));
  const shown = view.codeSection(next, true, new PieceGrid(actions), add, actions) as HTMLElement;
  expect(shown.querySelector(".taken-out kbd")?.textContent).toBe("⌘Z");
  expect(view.saidOf(before, next)).toContain("Command Z puts it back");
  vi.unstubAllGlobals();
  vi.resetModules();
});
