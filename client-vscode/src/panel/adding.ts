// Adding code to the prompt that is being reviewed: by name from the palette, or a file from the explorer.
import { realpath } from "node:fs/promises";
import * as vscode from "vscode";
import { renew, showBox } from "../boxes";
import type { CompleteItem, CompleteParams, CompleteResult, MentionKind } from "../protocol";
import { inWords, problemOf } from "../server/problem";
import { detailsOf } from "../shared/code";
import { saidOf } from "../shared/mention";
import type { Completions, ToHost } from "../shared/messages";
import type { Desk } from "./desk";

export type Complete = (params: CompleteParams) => Promise<CompleteResult>;

const MOST = 20;
const SETTLED_MS = 60;
const LONGEST = 200; // as much of a path as may be asked about
const AGAIN = "Try Again";
const NOWHERE = "No folder is open in which it could be looked for.";

/** What may be meant in a panel; kinds in the order in which they are asked for. */
export async function completions(
  complete: Complete,
  uri: string | null,
  { kinds, text }: Pick<Extract<ToHost, { type: "complete" }>, "kinds" | "text">,
): Promise<Completions> {
  try {
    const limit = Math.ceil(MOST / kinds.length);
    const found = await Promise.all(kinds.map((kind) => complete({ kind, text, uri, limit })));
    const items = found.flatMap((each) => each.items);
    const nowhere = items.length === 0 && (vscode.workspace.workspaceFolders ?? []).length === 0;
    return { items, complete: found.every((each) => each.complete), problem: nowhere ? NOWHERE : null };
  } catch (error) {
    return { items: [], complete: true, problem: inWords(problemOf(error)) };
  }
}

/** Add the files that were chosen in the explorer, or the one of the editor's tab. */
export async function addFiles(desk: Desk, complete: Complete, uris: readonly vscode.Uri[]): Promise<void> {
  for (const uri of uris.filter((each) => each.scheme === "file")) {
    const name = await nameOfFile(complete, uri);
    await add(desk, name, name);
  }
}

/**
 * What the server calls a file: its path, and where several folders of the workspace have that, with its folder before.
 *
 * The server knows which folders have it; a file that it does not know is named so that no other can be meant.
 */
export async function nameOfFile(complete: Complete, uri: vscode.Uri): Promise<string> {
  const path = vscode.workspace.asRelativePath(uri, false);
  const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath;
  if (folder === undefined || (vscode.workspace.workspaceFolders ?? []).length < 2) {
    return path;
  }
  const roots = [folder, await realpath(folder).catch(() => folder)];
  const found = await complete({ kind: "file", text: path.slice(-LONGEST), uri: uri.toString(), limit: 100 });
  const here = found.items.find(({ root, path: name }) => {
    const whole = `${root}/${path}`.replaceAll("\\", "/");
    return roots.includes(root) && name.endsWith(path) && (whole === name || whole.endsWith(`/${name}`));
  });
  return here?.name ?? vscode.workspace.asRelativePath(uri, true);
}

interface Named extends vscode.QuickPickItem {
  readonly found: CompleteItem | null;
}

/** Ask for the name of a file or a symbol, with type-ahead, and add what is picked. */
export async function addByName(desk: Desk, complete: Complete, kind: MentionKind, begun = ""): Promise<void> {
  const uri = desk.current?.model.proposal?.uri ?? null;
  const found = await ask(kind, begun, (text) => completions(complete, uri, { kinds: [kind], text }));
  if (found !== null) {
    await add(desk, found.name, found.label);
  }
}

/** Add code; where that cannot be, say why, and keep what was named so that one click tries again. */
async function add(desk: Desk, name: string, label: string): Promise<void> {
  const reason = await desk.add(name, label);
  if (reason !== null) {
    void vscode.window.showInformationMessage(`${label} was not added. ${reason}`, AGAIN).then(async (chosen) => {
      if (chosen === AGAIN) {
        await add(desk, name, label);
      }
    });
  }
}

function ask(
  kind: MentionKind,
  begun: string,
  find: (text: string) => Promise<Completions>,
): Promise<CompleteItem | null> {
  const box = vscode.window.createQuickPick<Named>();
  box.title = kind === "file" ? "OptaFly: Add File to Context" : "OptaFly: Add Symbol to Context";
  box.placeholder = kind === "file" ? "Part of a path" : "Part of a name";
  box.value = begun;
  box.matchOnDescription = true;
  let latest = 0;
  let timer: NodeJS.Timeout | undefined;
  let answered: string | null = null; // the text that the rows are for
  const look = async (): Promise<void> => {
    latest += 1;
    const [request, text] = [latest, box.value];
    clearTimeout(timer);
    box.busy = true;
    const result = await find(text);
    if (request === latest) {
      box.busy = false;
      renew(box, itemsOf(result, text), ({ found }) => found?.name ?? null);
      answered = text;
    }
  };
  return new Promise((resolve) => {
    box.onDidChangeValue(() => {
      box.activeItems = []; // VS Code makes one active that nobody chose: by then an active one was clicked, or moved to
      clearTimeout(timer);
      timer = setTimeout(() => void look(), SETTLED_MS);
    });
    const accept = async (): Promise<void> => {
      const [text, [picked]] = [box.value, box.activeItems];
      await (picked === undefined && answered !== text ? look() : null); // Enter means what is found for what was typed
      const chosen = (picked ?? (answered === text ? box.items[0] : undefined))?.found ?? null;
      if (chosen !== null && box.value === text) {
        resolve(chosen);
        box.hide();
      }
    };
    box.onDidAccept(() => void accept());
    showBox(box, () => {
      clearTimeout(timer);
      latest += 1;
      resolve(null);
    });
    void look();
  });
}

/** What was found, as it came: the server ranks, also what is misspelt. */
export function itemsOf(result: Completions, text: string): readonly Named[] {
  const details = detailsOf(result.items);
  const picks = result.items.map((found, at) => ({
    label: `$(${found.symbol === null ? "file" : "symbol-method"}) ${found.label}`,
    description: details[at] ?? "",
    alwaysShow: true,
    found,
  }));
  const words = saidOf(result, text).join(" ");
  return words === "" ? picks : [...picks, { label: words, alwaysShow: true, found: null }];
}
