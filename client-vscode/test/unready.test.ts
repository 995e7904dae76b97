// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from "vitest";
import type { Proposal } from "../src/protocol";
import { indexing } from "../src/shared/indexing";
import type { PanelModel } from "../src/shared/model";
import { saidOf, showIndex } from "../view/pieces";
import { index, piece } from "./samples";
import { actions, begin, draw, focused, model, said } from "./section";

beforeEach(begin);

describe("without code, or before the index is there", () => {
  const note = (also: Partial<PanelModel>, changed: Partial<Proposal> = {}): string =>
    draw(model(changed, also)).querySelector("#index-note")?.textContent ?? "";

  test.each([
    ["no folder", { index: index() }, {}, "No folder is open"],
    [
      "being made",
      { index: index({ state: "reading", done: 1240, total: 9800 }) },
      {},
      "Indexing 1,240 of 9,800 files",
    ],
    [
      "failed",
      { index: index({ state: "failed", message: "the disk is full" }) },
      {},
      "till could not be made: the disk is full.",
    ],
    [
      "failed in one of two folders",
      { index: index({ state: "failed", message: "it is gone." }, {}) },
      {},
      "till could not be made: it is gone. What else is open in the workspace was searched.",
    ],
    ["off", { index: null }, { maxCodeTokens: 0 }, "Your settings send no code"],
    [
      "switched off",
      { index: index({ state: "closed", message: "Switched off: see `context.workspace`." }) },
      {},
      "The workspace is not searched. Switched off: see context.workspace.",
    ],
    ["nothing found", { index: index({}) }, {}, "Nothing in the workspace was found"],
  ])("%s is said in words", (_name, also, changed, words) => {
    expect(note(also, changed)).toContain(words);
  });

  test("the file that the prompt is about is one click away, where it is in the workspace", () => {
    const empty = { pieces: [], uri: "file:///w/my%20till/bill.py" };
    const button = (changed: Partial<Proposal>, also: Partial<PanelModel> = {}): HTMLElement | null =>
      draw(model(changed, { index: index({}), folders: ["file:///w"], ...also })).querySelector("#add-open");
    expect(button(empty)?.textContent).toBe("Add bill.py");
    button(empty)?.click();
    button(empty, { busy: true })?.click();
    expect(said).toEqual(["add open"]);
    expect(button({ ...empty, uri: "file:///elsewhere/bill.py" })).toBeNull();
    expect(button({ ...empty, uri: null })).toBeNull();
    expect(button({ ...empty, maxCodeTokens: 0 })).toBeNull();
    expect(button(empty, { phase: "sending" })).toBeNull();
    expect(button({ ...empty, pieces: [piece()] })).toBeNull();
  });

  test("where indexing is stopped, it is resumed from here, also without the mouse", () => {
    const stopped = model({ pieces: [piece()] }, { index: index({ state: "cancelled", done: 3, total: 9 }) });
    const shown = draw(stopped);
    const button = (): HTMLElement | null => document.getElementById("resume-indexing");
    expect(shown.querySelector("#index-note")?.textContent).toContain(
      "Indexing is stopped: 3 of 9 files can be found.",
    );
    button()?.focus();
    button()?.click();
    expect(said).toEqual(["resume indexing"]);
    showIndex(stopped, { ...stopped, index: index({ state: "cancelled", done: 4, total: 9 }) }, actions);
    expect(focused()).toBe("resume-indexing");
    showIndex(stopped, { ...stopped, index: index({ state: "reading", done: 4, total: 9 }) }, actions);
    expect([button(), focused()]).toEqual([null, "add-code"]);
  });

  test("the words go where there is nothing to say", () => {
    const shown = draw(model({ pieces: [piece()] }, { index: index({}) }));
    expect(shown.querySelector("#index-note")?.className).toBe("hidden");
  });
});

describe("code that was chosen before the index was ready", () => {
  const [making, ready] = [index({ state: "reading", done: 3, total: 9 }), index({ state: "ready" })];
  const before = (): PanelModel => model({ pieces: [piece()], unfinished: true }, { index: making });
  const button = (): HTMLElement | null => document.getElementById("look-again");

  test("is not looked for twice at once, and that nothing more was found is said", () => {
    const late = model({ unfinished: true }, { index: index({ state: "ready" }) });
    draw({ ...late, busy: true });
    button()?.click();
    expect([button()?.getAttribute("aria-disabled"), said]).toEqual(["true", []]);
    expect(saidOf(late, model())).toBe("The index has no more code for this prompt.");
    expect(saidOf(late, late)).toBeNull();
  });

  test("is looked for again by a button once it is, and not before; nothing else moves", () => {
    draw(before());
    expect(button()).toBeNull();
    const row = document.querySelector(".piece");
    const told = showIndex(before(), { ...before(), index: ready }, actions);
    expect(told).toContain("Look Again");
    expect(document.querySelector(".piece")).toBe(row);
    button()?.click();
    expect(said).toEqual(["look again"]);
  });

  test("keeps its button, and the focus on it, while the index says more; it is told once", () => {
    const next = { ...before(), index: ready };
    draw(next);
    button()?.focus();
    expect(showIndex(next, { ...next, index: index({ state: "ready", files: 12 }) }, actions)).toBeNull();
    expect(focused()).toBe("look-again");
  });

  test("has no such button where all of the index was asked, where nothing can be changed, or without code", () => {
    const none = [
      model({ pieces: [piece()] }, { index: ready }),
      { ...before(), index: ready, phase: "sending" as const },
      model({ unfinished: true, maxCodeTokens: 0 }, { index: ready }),
    ];
    for (const each of none) {
      draw(each);
      expect(button()).toBeNull();
    }
  });
});

describe("the index in words", () => {
  test("adds up every root, and keeps quiet about meanings that are still being made", () => {
    const two = index({ state: "reading", done: 10, total: 100 }, { state: "reading", done: 5, total: 50 });
    expect(indexing(two)).toEqual({ kind: "making", words: "Indexing 15 of 150 files" });
    expect(indexing(index({ state: "lexical", done: 3, total: 10 }))).toMatchObject({ kind: "ready" });
    expect(indexing(index({ state: "scanning" }))?.words).toBe("Looking for files to index");
    expect(indexing(null)).toBeNull();
  });

  test("names what could not be read, and where that is listed", () => {
    expect(indexing(index({ skipped: 2 }))?.words).toContain("2 files could not be read: `optafly doctor` names them.");
  });
});
