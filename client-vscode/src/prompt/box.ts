// The box in which a prompt of one line is written; mentions of files and symbols complete below it.
import * as vscode from "vscode";
import { detailsOf } from "../shared/code";
import { mentionAt, saidOf, type Query } from "../shared/mention";
import type { Completions } from "../shared/messages";
import { PastedLines } from "./pasted";

/** What may be meant by a mention in a prompt about the document `uri`. */
export type Find = (mention: Query, uri: string | null) => Promise<Completions>;

const IN_EDITOR: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon("go-to-file"),
  tooltip: "Write a long prompt in an editor",
};
const SETTLED_MS = 60;
const AGAIN_MS = 1000;
/** Above this a box of one line is no place to read or change a text. */
const LONGEST = 20_000;
const KEYS = "Enter refines the prompt, Escape leaves it";

interface Row extends vscode.QuickPickItem {
  /** What takes the place of the mention; null for the row that refines. */
  readonly insert: string | null;
}

const REFINE: Row = { label: "$(sparkle) Refine", description: "Enter", alwaysShow: true, insert: null };

/**
 * The rows below a prompt: none but while something is found for a mention, and then Refine comes first, so that Enter
 * always means the same.
 *
 * VS Code compares what is typed with every row, also with those that are always shown, by one regular expression. Of
 * more than about 33,000 characters that cannot be made: VS Code throws, never says what the box holds, and what was
 * pasted would be left out of the prompt.
 */
export function rowsOf(found: Completions | null): readonly Row[] {
  const items = found?.items ?? [];
  const details = detailsOf(items);
  const rows = items.map((item, at) => ({
    label: `$(${item.symbol === null ? "file" : "symbol-method"}) ${item.label}`,
    description: details[at] ?? "",
    alwaysShow: true,
    insert: item.insert,
  }));
  return rows.length === 0 ? [] : [REFINE, ...rows];
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
  say(box, KEYS);
  box.buttons = [IN_EDITOR];
  box.ignoreFocusOut = true;
  const look = looking(box, find);
  // elsewhere than on a desktop a browser would ask whether the clipboard may be read
  const pasted = new PastedLines(async () =>
    vscode.env.uiKind === vscode.UIKind.Desktop ? vscode.env.clipboard.readText() : "",
  );
  return new Promise((resolve) => {
    const close = (prompt: string | null): void => {
      resolve(prompt);
      box.hide();
    };
    const goOnInEditor = (): void => {
      void pasted.restored(box.value).then(inEditor);
      close(null);
    };
    box.onDidChangeValue(() => {
      pasted.changed(box.value);
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
        void pasted.restored(text).then(close);
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

/** Say something below the box: newer versions of VS Code than we ask for show it. */
function say(box: vscode.QuickPick<Row> & { prompt?: string }, words: string): void {
  box.prompt = words;
}

/** Keep the rows, and what is said below the box, those of what stands in it now. */
function looking(box: vscode.QuickPick<Row>, find: (mention: Query) => Promise<Completions>): () => void {
  let latest = 0;
  let timer: NodeJS.Timeout | undefined;
  const show = (found: Completions | null, text = ""): void => {
    box.items = rowsOf(found);
    const said = found === null ? [] : saidOf(found, text);
    say(box, said.length === 0 ? KEYS : said.join(" "));
  };
  const ask = async (request: number, mention: Query): Promise<void> => {
    const found = await find(mention);
    if (request !== latest) {
      return;
    }
    show(found, mention.text);
    if (found.items.length === 0 && (!found.complete || found.problem !== null)) {
      timer = setTimeout(() => void ask(request, mention), AGAIN_MS); // the server may run, and know it, by then
    }
  };
  const look = (): void => {
    latest += 1;
    const request = latest;
    clearTimeout(timer);
    const mention = mentionAt(box.value, box.value.length);
    if (mention === null) {
      show(null);
    } else {
      timer = setTimeout(() => void ask(request, mention), SETTLED_MS);
    }
  };
  box.onDidHide(() => {
    latest += 1;
    clearTimeout(timer);
  });
  return look;
}
