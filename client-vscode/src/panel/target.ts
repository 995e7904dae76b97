// What Apply replaces: what was selected when the prompt was written, or else the function or class it was about; never
// text that has changed since.
import { createHash } from "node:crypto";
import * as vscode from "vscode";
import type { Piece } from "../protocol";
import type { Card } from "./card";

function piece(card: Card): Piece | undefined {
  const proposal = card.model.proposal;
  return proposal?.pieces.find((each) => each.uri === proposal.uri && each.kind === "symbol");
}

/** The target in words for a button, or null. */
export function targetInWords(card: Card): string | null {
  if (card.origin?.selected) {
    return "the selection";
  }
  return piece(card)?.symbol ?? null;
}

/** The range that Apply replaces in `document`, or null where it is gone or was never there. */
export function targetOf(card: Card, document: vscode.TextDocument): vscode.Range | null {
  const selected = card.origin?.selected ?? "";
  const { uri, selection } = card.origin?.params ?? {};
  if (selected !== "" && uri === document.uri.toString()) {
    const there = selection ? rangeOf(selection) : null;
    return there !== null && document.getText(there) === selected ? there : onlyPlace(document, selected);
  }
  const symbol = piece(card);
  return symbol?.uri === document.uri.toString() ? unchanged(document, symbol) : null;
}

function rangeOf({ start, end }: { start: vscode.Position | Point; end: vscode.Position | Point }): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

interface Point {
  readonly line: number;
  readonly character: number;
}

function onlyPlace(document: vscode.TextDocument, text: string): vscode.Range | null {
  const whole = document.getText();
  const first = whole.indexOf(text);
  return first === -1 || whole.includes(text, first + 1)
    ? null
    : new vscode.Range(document.positionAt(first), document.positionAt(first + text.length));
}

function unchanged(document: vscode.TextDocument, { startLine, endLine, contentHash }: Piece): vscode.Range | null {
  if (endLine > document.lineCount) {
    return null;
  }
  const [first, last] = [startLine - 1, endLine - 1];
  const lastEnd = document.lineAt(last).text.length;
  // the server's hash is of whole lines, with the last one's line end where it has one
  const whole = endLine < document.lineCount ? ([endLine, 0] as const) : ([last, lastEnd] as const);
  const text = document.getText(new vscode.Range(first, 0, ...whole));
  const hash = createHash("sha256").update(text).digest("hex");
  return hash === contentHash ? new vscode.Range(first, 0, last, lastEnd) : null;
}
