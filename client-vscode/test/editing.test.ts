// @vitest-environment happy-dom
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { ToHost } from "../src/shared/messages";
import { loading, withEvent, withProblem, withProposal, type PanelModel } from "../src/shared/model";
import { h } from "../view/dom";
import { answer, event, item, problem, proposal } from "./samples";

let sent: ToHost[] = [];
let count = 0;
let model: PanelModel;

beforeAll(async () => {
  window.document.body.append(h("main", { id: "root" }), h("div", { id: "live" }));
  vi.stubGlobal("acquireVsCodeApi", () => ({
    postMessage: (message: ToHost) => sent.push(message),
    getState: () => undefined,
    setState: () => undefined,
  }));
  Object.assign(document, { execCommand: () => false }); // happy-dom has none
  await import("../view/main");
});

function show(next: PanelModel): void {
  model = next;
  window.dispatchEvent(new MessageEvent("message", { data: { type: "model", model } }));
}

function draft(): HTMLTextAreaElement | null {
  return window.document.querySelector("#draft");
}

function press(id: string): void {
  window.document.getElementById(id)?.click();
}

function write(text: string): void {
  draft()!.value = text;
  draft()!.dispatchEvent(new Event("input"));
}

beforeEach(() => {
  count += 1;
  show(withProposal(loading(""), proposal({ id: `p${count}` })));
  sent = [];
});

test("the host is told when editing begins and ends", () => {
  press("modify");
  press("edit-cancel");
  expect(sent).toEqual([
    { type: "editing", on: true },
    { type: "editing", on: false },
  ]);
});

test("what was written is there again after Back", () => {
  press("modify");
  write("mine");
  press("edit-cancel");
  expect(draft()).toBeNull();
  press("modify");
  expect(draft()?.value).toBe("mine");
});

test("what was written and left is said not to be sent, until it is taken or taken back", () => {
  const note = (): string => window.document.querySelector("#kept")?.textContent ?? "";
  press("modify");
  press("edit-cancel");
  expect(note()).toBe("");
  press("modify");
  write("mine");
  expect(note()).toBe("");
  press("edit-cancel");
  expect(note()).toContain("would not be sent");
  show({ ...model, phase: "sending" });
  expect(note()).toBe("");
  show(withProposal(model, proposal({ id: `p${count}`, revision: 1, refined: "mine" })));
  expect(note()).toBe("");
});

test("what was written and not used outlives a revision that something else made, in editing and left", () => {
  press("modify");
  write("mine");
  show(withProposal(model, proposal({ id: `p${count}`, revision: 1 })));
  expect(draft()?.value).toBe("mine");
  press("edit-cancel");
  show(withProposal(model, proposal({ id: `p${count}`, revision: 2 })));
  expect(window.document.querySelector("#kept")?.textContent).toContain("would not be sent");
  press("modify");
  expect(draft()?.value).toBe("mine");
  press("edit-done");
  expect(sent.at(-1)).toEqual({ type: "edited", text: "mine" });
  show(withProposal(model, proposal({ id: `p${count}`, revision: 3, refined: "mine, masked" })));
  expect([draft(), window.document.querySelector("#kept")]).toEqual([null, null]);
});

test("what the server refused, or was not given as it stands now, outlives a revision that something else made", () => {
  press("modify");
  write("mine");
  press("edit-done");
  show({ ...model, busy: true });
  show(withProblem(model, problem));
  show(withProposal(model, proposal({ id: `p${count}`, revision: 1 })));
  expect(draft()?.value).toBe("mine");
  press("edit-done");
  write("mine, and more");
  show(withProposal(model, proposal({ id: `p${count}`, revision: 2 })));
  expect(draft()?.value).toBe("mine, and more");
});

test("an Enter that waits for a name goes where it was typed, not to another proposal", () => {
  const enterWhileNamed = (field: HTMLTextAreaElement): void => {
    vi.useFakeTimers();
    field.focus();
    field.value = "fix #b";
    field.setSelectionRange(6, 6);
    field.dispatchEvent(new Event("input"));
    vi.advanceTimersByTime(100);
    const { request } = sent.findLast((each) => each.type === "complete")!;
    const data = { type: "completions", request, found: { items: [item()], complete: true, problem: null } };
    window.dispatchEvent(new MessageEvent("message", { data }));
    field.value = "fix #bi";
    field.setSelectionRange(7, 7);
    field.dispatchEvent(new Event("input"));
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    expect(field.value).toBe("fix #bi");
    vi.useRealTimers();
  };
  press("modify");
  enterWhileNamed(draft()!);
  show(withProposal(loading(""), proposal({ id: "another" })));
  expect([draft(), window.document.querySelector("#kept")]).toEqual([null, null]);
  show(withProposal(loading(""), proposal({ id: "asking", question: "Which one?" })));
  enterWhileNamed(window.document.querySelector("#clarify")!);
  show(withProposal(loading(""), proposal({ id: "asking too", question: "Which one?" })));
  expect(window.document.querySelector<HTMLTextAreaElement>("#clarify")?.value).toBe("");
});

