// What the editor knows, as the argument of `optafly.refine`.
import * as vscode from "vscode";
import type { Range, RefineParams, Severity, WireDiagnostic } from "../protocol";

const MOST_DIAGNOSTICS = 200;
const SEVERITIES: readonly Severity[] = ["error", "warning", "information", "hint"];

/** Where a prompt came from, so that it can be asked again and its answer applied. */
export interface Origin {
  readonly params: RefineParams;
  /** The selected text when the prompt was written; "" where nothing was selected. */
  readonly selected: string;
}

/** A prompt about what is selected, or about where the cursor is. */
export function aboutEditor(prompt: string, editor: vscode.TextEditor | undefined): Origin {
  if (editor === undefined) {
    return { params: { prompt }, selected: "" };
  }
  const { document, selection } = editor;
  const params: RefineParams = {
    prompt,
    uri: document.uri.toString(),
    languageId: document.languageId,
    cursor: wirePosition(selection.active),
    diagnostics: diagnosticsOf(document.uri),
    ...(selection.isEmpty ? {} : { selection: wireRange(selection) }),
  };
  return { params, selected: document.getText(selection) };
}

/** A prompt that is itself written in the document: it belongs to those lines, which are not code to be sent. */
export function writtenIn(prompt: string, editor: vscode.TextEditor): Origin {
  const { document, selection } = editor;
  const params: RefineParams = {
    prompt,
    uri: document.uri.toString(),
    languageId: document.languageId,
    cursor: wirePosition(selection.end),
    diagnostics: diagnosticsOf(document.uri),
  };
  return { params, selected: "" };
}

/** What a code action of the server asks, with what only the editor knows. */
export function originOf(params: RefineParams): Origin {
  const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === params.uri);
  if (document === undefined) {
    return { params, selected: "" };
  }
  const { start, end } = params.selection ?? {};
  const range = start && end ? new vscode.Range(start.line, start.character, end.line, end.character) : null;
  return {
    params: { ...params, diagnostics: diagnosticsOf(document.uri) },
    selected: range === null ? "" : document.getText(range),
  };
}

function diagnosticsOf(uri: vscode.Uri): readonly WireDiagnostic[] {
  return vscode.languages
    .getDiagnostics(uri)
    .toSorted((a, b) => a.severity - b.severity || a.range.start.line - b.range.start.line)
    .slice(0, MOST_DIAGNOSTICS)
    .map((each) => ({
      range: wireRange(each.range),
      severity: SEVERITIES[each.severity] ?? "hint",
      message: each.message,
      source: each.source ?? null,
      code: codeOf(each.code),
    }));
}

function codeOf(code: vscode.Diagnostic["code"]): string | null {
  const value = typeof code === "object" ? code.value : code;
  return value === undefined ? null : String(value);
}

function wirePosition(position: vscode.Position): { line: number; character: number } {
  return { line: position.line, character: position.character };
}

function wireRange(range: vscode.Range): Range {
  return { start: wirePosition(range.start), end: wirePosition(range.end) };
}
