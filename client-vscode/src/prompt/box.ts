// The box in which a prompt of one line is written; mentions of files and symbols complete below it.
import * as vscode from "vscode";
import { renew, showBox } from "../boxes";
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
 * more than about 33,000 characters that cannot be made: VS Code throws, and does not say what the box holds. So there are
 * no rows where no mention is, and `written` asks again where there were some.
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
  return new Promise((resolve) => new PromptBox(box, resolve, inEditor, looking(box, find)));
}

class PromptBox {
  // elsewhere than on a desktop a browser would ask whether the clipboard may be read
  private readonly pasted = new PastedLines(async () =>
    vscode.env.uiKind === vscode.UIKind.Desktop ? vscode.env.clipboard.readText() : "",
  );
  private readonly focus: () => void;
  private open = true;
  private asking = false;
  private leaving = false;
  private completing: Promise<void> = Promise.resolve();
  private putting: { readonly value: string; readonly before: string; typed: string } | null = null;

  constructor(
    private readonly box: vscode.QuickPick<Row>,
    private readonly resolve: (prompt: string | null) => void,
    private readonly inEditor: (draft: string) => Promise<void>,
    private readonly look: Looking,
  ) {
    box.onDidChangeValue(() => this.changed());
    box.onDidAccept(() => {
      const insert = box.activeItems[0]?.insert ?? null;
      if (insert === null) {
        void this.leave((text) => this.refine(text.trim()));
      } else {
        this.completing = this.complete(insert);
      }
    });
    box.onDidTriggerButton(() => {
      this.focus(); // a click has it elsewhere, and what has it takes back its own last edit
      void this.leave((text) => this.goOnInEditor(text));
    });
    this.focus = showBox(box, () => {
      this.open = false;
      look.stop();
      resolve(null);
    });
  }

  private changed(): void {
    this.pasted.changed(this.box.value);
    this.keepTyped();
    if (!this.asking) {
      this.goOn(); // else it was asked for just this
    }
  }

  private goOn(): void {
    if (this.box.value.length > LONGEST) {
      this.goOnInEditor(this.box.value);
    } else {
      this.look.again();
    }
  }

  /** Put what was picked in the place of the mention as it was then, before what was pasted or typed since. */
  private async complete(insert: string): Promise<void> {
    const { box } = this;
    const picked = box.value;
    this.look.stop(); // what is still being found for the mention comes too late
    const text = await this.written();
    if (this.open) {
      const since = text.startsWith(picked) ? text.slice(picked.length) : "";
      const before = completed(text.slice(0, text.length - since.length), insert);
      this.put((/^\s/.test(since) ? before.trimEnd() : before) + since, text);
      this.goOn();
    }
  }

  private put(value: string, before: string): void {
    this.putting = { value, before, typed: "" };
    this.box.value = value;
  }

  /** VS Code says when it has put a text into the box: what was typed on its way there would be lost. */
  private keepTyped(): void {
    const { putting, box } = this;
    if (putting !== null && box.value !== putting.value) {
      putting.typed = box.value.startsWith(putting.before) ? box.value.slice(putting.before.length) : "";
    } else if (putting !== null) {
      this.putting = null;
      if (putting.typed !== "") {
        this.put(putting.value + putting.typed, putting.value);
      }
    }
  }

  private refine(text: string): void {
    if (text !== "") {
      void this.pasted.restored(text).then((prompt) => this.close(prompt));
    }
  }

  private goOnInEditor(text: string): void {
    void this.pasted.restored(text).then(this.inEditor);
    this.close(null);
  }

  private close(prompt: string | null): void {
    this.resolve(prompt);
    this.box.hide();
  }

  /** Go on elsewhere with what is in the box, once that is known; where it is too long for a box, in an editor. */
  private async leave(goOn: (text: string) => void): Promise<void> {
    if (this.leaving) {
      return;
    }
    this.leaving = true;
    await this.completing;
    this.look.stop();
    const text = await this.written();
    this.leaving = false;
    if (this.open && text.length > LONGEST) {
      this.goOnInEditor(text);
    } else if (this.open) {
      goOn(text);
    }
  }

  /**
   * What a person wrote into the box, with what VS Code has not said of it: once its rows are gone, it says so where the
   * last edit is taken back and made again, in one go, for a key in between would be lost. Where that fails, what it has
   * said is all there is.
   */
  private async written(): Promise<string> {
    const { box } = this;
    const known = box.value;
    if (box.items.length > 0) {
      box.items = [];
      this.asking = true;
      await new Promise((settled) => setTimeout(settled)); // was it closed by then?
      const commands = this.open ? ["undo", "redo"] : [];
      await Promise.allSettled(commands.map((each) => vscode.commands.executeCommand(each)));
      this.asking = false;
    }
    return box.value.length > known.length ? box.value : known;
  }
}

/** Say something below the box: newer versions of VS Code than we ask for show it. */
function say(box: vscode.QuickPick<Row> & { prompt?: string }, words: string): void {
  box.prompt = words;
}

interface Looking {
  again(): void;
  stop(): void;
}

/** Keep the rows, and what is said below the box, those of what stands in it now. */
function looking(box: vscode.QuickPick<Row>, find: (mention: Query) => Promise<Completions>): Looking {
  let latest = 0;
  let timer: NodeJS.Timeout | undefined;
  const show = (found: Completions | null, text = ""): void => {
    renew(box, rowsOf(found), ({ insert }) => insert);
    const said = found === null ? [] : saidOf(found, text);
    say(box, said.length === 0 ? KEYS : said.join(" "));
  };
  const ask = async (request: number, mention: Query): Promise<void> => {
    box.busy = true;
    const found = await find(mention);
    if (request !== latest) {
      return;
    }
    box.busy = false;
    show(found, mention.text);
    if (found.items.length === 0 && (!found.complete || found.problem !== null)) {
      timer = setTimeout(() => void ask(request, mention), AGAIN_MS); // the server may run, and know it, by then
    }
  };
  const stop = (): void => {
    latest += 1;
    box.busy = false;
    clearTimeout(timer);
  };
  const again = (): void => {
    stop();
    const request = latest;
    const mention = mentionAt(box.value, box.value.length);
    if (mention === null) {
      show(null);
    } else {
      timer = setTimeout(() => void ask(request, mention), SETTLED_MS);
    }
  };
  return { again, stop };
}
