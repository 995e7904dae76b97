// The box in which a prompt of one line is written; mentions of files and symbols complete below it.
import * as vscode from "vscode";
import { mentionAt, type Query } from "../shared/mention";
import type { Completions } from "../shared/messages";

/** What may be meant by a mention in a prompt about the document `uri`. */
export type Find = (mention: Query, uri: string | null) => Promise<Completions>;

const IN_EDITOR: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon("go-to-file"),
  tooltip: "Write a long prompt in an editor",
};
const SETTLED_MS = 60;
/** Above this VS Code fails to compare what is typed with the rows, and the box stays open whatever is pressed. */
const LONGEST = 20_000;

interface Row extends vscode.QuickPickItem {
  /** What takes the place of the mention; null for the row that refines. */
  readonly insert: string | null;
}

const REFINE: Row = { label: "$(sparkle) Refine", description: "Enter", alwaysShow: true, insert: null };

/** The rows below a prompt: Refine comes first, so that Enter always means the same. */
export function rowsOf(text: string, found: Completions | null): readonly Row[] {
  const rows = (found?.items ?? []).map((item) => ({
    label: `$(${item.symbol === null ? "file" : "symbol-method"}) ${item.label}`,
    description: item.detail,
    alwaysShow: true,
    insert: item.insert,
  }));
  return text.trim() === "" && rows.length === 0 ? [] : [REFINE, ...rows];
}

/** The prompt with the mention at its end replaced by what was picked. */
export function completed(text: string, insert: string): string {
  const mention = mentionAt(text, text.length);
  return mention === null ? `${text.trimEnd()} ${insert} ` : `${text.slice(0, mention.start)}${insert} `;
}

/** Ask for a prompt. Null where the person gave none, or went on in an editor. */
export function promptBox(
  about: string,
  inEditor: (draft: string) => Promise<void>,
  find: (mention: Query) => Promise<Completions>,
): Promise<string | null> {
  const box = vscode.window.createQuickPick<Row>();
  box.title = `OptaFly: Refine Prompt · ${about}`;
  box.placeholder = "For example: fix this · explain why this is slow · # names a file, @ a symbol";
  box.buttons = [IN_EDITOR];
  box.ignoreFocusOut = true;
  const look = looking(box, find);
  return new Promise((resolve) => {
    const goOnInEditor = (): void => {
      const draft = box.value;
      resolve(null);
      box.hide();
      void inEditor(draft);
    };
    box.onDidChangeValue(() => {
      if (box.value.length > LONGEST) {
        goOnInEditor();
      } else {
        look();
      }
    });
    box.onDidAccept(() => {
      const insert = box.activeItems[0]?.insert ?? null;
      const text = box.value.trim();
      if (insert !== null) {
        box.value = completed(box.value, insert);
        look(); // what is still being found for the mention as it was typed comes too late
      } else if (text !== "") {
        resolve(text);
        box.hide();
      }
    });
    box.onDidTriggerButton(goOnInEditor);
    box.onDidHide(() => {
      resolve(null);
      box.dispose();
    });
    box.show();
  });
}

/** Keep the rows those of what stands in the box now. */
function looking(box: vscode.QuickPick<Row>, find: (mention: Query) => Promise<Completions>): () => void {
  let latest = 0;
  let timer: NodeJS.Timeout | undefined;
  return () => {
    latest += 1;
    const request = latest;
    clearTimeout(timer);
    const mention = mentionAt(box.value, box.value.length);
    if (mention === null) {
      box.items = rowsOf(box.value, null);
      return;
    }
    timer = setTimeout(() => {
      void find(mention).then((found) => {
        if (request === latest) {
          box.items = rowsOf(box.value, found);
        }
      });
    }, SETTLED_MS);
  };
}
