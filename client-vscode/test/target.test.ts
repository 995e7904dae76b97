import { createHash } from "node:crypto";
import type { TextDocument } from "vscode";
import { expect, test } from "vitest";
import { Card } from "../src/panel/card";
import { targetOf } from "../src/panel/target";
import { loading } from "../src/shared/model";
import { piece, proposal } from "./samples";
import { document } from "./vscode";

const URI = "file:///w/stats.py";

/** By the server's rule: the bytes of whole lines as they stand in the file. */
function hashed(text: string, startLine: number, endLine: number): string {
  const lines = text.match(/[^\r\n]*(?:\r\n|\n|$)/g) ?? [];
  return createHash("sha256")
    .update(lines.slice(startLine - 1, endLine).join(""))
    .digest("hex");
}

function cardAbout(text: string, startLine: number, endLine: number): Card {
  const contentHash = hashed(text, startLine, endLine);
  const mean = piece({ path: "stats.py", uri: URI, startLine, endLine, contentHash, symbol: "mean" });
  return new Card({ ...loading(""), proposal: proposal({ pieces: [mean] }) });
}

const LF = 'import x\n\ndef mean(a):\n    return "Ø"\n\nlast = 1';

test.each([
  ["LF", LF],
  ["CRLF", LF.replaceAll("\n", "\r\n")],
])("what Apply replaces is the function without its last line end, %s", (_name, text) => {
  const range = targetOf(cardAbout(text, 3, 4), document(URI, text) as unknown as TextDocument);
  expect(range).toMatchObject({ start: { line: 2, character: 0 }, end: { line: 3, character: 14 } });
});

test("a function at the very end of the file has no line end", () => {
  const range = targetOf(cardAbout(LF, 6, 6), document(URI, LF) as unknown as TextDocument);
  expect(range).toMatchObject({ start: { line: 5, character: 0 }, end: { line: 5, character: 8 } });
});

test("what has changed since is not replaced", () => {
  const changed = document(URI, LF.replace("Ø", "O")) as unknown as TextDocument;
  expect(targetOf(cardAbout(LF, 3, 4), changed)).toBeNull();
});
