// As much of the `vscode` module as the pure parts touch.
export class Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}
}

export class Range {
  readonly start: Position;
  readonly end: Position;

  constructor(startLine: number, startCharacter: number, endLine: number, endCharacter: number);
  constructor(start: Position, end: Position);
  constructor(a: number | Position, b: number | Position, c?: number, d?: number) {
    this.start = a instanceof Position ? a : new Position(a, b as number);
    this.end = b instanceof Position ? b : new Position(c ?? 0, d ?? 0);
  }
}

interface Inspected {
  globalValue?: unknown;
  workspaceValue?: unknown;
}

/** What the settings tests say is set. */
export const settings = new Map<string, Inspected>();

/** Which addresses have no file behind them. */
export const gone = new Set<string>();

export const workspace = {
  fs: {
    stat: (file: { toString(): string }) =>
      gone.has(file.toString()) ? Promise.reject(new Error("no such file")) : Promise.resolve({}),
  },
  workspaceFolders: [] as { name: string; uri: { fsPath: string } }[],
  getWorkspaceFolder: ({ fsPath }: { fsPath: string }) =>
    workspace.workspaceFolders.find(({ uri }) => fsPath.startsWith(`${uri.fsPath}/`)),
  asRelativePath: (file: { fsPath: string }, withFolder: boolean) => {
    const folder = workspace.getWorkspaceFolder(file);
    const path = folder === undefined ? file.fsPath : file.fsPath.slice(folder.uri.fsPath.length + 1);
    return folder !== undefined && withFolder ? `${folder.name}/${path}` : path;
  },
  getConfiguration: () => ({
    get: (key: string) => {
      const found = settings.get(key);
      return found?.workspaceValue ?? found?.globalValue;
    },
    inspect: (key: string) => settings.get(key),
  }),
};

export class EventEmitter<T> {
  private readonly listeners: ((what: T) => void)[] = [];
  readonly event = (listener: (what: T) => void): unknown => this.listeners.push(listener);
  fire = (what: T): void => this.listeners.forEach((each) => each(what));
  dispose = (): void => undefined;
}

export class ThemeColor {
  constructor(readonly id: string) {}
}

export class ThemeIcon {
  constructor(readonly id: string) {}
}

const uri = (text: string): { scheme: string | undefined; toString: () => string } => ({
  scheme: text.split(":")[0],
  toString: () => text,
});
export const Uri = {
  parse: uri,
  file: (path: string) => uri(path.startsWith("/") ? `file://${path}` : `file:///${path}`),
  joinPath: (base: { toString(): string }, ...parts: readonly string[]) => uri([base.toString(), ...parts].join("/")),
};
export const ViewColumn = { One: 1, Active: -1, Beside: -2 };
export const TextEditorRevealType = { InCenterIfOutsideViewport: 2 };

/** A box with a list, as far as what is typed, picked and hidden in it goes. */
export class QuickPick {
  /** What the box holds: `value` is what VS Code has said of that. */
  private holds = "";
  private held = "";
  value = "";
  prompt = "";
  activeItems: readonly unknown[] = [];
  selectedItems: readonly unknown[] = [];
  private rows: readonly unknown[] = [];
  /** The order in which they are shown: VS Code has its own. */
  sorted = (rows: readonly unknown[]): readonly unknown[] => rows;
  private readonly on: [event: string, listener: (what: readonly unknown[]) => void][] = [];
  onDidChangeActive = (listener: (active: readonly unknown[]) => void): unknown => this.on.push(["active", listener]);
  onDidChangeValue = (listener: () => void): unknown => this.on.push(["type", listener]);
  onDidAccept = (listener: () => void): unknown => this.on.push(["accept", listener]);
  onDidHide = (listener: () => void): unknown => this.on.push(["hide", listener]);
  onDidTriggerButton = (listener: () => void): unknown => this.on.push(["button", listener]);
  show = (): void => void (this.shown += 1);
  dispose = (): void => undefined;
  hide = (): void => this.fire("hide");
  ignoreFocusOut = false;
  shown = 0;

  get items(): readonly unknown[] {
    return this.rows;
  }

  set items(rows: readonly unknown[]) {
    this.rows = rows;
    this.move(0);
  }

