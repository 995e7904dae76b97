// What the panel does in the editor: open a piece, copy, insert, apply, follow a link.
import * as vscode from "vscode";
import type { Piece } from "../protocol";
import type { ToHost } from "../shared/messages";
import type { Card } from "./card";
import { targetOf } from "./target";

/** Carry out one of the panel's messages that is not about the proposal itself. */
export async function act(card: Card, message: ToHost): Promise<void> {
  switch (message.type) {
    case "openPiece": {
      const piece = card.model.proposal?.pieces[message.index];
      return piece === undefined ? undefined : openPiece(piece);
    }
    case "openPath":
      return openPath(message.path, message.line);
    case "copy":
      await vscode.env.clipboard.writeText(message.text);
      vscode.window.setStatusBarMessage("$(check) Copied", 2000);
      return;
    case "insert":
      return (await agreed(card, message.text, "Insert Anyway")) ? insert(card, message.text) : undefined;
    case "apply":
      return (await agreed(card, message.text, "Apply Anyway")) ? apply(card, message.text) : undefined;
    case "link":
      return follow(message.href);
    case "showLogs":
      return vscode.commands.executeCommand("optafly.showLogs");
    case "resumeIndexing":
      return vscode.commands.executeCommand("optafly.resumeIndexing");
    default:
      return;
  }
}

async function openPiece(piece: Piece): Promise<void> {
  const lines = new vscode.Range(piece.startLine - 1, 0, piece.endLine - 1, Number.MAX_SAFE_INTEGER);
  const uri = vscode.Uri.parse(piece.uri);
  if (uri.scheme === "file" && !(await there(uri))) {
    gone(piece.path);
    return;
  }
  await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.One, selection: lines });
}

const there = (uri: vscode.Uri): Thenable<boolean> =>
  vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );

function gone(path: string): void {
  void vscode.window.showInformationMessage(`${path} is not in the workspace any more.`);
}

/** Open a path of the workspace: in the first of its folders that has it. */
async function openPath(path: string, line: number | null): Promise<void> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const places = /^(\/|[A-Za-z]:\/)/.test(path) // the server writes the paths of Windows with slashes as well
    ? [vscode.Uri.file(path)]
    : folders.map(({ uri }) => vscode.Uri.joinPath(uri, path));
  for (const uri of places) {
    if (await there(uri)) {
      const at = new vscode.Position((line ?? 1) - 1, 0);
      const selection = new vscode.Range(at, at);
      await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.One, selection });
      return;
    }
  }
  gone(path);
}

let last: vscode.TextEditor | undefined;

/** Remember the text editor that was used last: while the panel has the focus, none is active. */
export function followEditors(): vscode.Disposable {
  const remember = (editor: vscode.TextEditor | undefined): void => {
    last = editor === undefined || editor.document.uri.scheme === "output" ? last : editor;
  };
  remember(vscode.window.activeTextEditor);
  return vscode.window.onDidChangeActiveTextEditor(remember);
}

/** The editor with the cursor that a person left: as it was, or opened again where another tab covers it. */
async function lastEditor(): Promise<vscode.TextEditor | undefined> {
  if (last === undefined || last.document.isClosed || vscode.window.visibleTextEditors.includes(last)) {
    return last?.document.isClosed ? undefined : last;
  }
  return vscode.window.showTextDocument(last.document, {
    selection: last.selection,
    viewColumn: last.viewColumn ?? vscode.ViewColumn.One,
  });
}

/** Ask before text is written in which a placeholder stands for a secret. */
async function agreed(card: Card, text: string, yes: string): Promise<boolean> {
  const masked = card.model.proposal?.masked.filter((each) => text.includes(each.placeholder)) ?? [];
  if (masked.length === 0) {
    return true;
  }
  const names = [...new Set(masked.map((each) => each.placeholder))].join(", ");
  const detail = `It stands for a secret that was not sent. Put the secret, or where it comes from, in its place yourself.`;
  return (await vscode.window.showWarningMessage(`The code holds ${names}.`, { modal: true, detail }, yes)) === yes;
}

/** The editor to write into: the prompt's own document where it is open, else any visible one. */
async function editorFor(card: Card): Promise<vscode.TextEditor | undefined> {
  const uri = card.model.proposal?.uri;
  if (uri) {
    const shown = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri);
    if (shown !== undefined) {
      return shown;
    }
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
    return vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
  }
  return vscode.window.visibleTextEditors[0];
}

async function insert(card: Card, text: string): Promise<void> {
  const editor = (await lastEditor()) ?? (await editorFor(card));
  if (editor === undefined) {
    void vscode.window.showInformationMessage("Open the file that the code should go into first.");
    return;
  }
  const at = editor.selection.active;
  await edit(editor, new vscode.Range(at, at), text);
}

async function apply(card: Card, text: string): Promise<void> {
  const editor = await editorFor(card);
  if (editor === undefined) {
    void vscode.window.showInformationMessage("Open the file that the code should go into first.");
    return;
  }
  const range = targetOf(card, editor.document) ?? (editor.selection.isEmpty ? null : editor.selection);
  if (range === null) {
    void vscode.window.showInformationMessage("The code has changed since. Select what to replace, then apply again.");
    return;
  }
  await edit(editor, range, text);
}

/** One undoable edit, shown to the person and selected. */
async function edit(editor: vscode.TextEditor, range: vscode.Range, text: string): Promise<void> {
  const start = editor.document.offsetAt(range.start);
  const done = await editor.edit((builder) => builder.replace(range, text), {
    undoStopBefore: true,
    undoStopAfter: true,
  });
  if (!done) {
    void vscode.window.showWarningMessage("The editor did not take the edit: the file may be read-only.");
    return;
  }
  const end = editor.document.positionAt(start + editor.document.getText(range).length);
  const written = new vscode.Range(editor.document.positionAt(start), end);
  editor.revealRange(written, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  await vscode.window.showTextDocument(editor.document, { viewColumn: editor.viewColumn ?? vscode.ViewColumn.One });
}

async function follow(href: string): Promise<void> {
  const uri = vscode.Uri.parse(href);
  if (uri.scheme === "https" || uri.scheme === "http") {
    await vscode.env.openExternal(uri);
  }
}
