// @vitest-environment happy-dom
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { CompleteItem } from "../src/protocol";
import { mentionAt, nameIn, type Query } from "../src/shared/mention";
import { Completer, mentions } from "../view/completing";
import { h } from "../view/dom";
import { addBox } from "../view/naming";
import { item } from "./samples";

describe("a mention in a prompt", () => {
  test.each([
    ["fix #till/bi", "file", "till/bi", 4],
    ["@tot", "symbol", "tot", 0],
    ["look at (@Bill.tot", "symbol", "Bill.tot", 9],
    ["修正 #テスト", "file", "テスト", 3],
    ["fix #", "file", "", 4],
    ['see #"my notes/id', "file", "my notes/id", 4],
  ])("%j asks for a %s", (text, kind, name, start) => {
    expect(mentionAt(text, text.length)).toEqual({ kinds: [kind], text: name, start });
  });

  test.each(["me@example", "C#", "a#b", "# heading", "issue #3 and", ""])("%j asks for nothing", (text) => {
    expect(mentionAt(text, text.length)).toBeNull();
  });

  test("is what stands before the caret", () => {
    expect(mentionAt("#till and more", 5)).toEqual({ kinds: ["file"], text: "till", start: 0 });
  });
});

test("a box for names takes files and symbols, and either alone after its mark", () => {
  expect(nameIn("bill")).toEqual({ kinds: ["file", "symbol"], text: "bill", start: 0 });
  expect(nameIn(" #bill").kinds).toEqual(["file"]);
  expect(nameIn("@total")).toEqual({ kinds: ["symbol"], text: "total", start: 0 });
});

