import { beforeEach, describe, expect, test, vi } from "vitest";
import { IndexNotices } from "../src/indexing";
import { completions, itemsOf } from "../src/panel/adding";
import { completed, rowsOf } from "../src/prompt/box";
import type { CompleteParams } from "../src/protocol";
import { index, item } from "./samples";
import { window } from "./vscode";

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

  test("in the palette shows what the server found, also what VS Code would not match, and what is missing", () => {
    const rows = itemsOf({ items: [item({ label: "bill.py" })], complete: false, problem: null }, "bull");
    expect(rows.map((each) => [each.label, each.alwaysShow])).toEqual([
      ["$(file) bill.py", true],
      ["The index is still being made: there may be more soon.", true],
    ]);
    expect(itemsOf({ items: [], complete: true, problem: null }, "xyz")[0]?.label).toContain("“xyz”");
    expect(itemsOf({ items: [], complete: true, problem: null }, "")).toEqual([]);
  });
});

describe("the box for a prompt", () => {
  test("means Refine by Enter, also while a mention is being typed", () => {
    const found = { items: [item()], complete: true, problem: null };
    expect(rowsOf("fix #bi", found).map((row) => row.insert)).toEqual([null, "#till/bill.py"]);
    expect(rowsOf("fix this", null).map((row) => row.insert)).toEqual([null]);
    expect(rowsOf("  ", null)).toEqual([]);
  });

  test("puts what is picked in the place of the mention", () => {
    expect(completed("fix #bi", "#till/bill.py")).toBe("fix #till/bill.py ");
    expect(completed("fix ", "@total")).toBe("fix @total ");
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
  });
});
