import { beforeEach, expect, test, vi } from "vitest";
import type * as vscode from "vscode";
import { openPanel, type PanelView } from "../src/panel/panel";
import { loading, withProposal, withSent } from "../src/shared/model";
import { proposal } from "./samples";
import { Uri, window } from "./vscode";

const review = withProposal(loading(""), proposal());
let panel: PanelView;
const events = { message: vi.fn(), active: vi.fn(), closed: vi.fn() };

/** What the page is told when it says that it is there. */
function told(): unknown[] {
  window.panel.posted = [];
  window.panel.post({ type: "ready" });
  return window.panel.posted;
}

beforeEach(() => {
  panel = openPanel(Uri.parse("file:///extension") as unknown as vscode.Uri, true, events);
  panel.show(review);
});

test("a page that was not there yet is told what it shows, and to edit, once it is", () => {
  panel.edit();
  expect(told()).toEqual([{ type: "model", model: review }, { type: "edit" }]);
});

test.each([true, false])("who has begun to edit, or given it up, is not made to again", (on) => {
  panel.edit();
  window.panel.post({ type: "editing", on });
  expect(told()).toEqual([{ type: "model", model: review }]);
  expect(events.message).toHaveBeenLastCalledWith({ type: "editing", on });
});

test("a page that another tab covered while an answer came in has all of it", () => {
  const sending = withSent(review, proposal());
  panel.show(sending);
  panel.streamed({ ...sending, answerText: "Divide" }, "Divide");
  expect(told()).toEqual([{ type: "model", model: { ...sending, answerText: "Divide" } }]);
});
