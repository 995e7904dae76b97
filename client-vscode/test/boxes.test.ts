// @vitest-environment happy-dom
// The focus belongs to the box that a command opened, whatever VS Code gives it to.
import { beforeEach, expect, test } from "vitest";
import type * as vscode from "vscode";
import { refocus, renew, showBox } from "../src/boxes";
import { followFocus } from "../view/arrival";
import { QuickPick } from "./vscode";

let box: QuickPick;
let closed: number;

beforeEach(() => {
  box = new QuickPick();
  closed = 0;
  showBox(box as unknown as vscode.QuickPick<vscode.QuickPickItem>, () => (closed += 1));
});

test("a box stays open while something else has the focus, and is closed once", () => {
  expect(box.ignoreFocusOut).toBe(true);
  box.hide();
  expect(closed).toBe(1);
});

test("a box that lost the focus to a panel has it again, with what was typed and found", () => {
  box.type("stoc");
  box.items = ["stock.py"];
  refocus();
  expect([box.shown, closed]).toEqual([2, 0]);
  expect([box.value, box.items]).toEqual(["stoc", ["stock.py"]]);
  expect(box).toMatchObject({ valueSelection: [4, 4] });
  box.hide();
  refocus();
  expect([box.shown, closed]).toEqual([2, 1]);
});

test("a box that has the focus again has the row active that was, but none that is gone", () => {
  box.items = ["stock.py", "store.py"];
  box.move(1);
  refocus();
  expect(box.activeItems).toEqual(["store.py"]);
  box.items = ["stocks.py"];
  box.activeItems = ["store.py"];
  refocus();
  expect(box.activeItems).toEqual(["stocks.py"]);
});

test("other rows leave the one active that the arrow keys have reached, where it is among them", () => {
  box.items = ["stock.py", "store.py"];
  box.move(1);
  renew(box as never, ["stop.py", "store.py"] as never, String);
  expect(box.activeItems).toEqual(["store.py"]);
  renew(box as never, ["stop.py", "stork.py"] as never, String);
  expect(box.activeItems).toEqual(["stop.py"]);
});

test("a page tells that it has the focus where nobody clicked in it", () => {
  let [now, came] = [1000, 0];
  followFocus(
    () => (came += 1),
    () => now,
  );
  window.dispatchEvent(new Event("focus"));
  expect(came).toBe(1);
  document.body.dispatchEvent(new Event("pointerdown", { bubbles: true }));
  now += 20;
  window.dispatchEvent(new Event("focus"));
  expect(came).toBe(1);
  now += 5000;
  window.dispatchEvent(new Event("focus"));
  expect(came).toBe(2);
});
