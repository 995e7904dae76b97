// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from "vitest";
import type { Proposal } from "../src/protocol";
import { loading, withProposal } from "../src/shared/model";
import { fill, h } from "../view/dom";
import { PieceGrid } from "../view/grid";
import { codeSection } from "../view/pieces";
import { codeActions } from "./fakes";
import { leftOut, piece, proposal } from "./samples";

let said: string[] = [];
const actions = codeActions((words) => said.push(words));
const root = h("main");
const grid = new PieceGrid(actions);

function draw(changed: Partial<Proposal>, busy = false): HTMLElement {
  const shown = { ...withProposal(loading(""), proposal(changed)), busy };
  fill(root, codeSection(shown, true, grid, h("input"), actions));
  return root;
}

function press(key: string): void {
  document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

beforeEach(() => {
  said = [];
  document.body.replaceChildren(root);
});

describe("what a person asked for by name", () => {
  test("a pin without room for all of it is taken out, and unpinned, as a whole: its rest must not come instead", () => {
    const part = piece({ path: "big.py", kind: "lines", symbol: null, pinned: true, pin: "big.py" });
    const rest = leftOut({ path: "big.py", tokens: 900, pin: "big.py", reason: "there is no room for lines 13-99" });
    const shown = draw({ pieces: [part], leftOut: [rest] });
    shown.querySelectorAll<HTMLElement>(".piece .pin, .piece .remove").forEach((button) => button.click());
    expect(said).toEqual(["unpin big.py", "remove big.py"]);
    expect(shown.querySelector(".remove")?.getAttribute("aria-label")).toBe("Take out: big.py");
    said = [];
    const both = draw({ pieces: [part] }); // there was room: only what is shown is taken out
    both.querySelector<HTMLElement>(".piece .remove")?.click();
    expect(said).toEqual(["remove big.py:4-12"]);
  });

  test("a pin that found nothing is seen at once, and taken back by its button or by Delete", () => {
    const reason = "there is nothing of that name";
    const left = [
      leftOut({ path: "till/bil.py", tokens: 0, reason, pin: "till/bil.py" }),
      leftOut({ path: "", symbol: "totl", tokens: 0, reason, pin: "#totl" }),
      leftOut({ path: "a.py", reason: "The prompt mentions it", pin: "a.py", mentioned: true }),
      leftOut(),
    ];
    const shown = draw({ pieces: [piece()], leftOut: left });
    const rows = [...shown.querySelectorAll<HTMLElement>(".not-sent .row")];
    expect(rows.map((each) => each.closest("details"))).toEqual([null, null, null]);
    expect(shown.querySelector("summary")?.textContent).toBe("1 more left out");
    const buttons = [...shown.querySelectorAll<HTMLElement>(".not-sent button.quiet")];
    expect(buttons.map((each) => each.getAttribute("aria-label"))).toEqual(["Unpin till/bil.py", "Unpin #totl"]);
    buttons[0]?.click();
    buttons[1]?.focus();
    press("Delete");
    expect(said).toEqual(["unpin till/bil.py", "unpin #totl"]);
    expect(shown.querySelector(".not-sent")?.textContent).not.toContain("0 tokens");
  });

  test("cannot be changed while a revision is on its way, and keeps its button for the focus", () => {
    const shown = draw({ leftOut: [leftOut({ pin: "b.py" }), leftOut({ path: "c.py" })] }, true);
    const buttons = [...shown.querySelectorAll<HTMLElement>(".row button.quiet")];
    expect(buttons.map((each) => each.getAttribute("aria-disabled"))).toEqual(["true", "true"]);
    buttons.forEach((each) => each.click());
    buttons[0]?.focus();
    press("Delete");
    expect(said).toEqual([]);
  });
});
