import { beforeEach, expect, test, vi } from "vitest";
import { act, followEditors } from "../src/panel/actions";
import { Card } from "../src/panel/card";
import { loading } from "../src/shared/model";
import { piece, proposal } from "./samples";
import { document, gone, Position, Range, window } from "./vscode";

class Editor {
  viewColumn = 1;
  written: string[] = [];
  selection = { active: new Position(0, 0), isEmpty: true };
  readonly document;

  constructor(uri: string, text = "one\n") {
    this.document = document(uri, text);
  }

  edit(change: (builder: { replace(range: Range, text: string): void }) => void): Promise<boolean> {
    change({ replace: (_range, text) => this.written.push(text) });
    return Promise.resolve(true);
  }

  revealRange(): void {
    /* nothing to see */
  }
}

const SECRET = { kind: "AWS key", where: "stats.py", placeholder: "<masked:aws-key-1>" };
const card = new Card({ ...loading(""), proposal: proposal({ masked: [SECRET] }) });
let prompts: Editor;
let other: Editor;

function use(editor: Editor | undefined): void {
  window.activeEditors.forEach((listener) => listener(editor));
}

beforeEach(() => {
  prompts = new Editor("file:///w/stats.py");
  other = new Editor("file:///w/other.py");
  window.visibleTextEditors = [prompts, other];
  followEditors();
});

test("code is inserted where the cursor was last", async () => {
  use(prompts);
  use(other);
  use(undefined); // the panel has the focus
  await act(card, { type: "insert", text: "x = 1" });
  expect([prompts.written, other.written]).toEqual([[], ["x = 1"]]);
});

test("code is inserted into the prompt's file where the last one was closed", async () => {
  use(other);
  other.document.isClosed = true;
  await act(card, { type: "insert", text: "x = 1" });
  expect([prompts.written, other.written]).toEqual([["x = 1"], []]);
});

test("a placeholder for a secret is written only after a yes", async () => {
  use(prompts);
  const asked = vi.spyOn(window, "showWarningMessage").mockResolvedValueOnce(undefined);
  await act(card, { type: "insert", text: `key = "${SECRET.placeholder}"` });
  expect(prompts.written).toEqual([]);
  expect(asked.mock.calls[0]?.[0]).toContain(SECRET.placeholder);
  asked.mockResolvedValueOnce("Insert Anyway");
  await act(card, { type: "insert", text: `key = "${SECRET.placeholder}"` });
  expect(prompts.written).toHaveLength(1);
});

test("a piece whose file is gone is said to be, and nothing is opened", async () => {
  const shown = new Card({ ...loading(""), proposal: proposal({ pieces: [piece({ uri: "file:///w/gone.py" })] }) });
  const [opened, said] = [vi.spyOn(window, "showTextDocument"), vi.spyOn(window, "showInformationMessage")];
  gone.add("file:///w/gone.py");
  await act(shown, { type: "openPiece", index: 0 });
  expect(said.mock.calls.at(-1)?.[0]).toMatch(/is not in the workspace any more/);
  expect(opened).not.toHaveBeenCalled();
  gone.clear();
  await act(shown, { type: "openPiece", index: 0 });
  expect(opened).toHaveBeenCalledOnce();
});

test.each([
  ["/w/a.py", "file:///w/a.py"],
  ["C:/w/a.py", "file:///C:/w/a.py"],
])("%s is a whole path, and not one in a folder of the workspace", async (path, uri) => {
  const opened = vi.spyOn(window, "showTextDocument");
  await act(card, { type: "openPath", path, line: null });
  const [shown] = (opened.mock.calls.at(-1) ?? []) as readonly unknown[];
  expect(String(shown)).toBe(uri);
});
