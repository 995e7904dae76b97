// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { guardDoubleClicks } from "../view/clicks";
import { h } from "../view/dom";

let now = 0;
let clicked: string[] = [];
guardDoubleClicks(window, () => now);

function list(...names: readonly string[]): void {
  document.body.replaceChildren(
    ...names.map((name) => h("button", { id: name, onclick: () => clicked.push(name) }, h("span", {}, name))),
  );
}

function click(name: string, detail: number, clientX = 10): void {
  const on = document.querySelector(`#${name} span`);
  on?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail, clientX }));
}

beforeEach(() => {
  now += 10_000;
  clicked = [];
});

test("the second click of a double click does not hit what moved under the mouse", () => {
  list("first", "second");
  click("first", 1);
  list("second");
  now += 120;
  click("second", 2);
  expect(clicked).toEqual(["first"]);
});

test("a click of its own, later, counts", () => {
  list("first", "second");
  click("first", 1);
  now += 700;
  click("second", 1);
  expect(clicked).toEqual(["first", "second"]);
});

test("a key pressed between two clicks makes them two: the first was undone by it", () => {
  list("first", "second");
  click("first", 1);
  now += 50;
  window.dispatchEvent(new KeyboardEvent("keydown", { key: "z", ctrlKey: true }));
  list("second");
  now += 50;
  click("second", 2);
  expect(clicked).toEqual(["first", "second"]);
});

test("a click elsewhere is no second one, however quick", () => {
  list("first", "second");
  click("first", 1);
  now += 50;
  click("second", 1, 90);
  expect(clicked).toEqual(["first", "second"]);
});

test("two clicks on the same button are two", () => {
  list("same");
  click("same", 1);
  now += 100;
  click("same", 2);
  expect(clicked).toEqual(["same", "same"]);
});

test("what is pressed by a key is never held back", () => {
  list("first", "second");
  click("first", 1);
  now += 50;
  click("second", 0);
  expect(clicked).toEqual(["first", "second"]);
});