  /** Make a row active, as the arrow keys do; VS Code does so by itself with the first one where anything changes. */
  move(to: number): void {
    this.activeItems = this.selectedItems = this.sorted(this.rows).slice(to, to + 1);
    this.fire("active");
  }

  /** As VS Code does: where there are rows, each is compared by one regular expression, before anybody hears of it. */
  type(text: string): void {
    this.held = this.holds;
    this.holds = text;
    for (const row of this.items) {
      new RegExp(text.trim(), "i").exec(String(row));
    }
    this.move(0);
    this.value = text;
    this.fire("type");
  }

  /** Take back the last edit, or take that back. */
  undo(): void {
    this.type(this.held);
  }

  /** Paste a text behind what is typed: a box of one line has a space for each line's end. */
  paste(text: string): void {
    env.copied = text;
    this.type(this.value + text.replaceAll(/\r?\n/g, " "));
  }

  button(): void {
    this.fire("button");
  }

  /** Takes the row that is active, if any is. */
  enter(): void {
    this.fire("accept");
  }

  select(row: unknown): void {
    this.activeItems = this.selectedItems = [row];
    this.fire("accept");
  }

  pick(row: unknown): void {
    this.activeItems = [row];
    this.fire("accept");
  }

  private fire(event: string): void {
    this.on.filter(([name]) => name === event).forEach(([, listener]) => listener(this.activeItems));
  }
}

/** The commands of VS Code that were asked for, with what they do to the box that was opened last. */
export const commands = {
  asked: [] as string[],
  executeCommand: (name: string) => {
    commands.asked.push(name);
    if (name === "undo" || name === "redo") {
      window.quickPick.undo();
    }
    return Promise.resolve();
  },
};

export const UIKind = { Desktop: 1, Web: 2 };

/** What is in the clipboard, and where VS Code runs. */
export const env = {
  uiKind: UIKind.Desktop,
  copied: "",
  clipboard: { readText: () => Promise.resolve(env.copied), writeText: () => Promise.resolve() },
};

export const window = {
  quickPick: new QuickPick(),
  createQuickPick: () => (window.quickPick = new QuickPick()),
  activeTextEditor: undefined,
  visibleTextEditors: [] as unknown[],
  /** Who is told which text editor is active. */
  activeEditors: [] as ((editor: unknown) => void)[],
  onDidChangeActiveTextEditor: (listener: (editor: unknown) => void) => window.activeEditors.push(listener),
  showTextDocument: () => Promise.resolve(undefined),
  /** What was posted to the latest webview panel, and how it posts to us. */
  panel: { posted: [] as unknown[], post: (() => undefined) as (message: unknown) => void },
  createWebviewPanel: () => ({
    visible: true,
    onDidDispose: () => undefined,
    onDidChangeViewState: () => undefined,
    reveal: () => undefined,
    webview: {
      html: "",
      cspSource: "",
      asWebviewUri: (source: object) => source,
      onDidReceiveMessage: (listener: (message: unknown) => void) => (window.panel.post = listener),
      postMessage: (message: unknown) => window.panel.posted.push(message),
    },
  }),
  showInformationMessage: (...asked: readonly unknown[]) => Promise.resolve<unknown>(asked.at(-1)),
  showErrorMessage: (...asked: readonly unknown[]) => Promise.resolve<unknown>(asked.at(-1)),
  showWarningMessage: (...asked: readonly unknown[]) => Promise.resolve<unknown>(asked.at(-1)),
};

/** A document as the editor has it: places beyond its end are its end. */
export function document(uri: string, text: string) {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = text.split(eol);
  const offsetAt = ({ line, character }: Position): number =>
    line >= lines.length
      ? text.length
      : lines.slice(0, line).reduce((sum, each) => sum + each.length + eol.length, 0) + character;
  return {
    uri: Uri.parse(uri),
    isClosed: false,
    lineCount: lines.length,
    lineAt: (line: number) => ({ text: lines[line] }),
    offsetAt,
    positionAt: (offset: number) => {
      const before = text.slice(0, offset).split(eol);
      return new Position(before.length - 1, before.at(-1)?.length ?? 0);
    },
    getText: (range?: Range) => (range === undefined ? text : text.slice(offsetAt(range.start), offsetAt(range.end))),
  };
}
