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

export const workspace = {
  getConfiguration: () => ({
    get: (key: string) => {
      const found = settings.get(key);
      return found?.workspaceValue ?? found?.globalValue;
    },
    inspect: (key: string) => settings.get(key),
  }),
};

export class ThemeColor {
  constructor(readonly id: string) {}
}
