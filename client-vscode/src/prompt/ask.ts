// Where a person writes a prompt: a box for a line, a document for more.
import * as vscode from "vscode";
import { promptBox, type Find } from "./box";
import { aboutEditor, writtenIn, type Origin } from "./request";
import { commentText, PROSE } from "./comment";

/** Prompt documents by their address, with what each is about. */
export class PromptDocuments implements vscode.Disposable {
  private readonly about = new Map<string, Origin>();
  private readonly closing = vscode.workspace.onDidCloseTextDocument((document) => {
    this.about.delete(document.uri.toString());
  });

  /** Open a document to write a prompt in that is about `origin`. */
  async open(origin: Origin): Promise<void> {
    const content = origin.params.prompt ?? "";
    const document = await vscode.workspace.openTextDocument({ language: "markdown", content });
    this.about.set(document.uri.toString(), origin);
    const end = document.positionAt(content.length);
    await vscode.window.showTextDocument(document, { selection: new vscode.Range(end, end) });
    await this.mark(document);
    const write = content === "" ? "Write your prompt" : "Go on writing your prompt here";
    vscode.window.setStatusBarMessage(`${write}, then use “OptaFly: Refine Prompt” (Ctrl+Alt+U).`, 10_000);
  }

  /** The prompt in `document` with what it is about, or null where it is not a prompt document or is empty. */
  take(document: vscode.TextDocument | undefined): Origin | null {
    const origin = document && this.about.get(document.uri.toString());
    const prompt = document?.getText().trim() ?? "";
    return origin && prompt !== "" ? { ...origin, params: { ...origin.params, prompt } } : null;
  }

  /** Say to menus whether `document` is one of ours. */
  async mark(document: vscode.TextDocument | undefined): Promise<void> {
    const ours = document !== undefined && this.about.has(document.uri.toString());
    await vscode.commands.executeCommand("setContext", "optafly.promptDocument", ours);
  }

  dispose(): void {
    this.closing.dispose();
  }
}

/** Ask for a prompt about the active editor. Null where the person gave none, or went on in an editor. */
export async function askPrompt(documents: PromptDocuments, find: Find): Promise<Origin | null> {
  const editor = vscode.window.activeTextEditor;
  const written = documents.take(editor?.document);
  if (written !== null) {
    return written;
  }
  const origin = aboutEditor("", editor);
  const inEditor = async (draft: string): Promise<void> => {
    await documents.open({ ...origin, params: { ...origin.params, prompt: draft } });
  };
  const text = await promptBox(whatAbout(editor), inEditor, async (mention) =>
    find(mention, origin.params.uri ?? null),
  );
  return text === null ? null : { ...origin, params: { ...origin.params, prompt: text } };
}

/** Take the selection as the prompt where it is prose or a comment; otherwise ask what to do with the selected code. */
export async function promptOfSelection(documents: PromptDocuments, find: Find): Promise<Origin | null> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined || editor.selection.isEmpty || documents.take(editor.document) !== null) {
    return askPrompt(documents, find);
  }
  const selected = editor.document.getText(editor.selection);
  const prose = PROSE.has(editor.document.languageId) ? selected.trim() : commentText(selected);
  return prose ? writtenIn(prose, editor) : askPrompt(documents, find);
}

function whatAbout(editor: vscode.TextEditor | undefined): string {
  if (editor === undefined) {
    return "What would you like to ask?";
  }
  const name = vscode.workspace.asRelativePath(editor.document.uri);
  const { start, end, isEmpty } = editor.selection;
  if (isEmpty) {
    return `About ${name}, at line ${start.line + 1}`;
  }
  const last = end.character === 0 && end.line > start.line ? end.line : end.line + 1;
  const lines = last === start.line + 1 ? `line ${last}` : `lines ${start.line + 1} to ${last}`;
  return `About ${lines} of ${name}`;
}
