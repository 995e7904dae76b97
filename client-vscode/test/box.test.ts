import { beforeEach, describe, expect, test, vi } from "vitest";
import { completed, promptBox, rowsOf } from "../src/prompt/box";
import { ANSWER_MS } from "../src/prompt/pasted";
import type { Completions } from "../src/shared/messages";
import { settled } from "./fakes";
import { item } from "./samples";
import { commands, env, UIKind, window } from "./vscode";

const nothing: Completions = { items: [], complete: true, problem: null };
const found: Completions = { items: [item()], complete: true, problem: null };
let drafts: string[];

/** Open the box, and type into it. */
function ask(typed: string, find: () => Promise<Completions> = () => Promise.resolve(nothing)): Promise<string | null> {
  const asked = promptBox("", (draft) => Promise.resolve(void drafts.push(draft)), find);
  for (let end = 1; end <= typed.length; end += 1) {
    window.quickPick.type(typed.slice(0, end));
  }
  return asked;
}

beforeEach(() => {
  drafts = [];
  Object.assign(env, { copied: "", uiKind: UIKind.Desktop });
});

describe("the box for a prompt", () => {
  test("means Refine by Enter, also while a mention is being typed", async () => {
    expect(rowsOf(found).map((row) => row.insert)).toEqual([null, "#till/bill.py"]);
    expect([rowsOf(nothing), rowsOf(null)]).toEqual([[], []]);
    const asked = ask("fix this ");
    window.quickPick.enter();
    expect(await asked).toBe("fix this");
  });

  test("says in which folder of the workspace each is that is found, where that is not the same", () => {
    const items = [item({ detail: "python", root: "/w/till" }), item({ detail: "python", root: "C:\\w\\shop" })];
    const details = (found: typeof items): unknown[] =>
      rowsOf({ ...nothing, items: found }).map((row) => row.description);
    expect(details(items)).toEqual(["Enter", "python · till", "python · shop"]);
    expect(details(items.slice(1))).toEqual(["Enter", "python"]);
  });

  test("puts what is picked in the place of the mention", () => {
    expect(completed("fix #bi", "#till/bill.py")).toBe("fix #till/bill.py ");
    expect(completed("fix ", "@total")).toBe("fix @total ");
  });

  test("lets what is found for a mention that was completed meanwhile come too late", async () => {
    vi.useFakeTimers();
    let come: (what: Completions) => void = () => undefined;
    const asked = ask("explain #sto", () => new Promise((resolve) => (come = resolve)));
    const box = window.quickPick;
    await vi.advanceTimersByTimeAsync(100);
    box.pick(rowsOf(found)[1]);
    await vi.advanceTimersByTimeAsync(0);
    expect(box.value).toBe("explain #till/bill.py ");
    come(found);
    await vi.advanceTimersByTimeAsync(100);
    expect(box.items).toEqual([]);
    vi.useRealTimers();
    box.enter();
    expect(await asked).toBe("explain #till/bill.py");
  });

  test("takes the row that the arrow keys have reached, though what was typed brings others", async () => {
    vi.useFakeTimers();
    const [bill, tax] = [item(), item({ insert: "#till/tax.py" })];
    const asked = ask("explain #b", () => Promise.resolve({ ...nothing, items: [tax, bill] }));
    const box = window.quickPick;
    box.items = rowsOf(found);
    box.move(1);
    await vi.advanceTimersByTimeAsync(100);
    vi.useRealTimers();
    box.enter();
    await settled();
    box.enter();
    expect(await asked).toBe("explain #till/bill.py");
  });

  test("asks again for a mention while the index is being made, and says so until there is something", async () => {
    vi.useFakeTimers();
    const waiting: Completions = { items: [], complete: false, problem: null };
    let index = waiting;
    void ask("explain #bi", () => Promise.resolve(index));
    const box = window.quickPick;
    const busy: unknown[] = [];
    Object.defineProperty(box, "busy", { set: (on) => busy.push(on) });
    await vi.advanceTimersByTimeAsync(100);
    expect([box.items, box.prompt]).toEqual([[], "Not all of the workspace is indexed: there may be more."]);
    expect(busy).toEqual([true, false]);
    index = found;
    await vi.advanceTimersByTimeAsync(1000);
    expect([box.items, box.prompt]).toEqual([rowsOf(found), "Enter refines the prompt, Escape leaves it"]);
    box.type("explain #bix");
    index = nothing;
    await vi.advanceTimersByTimeAsync(100);
    expect(box.prompt).toBe("Nothing here is called “bix”.");
    box.hide();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  test("goes on in an editor where a text is too long for it, with all of it", async () => {
    const text = "fix this ".repeat(20_000);
    const asked = ask("");
    window.quickPick.type(text);
    expect(await asked).toBeNull();
    await settled();
    expect(drafts).toEqual([text]);
  });

  test("loses nothing of what is pasted behind what was typed, however long it is", async () => {
    const text = "a line of a log without an end; ".repeat(2_000);
    const asked = ask("why is this ");
    window.quickPick.paste(text);
    expect(await asked).toBeNull();
    await settled();
    expect(drafts).toEqual([`why is this ${text}`]);
  });

  test("loses nothing of what is pasted onto a name that is being completed, of which VS Code says nothing", async () => {
    const text = "a line of a log without an end; ".repeat(2_000);
    const enter = (): void => window.quickPick.enter();
    const button = (): void => window.quickPick.button();
    const leaves: [keys: (() => void)[], shown: number][] = [
      [[enter], 1],
      [[enter, enter], 1],
      [[button], 2], // anew: a click has the focus elsewhere
    ];
    for (const [keys, shown] of leaves) {
      const asked = ask("why does #bi");
      const box = window.quickPick;
      box.items = rowsOf(found);
      expect(() => box.paste(text)).toThrow();
      expect(() => box.type(`why does #bi${text}?`)).toThrow();
      keys.forEach((press) => press());
      expect(await asked).toBeNull();
      await settled();
      expect([drafts.splice(0), box.shown]).toEqual([[`why does #bi${text}?`], shown]);
    }
  });

  test("puts what is picked before what was pasted onto the name, of which VS Code says nothing", async () => {
    const text = "a line of a log without an end; ".repeat(2_000);
    const asked = ask("why does #bi");
    const box = window.quickPick;
    box.items = rowsOf(found);
    expect(() => box.paste(text)).toThrow();
    box.pick(rowsOf(found)[1]);
    expect(await asked).toBeNull();
    await settled();
    expect(drafts).toEqual([`why does #till/bill.py ${text}`]);
  });

  test("keeps what is typed while a picked name is put in, and hears Enter meanwhile", async () => {
    const asked = ask("why does #bi");
    const box = window.quickPick;
    box.items = rowsOf(found);
    box.pick(rowsOf(found)[1]);
    box.type("why does #bi fail?"); // a space comes with the name
    box.enter();
    expect(await asked).toBe("why does #till/bill.py fail?");
  });

  test("keeps what is typed while VS Code puts a picked name in, however far away it is", async () => {
    const asked = ask("explain #sto");
    const box = window.quickPick;
    box.pick(rowsOf({ ...found, items: [item({ insert: "#stock.py" })] })[1]);
    await settled();
    box.type("explain #stox"); // typed before the name is there
    box.type("explain #stock.py "); // as VS Code says when it is
    expect(box.value).toBe("explain #stock.py x");
    box.type("explain #stock.py x");
    box.type("explain #stock.py ");
    expect(box.value).toBe("explain #stock.py ");
    box.type("explain #stock.py y");
    box.enter();
    expect(await asked).toBe("explain #stock.py y");
  });

  test("sends what was typed where rows are shown and VS Code has said all of it", async () => {
    const asked = ask("explain #bi");
    window.quickPick.items = rowsOf(found);
    window.quickPick.enter();
    window.quickPick.enter();
    expect(await asked).toBe("explain #bi");
    expect(drafts).toEqual([]);
  });

  test("refines what VS Code has said of it, again and again, where that takes no edit back", async () => {
    const refusing = vi.spyOn(commands, "executeCommand").mockRejectedValue(new Error("There is no such command."));
    const asked = ask("");
    window.quickPick.items = rowsOf(found);
    window.quickPick.enter(); // there is nothing to refine yet
    await settled();
    window.quickPick.type("explain #bi");
    window.quickPick.items = rowsOf(found);
    window.quickPick.enter();
    expect(await asked).toBe("explain #bi");
    expect(refusing).toHaveBeenCalled();
    refusing.mockRestore();
  });

  test("takes no edit of an editor back where it was left while rows were shown", async () => {
    const asked = ask("explain #bi");
    window.quickPick.items = rowsOf(found);
    commands.asked = [];
    window.quickPick.enter();
    window.quickPick.hide();
    expect(await asked).toBeNull();
    await settled();
    expect(commands.asked).not.toContain("undo");
  });
});

describe("what is pasted into the box", () => {
  const trace = 'Traceback (most recent call last):\r\n  File "till/bill.py", line 8, in total\n    return tax / 0\n';
  const lines = trace.replaceAll("\r\n", "\n").trim();

  test("has its lines again, wherever in the prompt it stands", async () => {
    const asked = ask("why ");
    window.quickPick.paste(trace);
    window.quickPick.type(`${window.quickPick.value}?`);
    window.quickPick.enter();
    expect(await asked).toBe(`why ${lines} ?`);
  });

  test("has them in the editor too", async () => {
    const log = "one line\n".repeat(5_000);
    void ask("why ");
    window.quickPick.paste(log);
    await settled();
    expect(drafts[0]?.trim()).toBe(`why ${log.trim()}`);
  });

  test("stays as it is where it was changed since", async () => {
    const asked = ask("");
    window.quickPick.paste(trace);
    const changed = window.quickPick.value.replace("line 8", "line 9");
    window.quickPick.type(changed);
    window.quickPick.enter();
    expect(await asked).toBe(changed.trim());
  });

  test("goes as it stands where the clipboard never answers, from the box and into the editor", async () => {
    vi.useFakeTimers();
    const read = vi.spyOn(env.clipboard, "readText").mockReturnValue(new Promise(() => undefined));
    const asked = ask("why ");
    window.quickPick.paste(trace);
    window.quickPick.enter();
    void ask("why ");
    const log = "one line\n".repeat(5_000);
    window.quickPick.paste(log);
    await vi.advanceTimersByTimeAsync(ANSWER_MS);
    vi.useRealTimers();
    read.mockRestore();
    expect(await asked).toBe(`why ${lines.replaceAll("\n", " ")}`);
    expect(drafts[0]?.trim()).toBe(`why ${log.replaceAll("\n", " ").trim()}`);
  });

  test("is not looked for in the clipboard where nothing was pasted, or a browser would ask", async () => {
    const read = vi.spyOn(env.clipboard, "readText");
    const typed = ask("fix this");
    window.quickPick.enter();
    await typed;
    env.uiKind = UIKind.Web;
    const asked = ask("");
    window.quickPick.paste(trace);
    window.quickPick.enter();
    expect(await asked).toBe(lines.replaceAll("\n", " "));
    expect(read).not.toHaveBeenCalled();
  });
});