test("an untouched draft is no draft: a revision shows its own prompt", () => {
  press("modify");
  press("edit-cancel");
  press("modify");
  show(withProposal(model, proposal({ id: `p${count}`, revision: 1, refined: "another" })));
  expect([draft(), window.document.querySelector("#kept")]).toEqual([null, null]);
});

test("what was written is kept until the server has taken it", () => {
  press("modify");
  write("mine");
  press("edit-done");
  expect(sent.at(-1)).toEqual({ type: "edited", text: "mine" });
  show({ ...model, busy: true });
  expect(draft()?.readOnly).toBe(true);
  show(withProblem(model, problem));
  expect(draft()?.value).toBe("mine");
  expect(draft()?.readOnly).toBe(false);
  show(withProposal(model, proposal({ id: `p${count}`, revision: 1, refined: "mine" })));
  expect(draft()).toBeNull();
  expect(sent.at(-1)).toEqual({ type: "editing", on: false });
});

test("the page stays where it is being read when an answer is complete", () => {
  const scrolled = vi.spyOn(window, "scrollTo");
  show({ ...model, phase: "sending" });
  expect(scrolled).toHaveBeenCalledTimes(1);
  show(withEvent(model, event("done", { answer })));
  expect(scrolled).toHaveBeenCalledTimes(1);
});

test("the box for names keeps the focus, and what stands in it, when the list is drawn again", () => {
  const box = window.document.querySelector<HTMLInputElement>("#add-code")!;
  box.focus();
  box.value = "bil";
  show({ ...model, busy: true });
  show({ ...model, busy: false });
  expect(window.document.activeElement?.id).toBe("add-code");
  expect(window.document.querySelector<HTMLInputElement>("#add-code")?.value).toBe("bil");
});

test("the answer to a question keeps the focus and its words while the panel is drawn again", () => {
  show(withProposal(loading(""), proposal({ id: "q", question: "Which one?" })));
  const field = window.document.querySelector<HTMLTextAreaElement>("#clarify")!;
  field.focus();
  field.value = "the first";
  show({ ...model, busy: true });
  expect(window.document.activeElement?.id).toBe("clarify");
  expect(window.document.querySelector<HTMLTextAreaElement>("#clarify")?.value).toBe("the first");
});

test("who comes back to a panel in which nothing has the focus any more has it at the next step", () => {
  (window.document.activeElement as HTMLElement | null)?.blur();
  window.dispatchEvent(new Event("focus"));
  expect(window.document.activeElement?.id).toBe("accept");
  window.document.getElementById("modify")?.focus();
  window.dispatchEvent(new Event("focus"));
  expect(window.document.activeElement?.id).toBe("modify");
});

test("a problem is brought into sight, and the next step has the focus where a decision was refused", () => {
  const scrolled = vi.spyOn(Element.prototype, "scrollIntoView").mockImplementation(() => undefined);
  window.document.getElementById("accept")?.focus();
  show(withProblem(model, { ...problem, code: "approval.stale" }));
  expect(scrolled.mock.contexts.map((each) => (each as HTMLElement).className)).toEqual(["card problem"]);
  expect(window.document.activeElement?.id).toBe("again");
  window.document.getElementById("modify")?.focus();
  show({ ...model });
  expect(window.document.activeElement?.id).toBe("modify"); // it is the same problem still
  scrolled.mockRestore();
});

test("a problem with what was written leaves the focus in it", () => {
  press("modify");
  const scrolled = vi.spyOn(Element.prototype, "scrollIntoView").mockImplementation(() => undefined);
  show(withProblem(model, problem));
  expect([scrolled.mock.calls.length, window.document.activeElement?.id]).toEqual([1, "draft"]);
  scrolled.mockRestore();
});

test("a prompt that could not be refined is still there to be read and copied", () => {
  show(withProblem(loading("fix the rounding"), problem));
  expect(window.document.querySelector("#original-text")?.textContent).toBe("fix the rounding");
  show(loading("fix the rounding"));
  expect(window.document.querySelector("#original-text")).toBeNull();
});

test("a prompt that is too long is not tried again as it is but changed: where it is shown, or in an editor", () => {
  const long = { ...problem, code: "provider.too_long" } as const;
  show(withProblem(loading("fix the rounding"), long));
  expect(window.document.querySelector("#again")?.textContent).toMatch(/^Change Prompt/);
  press("again");
  expect(sent).toEqual([{ type: "rewrite" }]);
  const sending = withEvent(withProposal(loading(""), proposal()), event("failed", { problem: long }));
  show(sending);
  press("again");
  expect(draft()).not.toBeNull();
  expect(sent).toEqual([{ type: "rewrite" }, { type: "editing", on: true }]);
  press("edit-cancel");
});