describe("the list", () => {
  let asked: { request: number; query: Query }[];
  let pinned: string[];
  let spoken: string[];
  let completer: Completer;
  let box: HTMLInputElement;

  beforeEach(() => {
    vi.useFakeTimers();
    Object.assign(document, { execCommand: () => false }); // happy-dom has none: the text is put in without it
    document.body.replaceChildren();
    asked = [];
    pinned = [];
    spoken = [];
    completer = new Completer(
      (request, query) => asked.push({ request, query }),
      (words) => spoken.push(words),
    );
    document.body.append(
      addBox(completer, (chosen: CompleteItem) => pinned.push(chosen.name) > 0),
      h("button", { id: "accept" }),
    );
    box = document.querySelector("#add-code")!;
    box.focus();
  });

  function type(text: string, field: HTMLInputElement | HTMLTextAreaElement = box): void {
    field.value = text;
    field.setSelectionRange(text.length, text.length);
    field.dispatchEvent(new Event("input"));
    vi.advanceTimersByTime(100);
  }

  function found(items: readonly CompleteItem[], complete = true, problem: string | null = null): void {
    completer.found(asked.at(-1)!.request, { items, complete, problem });
  }

  function press(key: string, field: HTMLElement = box): KeyboardEvent {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    field.dispatchEvent(event);
    return event;
  }

  const two = [item(), item({ label: "total", name: "till/bill.py#total", symbol: "total", insert: "@total" })];
  const active = (): string | null => document.querySelector("[aria-selected=true]")?.textContent ?? null;

  test("comes by typing, and the keyboard picks from it", () => {
    type("b");
    found(two);
    expect(box.getAttribute("aria-expanded")).toBe("true");
    expect(box.getAttribute("aria-activedescendant")).toBe("completion-0");
    press("ArrowDown");
    expect(active()).toContain("total");
    press("ArrowDown");
    expect(active()).toContain("bill.py");
    press("ArrowUp");
    press("Enter");
    expect(pinned).toEqual(["till/bill.py#total"]);
    expect([box.value, completer.open]).toEqual(["", false]);
  });

  test("takes what is found for what was typed, not what was found before that, however soon Enter comes", () => {
    type("b");
    found(two);
    box.value = "total";
    box.dispatchEvent(new Event("input"));
    expect(press("Enter").defaultPrevented).toBe(true);
    expect(pinned).toEqual([]);
    vi.advanceTimersByTime(100);
    found([two[1]!]);
    expect(pinned).toEqual(["till/bill.py#total"]);
    type("b");
    found(two);
    type("xyz");
    press("Enter");
    found([]);
    expect([pinned.length, box.value]).toEqual([1, "xyz"]);
  });

  test("says that it looks where an answer takes its time, and lets the caret go meanwhile", () => {
    type("b");
    vi.advanceTimersByTime(250);
    expect(completer.open).toBe(false);
    vi.advanceTimersByTime(100);
    expect(document.querySelector("#completions")?.textContent).toBe("Looking…");
    expect(press("ArrowUp").defaultPrevented).toBe(false);
    type("bi");
    vi.advanceTimersByTime(1000);
    found(two);
    expect(active()).toContain("bill.py");
    type("bill");
    vi.advanceTimersByTime(1000);
    expect(active()).toContain("bill.py"); // what is there stays until there is more to say
    press("Escape");
    vi.advanceTimersByTime(1000);
    expect(completer.open).toBe(false);
  });

  test("says why nothing was taken while the prompt is being changed, keeps what was typed, and asks again by Enter", () => {
    let busy = true;
    document.querySelector(".add-code")?.remove();
    document.body.append(addBox(completer, ({ name }) => !busy && pinned.push(name) > 0));
    box = document.querySelector("#add-code")!;
    box.focus();
    type("bi");
    found(two);
    press("Enter");
    expect(document.querySelector("#completions")?.textContent).toContain("Not added yet");
    expect([pinned, box.value, completer.open]).toEqual([[], "bi", true]);
    busy = false;
    completer.pause()(); // the revision has come, and the page is drawn anew
    vi.advanceTimersByTime(100);
    found(two);
    press("Enter");
    expect([pinned, box.value]).toEqual([["till/bill.py"], ""]);
  });

  test("goes on in the same field after the page was drawn anew, asks again by Enter, and not where it was closed", () => {
    type("bi");
    completer.pause()();
    vi.advanceTimersByTime(100);
    found(two);
    expect(completer.open).toBe(true);
    press("Escape");
    const count = asked.length;
    completer.pause()();
    vi.advanceTimersByTime(100);
    expect(asked).toHaveLength(count);
    press("Enter");
    vi.advanceTimersByTime(100);
    expect(asked.at(-1)!.query.text).toBe("bi");
  });

  test("is asked for once what is typed has settled, and an answer that comes too late is nothing", () => {
    type("b");
    const late = asked.at(-1)!.request;
    type("bi");
    completer.found(late, { items: two, complete: true, problem: null });
    expect(completer.open).toBe(false);
    found(two);
    expect(completer.open).toBe(true);
  });

  test("is left by Escape, which then leaves the box, and discards nothing", () => {
    const outer: string[] = [];
    document.body.addEventListener("keydown", (event) => outer.push(event.key));
    type("b");
    found(two);
    press("Escape");
    expect([completer.open, box.value]).toEqual([false, "b"]);
    press("Escape");
    expect([box.value, document.activeElement?.id]).toEqual(["", "accept"]);
    expect(outer).toEqual([]);
  });

  test("asks again by itself while nothing is found that may come yet, and says so once", () => {
    type("bil");
    vi.advanceTimersByTime(100);
    for (let times = 0; times < 3; times += 1) {
      completer.found(asked.at(-1)!.request, { items: [], complete: false, problem: null });
      vi.advanceTimersByTime(1100);
    }
    expect([asked.length, spoken]).toEqual([4, ["Not all of the workspace is indexed: there may be more."]]);
    completer.found(asked.at(-1)!.request, { items: [item()], complete: false, problem: null });
    vi.advanceTimersByTime(5000);
    expect([asked.length, spoken.at(-1)]).toEqual([4, "1 found"]);
    completer.close();
  });

  test("says what was not found, that there may be more, and what went wrong", () => {
    type("xyz");
    found([], false);
    const list = document.querySelector("#completions");
    expect(list?.textContent).toBe("Not all of the workspace is indexed: there may be more.");
    completer.indexed();
    vi.advanceTimersByTime(100);
    found(two);
    expect(list?.querySelectorAll("[role=option]")).toHaveLength(2);
    const count = asked.length;
    completer.indexed();
    vi.advanceTimersByTime(100);
    expect(asked).toHaveLength(count); // nothing was missing
    type("xyzz");
    found([]);
    expect(list?.textContent).toBe("Nothing here is called “xyzz”.");
    type("xy");
    found([], true, "The OptaFly server is not running.");
    expect(list?.textContent).toBe("The OptaFly server is not running.");
    press("Enter");
    expect(pinned).toEqual([]);
  });

  test("puts a mention in the place of what was typed in a prompt, and leaves the rest", () => {
    const area = h("textarea", { id: "draft" }) as HTMLTextAreaElement;
    document.body.append(area);
    completer.attach(area, mentions);
    area.focus();
    area.value = "fix @to please";
    area.setSelectionRange(7, 7);
    area.dispatchEvent(new Event("input"));
    vi.advanceTimersByTime(100);
    expect(asked.at(-1)!.query).toEqual({ kinds: ["symbol"], text: "to", start: 4 });
    found([two[1]!]);
    expect(press("Tab", area).defaultPrevented).toBe(true);
    expect(area.value).toBe("fix @total please");
  });

  describe("in a text of several lines", () => {
    let area: HTMLTextAreaElement;

    beforeEach(() => {
      area = h("textarea", {}) as HTMLTextAreaElement;
      document.body.append(area);
      completer.attach(area, mentions);
      area.focus();
      type("#b", area);
      found(two);
    });

    /** Type, and let no time pass: what is shown is for what was typed before. */
    function typeOn(text: string): void {
      area.value = text;
      area.setSelectionRange(text.length, text.length);
      area.dispatchEvent(new Event("input"));
    }

    test.each(["Enter", "Tab"])("takes by %s what is found for what was typed, however soon it comes", (key) => {
      typeOn("@total");
      expect(press(key, area).defaultPrevented).toBe(true);
      expect(area.value).toBe("@total");
      vi.advanceTimersByTime(100);
      found([item({ insert: "@total_of", symbol: "total_of" }), two[1]!]);
      expect(area.value).toBe("@total_of ");
    });

    test("has its new line by Enter where nothing is found then, and by Tab nothing", () => {
      typeOn("fix #12");
      press("Tab", area);
      vi.advanceTimersByTime(100);
      found([]);
      expect(area.value).toBe("fix #12");
      type("#b", area);
      found(two);
      typeOn("fix #12");
      press("Enter", area);
      vi.advanceTimersByTime(100);
      found([]);
      expect([area.value, completer.open]).toEqual(["fix #12\n", false]);
    });

    test.each<[string, () => void]>([
      ["types on", () => press("a", area)],
      ["drops a text", () => area.dispatchEvent(new Event("beforeinput"))],
      ["pastes by a menu", () => area.dispatchEvent(new Event("paste"))],
      ["presses Enter once more", () => expect(press("Enter", area).defaultPrevented).toBe(false)],
      ["leaves the list", () => expect(press("Escape", area).defaultPrevented).toBe(true)],
      ["clicks in the text", () => area.dispatchEvent(new Event("mousedown"))],
      ["clicks elsewhere", () => document.querySelector("#accept")!.dispatchEvent(new Event("mousedown"))],
      ["goes elsewhere", () => area.blur()],
      ["resizes the window", () => window.dispatchEvent(new Event("resize"))],
      ["sees the page drawn anew", () => completer.pause()()],
    ])("loses no Enter of one who %s while it waits", (_how, goOn) => {
      typeOn("fix #12");
      press("Enter", area);
      press("Shift", area);
      expect(area.value).toBe("fix #12");
      goOn();
      expect([area.value, completer.open]).toEqual(["fix #12\n", false]);
      vi.advanceTimersByTime(100);
      found(two);
      expect(area.value).toBe("fix #12\n");
    });

    test("takes the row that is clicked while Enter waits", () => {
      typeOn("fix #12");
      press("Enter", area);
      const written: string[] = [];
      area.addEventListener("input", () => written.push(area.value));
      const row = document.querySelector<HTMLElement>("#completions [role=option]")!;
      row.dispatchEvent(new Event("mousedown", { bubbles: true }));
      row.click();
      expect(written).toEqual([`fix ${item().insert} `]);
    });

    test("lets a field that loses the focus lose it: the command that Undo knows would take it back", () => {
      const command = vi.fn(() => false);
      Object.assign(document, { execCommand: command });
      typeOn("fix #12");
      press("Enter", area);
      area.blur();
      expect([command.mock.calls, area.value]).toEqual([[], "fix #12\n"]);
    });

    test.each(["Enter", "Tab"])("lets %s do what it does where no name is begun any more", (key) => {
      typeOn("#");
      expect(press(key, area).defaultPrevented).toBe(false);
      expect([area.value, completer.open]).toEqual(["#", false]);
    });
  });

  test("lets Enter be a new line where nothing is picked", () => {
    const area = h("textarea", {}) as HTMLTextAreaElement;
    document.body.append(area);
    completer.attach(area, mentions);
    area.focus();
    type("#", area);
    found(two);
    expect(press("Enter", area).defaultPrevented).toBe(false);
    expect(completer.open).toBe(false);
  });
});
