import { beforeEach, describe, expect, test, vi } from "vitest";
import { IndexNotices } from "../src/indexing";
import { addByName, addFiles, completions, itemsOf, nameOfFile } from "../src/panel/adding";
import type { Desk } from "../src/panel/desk";
import type { CompleteParams } from "../src/protocol";
import { settled } from "./fakes";
import { index, item } from "./samples";
import { Uri, window, workspace } from "./vscode";

describe("type-ahead", () => {
  test("asks for each kind in turn, and gives what was found in the server's order", async () => {
    const asked: CompleteParams[] = [];
    const complete = (params: CompleteParams) => {
      asked.push(params);
      return Promise.resolve({ items: [item({ label: params.kind })], complete: params.kind === "file" });
    };
    const found = await completions(complete, "file:///w/a.py", { kinds: ["file", "symbol"], text: "bi" });
    expect(asked).toEqual([
      { kind: "file", text: "bi", uri: "file:///w/a.py", limit: 10 },
      { kind: "symbol", text: "bi", uri: "file:///w/a.py", limit: 10 },
    ]);
    expect(found.items.map((each) => each.label)).toEqual(["file", "symbol"]);
    expect([found.complete, found.problem]).toEqual([false, null]);
  });

  test("says why nothing could be asked", async () => {
    const found = await completions(() => Promise.reject(new Error("It does not run.")), null, {
      kinds: ["file"],
      text: "",
    });
    expect(found.items).toEqual([]);
    expect(found.problem).toContain("It does not run.");
  });

  test("says that no folder is open where nothing is found in none", async () => {
    const found = await completions(() => Promise.resolve({ items: [], complete: true }), null, {
      kinds: ["file"],
      text: "bill",
    });
    expect(itemsOf(found, "bill").map((each) => each.label)).toEqual([
      "No folder is open in which it could be looked for.",
    ]);
  });

  test("in the palette shows what the server found, also what VS Code would not match, and what is missing", () => {
    const rows = itemsOf({ items: [item({ label: "bill.py" })], complete: false, problem: null }, "bull");
    expect(rows.map((each) => [each.label, each.alwaysShow])).toEqual([
      ["$(file) bill.py", true],
      ["Not all of the workspace is indexed: there may be more.", true],
    ]);
    expect(itemsOf({ items: [], complete: true, problem: null }, "xyz")[0]?.label).toContain("“xyz”");
    expect(itemsOf({ items: [], complete: true, problem: null }, "")).toEqual([]);
  });
});

describe("the box to name code in", () => {
  const added: string[] = [];
  const desk = { current: null, add: (name: string) => Promise.resolve(added.push(name) > 0 ? null : "") };

  beforeEach(() => void added.splice(0));

  test("adds what is found for what was typed, not what was found before that, however soon Enter comes", async () => {
    const complete = ({ text }: CompleteParams) =>
      Promise.resolve({ items: text === "none" ? [] : [item({ name: `for ${text}` })], complete: true });
    const adding = addByName(desk as unknown as Desk, complete, "symbol", "be");
    await settled();
    const box = window.quickPick;
    box.type("none");
    box.enter();
    await settled();
    expect([added, box.items]).toEqual([[], [expect.objectContaining({ found: null })]]);
    box.type("before");
    box.enter();
    await adding;
    expect(added).toEqual(["for before"]);
  });

  test("takes no row for picked because VS Code made it the active one", async () => {
    const [all, one] = [item({ name: "parse_all" }), item({ name: "parse" })];
    const complete = ({ text }: CompleteParams) =>
      Promise.resolve({ items: text === "parse" ? [one, all] : [all, one], complete: true });
    const adding = addByName(desk as unknown as Desk, complete, "symbol", "par");
    await settled();
    window.quickPick.move(1);
    window.quickPick.type("parse");
    window.quickPick.enter();
    await adding;
    expect(added).toEqual(["parse"]);
  });

  test("takes the row that VS Code put first for no choice, though the server did not", async () => {
    const items = [item({ name: "one" }), item({ name: "two" })];
    const adding = addByName(desk as unknown as Desk, () => Promise.resolve({ items, complete: true }), "file");
    await settled();
    const box = window.quickPick;
    box.sorted = (rows) => rows.toReversed();
    box.type("o");
    box.enter();
    await adding;
    expect(added).toEqual(["one"]);
  });

  test.each([0, 1])("adds the row %i that was clicked, though it is for what was typed before", async (at) => {
    const items = [item({ name: "one" }), item({ name: "two" })];
    const complete = ({ text }: CompleteParams) =>
      text === "" ? Promise.resolve({ items, complete: true }) : new Promise<never>(() => undefined);
    const adding = addByName(desk as unknown as Desk, complete, "file");
    await settled();
    window.quickPick.type("o");
    window.quickPick.select(window.quickPick.items[at]);
    await adding;
    expect(added).toEqual([["one", "two"][at]]);
  });

  test("adds the row that the arrow keys have reached, though what was typed brings others", async () => {
    vi.useFakeTimers();
    const rows = ["one", "two"].map((name) => item({ name }));
    const complete = ({ text }: CompleteParams) =>
      Promise.resolve({ items: text === "" ? rows : [item({ name: "zero" }), ...rows], complete: true });
    const adding = addByName(desk as unknown as Desk, complete, "file");
    await vi.advanceTimersByTimeAsync(0);
    window.quickPick.type("o");
    window.quickPick.move(1);
    await vi.advanceTimersByTimeAsync(100);
    vi.useRealTimers();
    window.quickPick.enter();
    await adding;
    expect(added).toEqual(["two"]);
  });

  test("adds the row that was picked where the rows are for what was typed", async () => {
    const items = [item({ name: "one" }), item({ name: "two" })];
    const adding = addByName(desk as unknown as Desk, () => Promise.resolve({ items, complete: true }), "file");
    await settled();
    window.quickPick.select(window.quickPick.items[1]);
    await adding;
    expect(added).toEqual(["two"]);
  });
});

