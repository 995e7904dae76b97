// Which part of a text names a file or a symbol.
import type { MentionKind } from "../protocol";

/** What is asked for by the text from `start` to the caret. */
export interface Query {
  readonly kinds: readonly MentionKind[];
  readonly text: string;
  readonly start: number;
}

const MENTION = /(?:^|[\s([{"'`])([#@])([^\s#@]{0,200})$/u;

/** The mention before the caret in a prompt, such as `#till/bi` or `@tot`; null where there is none. */
export function mentionAt(text: string, caret: number): Query | null {
  const found = MENTION.exec(text.slice(Math.max(0, caret - 220), caret));
  if (found === null) {
    return null;
  }
  const [, mark, name] = found as unknown as [string, string, string];
  return { kinds: [mark === "#" ? "file" : "symbol"], text: name, start: caret - name.length - 1 };
}

/** A box in which everything is a name: of a file after `#`, of a symbol after `@`, of either without a mark. */
export function nameIn(text: string): Query {
  const mark = text.trimStart().charAt(0);
  const kinds: readonly MentionKind[] = mark === "#" ? ["file"] : mark === "@" ? ["symbol"] : ["file", "symbol"];
  return { kinds, text: text.trim().replace(/^[#@]/, "").slice(0, 200), start: 0 };
}