describe("an index that could not be made", () => {
  let told: string[];

  beforeEach(() => {
    told = [];
    vi.spyOn(window, "showWarningMessage").mockImplementation((words) => {
      told.push(String(words));
      return Promise.resolve(undefined);
    });
  });

  test("is told once for each folder, and anew only after it worked again", () => {
    const notices = new IndexNotices();
    const failed = index({ state: "failed", message: "The disk is full." });
    notices.take(failed);
    notices.take(failed);
    notices.take(null);
    expect(told).toEqual([
      "The index of till could not be made: The disk is full. Prompts are refined with what is open in the editor.",
    ]);
    notices.take(index({ state: "ready" }));
    notices.take(failed);
    expect(told).toHaveLength(2);
    notices.take(index({}, { root: "/w/shop", state: "failed" }));
    expect(told.at(-1)).toContain("refined with the other folders.");
  });
});

describe("a file that is clicked", () => {
  const file = (fsPath: string): Uri => ({ ...Uri.parse(`file://${fsPath}`), fsPath }) as unknown as Uri;
  type Uri = Parameters<typeof nameOfFile>[1];
  const complete = (...found: readonly (readonly [root: string, path: string])[]): Parameters<typeof nameOfFile>[0] => {
    const items = found.map(([root, path]) => item({ root, path, name: path }));
    return () => Promise.resolve({ items, complete: true });
  };

  beforeEach(() => {
    workspace.workspaceFolders = [
      { name: "api", uri: { fsPath: "/w/api" } },
      { name: "web", uri: { fsPath: "/w/web" } },
    ];
  });

  test("in one of several folders is called as the server calls it, so that none is asked which is meant", async () => {
    const both = complete(["/w/api", "api/src/tax.py"], ["/w/web", "web/x/src/tax.py"], ["/w/web", "web/src/tax.py"]);
    expect(await nameOfFile(both, file("/w/web/src/tax.py"))).toBe("web/src/tax.py");
    expect(await nameOfFile(both, file("/w/api/src/tax.py"))).toBe("api/src/tax.py");
    expect(await nameOfFile(complete(["/w/web", "src/only.py"]), file("/w/web/src/only.py"))).toBe("src/only.py");
  });

  test("that the server does not know is not taken for one of the same path in another folder", async () => {
    expect(await nameOfFile(complete(["/w/api", "src/tax.py"]), file("/w/web/src/tax.py"))).toBe("web/src/tax.py");
  });

  test("in the only folder is called by its path, and nobody is asked", async () => {
    workspace.workspaceFolders = workspace.workspaceFolders.slice(1);
    expect(await nameOfFile(() => Promise.reject(new Error()), file("/w/web/src/tax.py"))).toBe("src/tax.py");
  });

  test("and not added says why, and one click tries again", async () => {
    const told: unknown[] = [];
    vi.spyOn(window, "showInformationMessage").mockImplementation((...words) => {
      told.push(words);
      return Promise.resolve(told.length === 1 ? "Try Again" : undefined);
    });
    const asked: string[] = [];
    const desk = {
      add: (name: string) => Promise.resolve(asked.push(name) > 1 ? null : "The prompt is being edited."),
    };
    await addFiles(desk as unknown as Desk, complete(["/w/web", "a.py"]), [file("/w/web/a.py")]);
    await settled();
    expect(told).toEqual([["a.py was not added. The prompt is being edited.", "Try Again"]]);
    expect(asked).toEqual(["a.py", "a.py"]);
  });
});
