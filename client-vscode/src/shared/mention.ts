// Which part of a text names a file or a symbol.
import type { MentionKind } from "../protocol";
import type { Completions } from "./messages";

/** What is asked for by the text from `start` to the caret. */
export interface Query {
  readonly kinds: readonly MentionKind[];
  readonly text: string;
  readonly start: number;
}

/** As the server reads it (`optafly/mentions.py`): a path with other than word characters in it stands in quotes. */
const MENTION = /(?:^|[\s([{"'`])(?:([#@])([^\s#@"]{0,200})|(#)"([^"\n]{0,200}))$/u;

/** The mention before the caret in a prompt, such as `#till/bi`, `#"my no` or `@tot`; null where there is none. */
export function mentionAt(text: string, caret: number): Query | null {
  const found = MENTION.exec(text.slice(Math.max(0, caret - 220), caret));
  if (found === null) {
    return null;
  }
  const [, mark = "#", plain, , quoted = ""] = found;
  const typed = plain ?? `"${quoted}`;
  return { kinds: [mark === "#" ? "file" : "symbol"], text: plain ?? quoted, start: caret - typed.length - 1 };
}

/** A box in which everything is a name: of a file after `#`, of a symbol after `@`, of either without a mark. */
export function nameIn(text: string): Query {
  const mark = text.trimStart().charAt(0);
  const kinds: readonly MentionKind[] = mark === "#" ? ["file"] : mark === "@" ? ["symbol"] : ["file", "symbol"];
  return { kinds, text: text.trim().replace(/^[#@]/, "").slice(0, 200), start: 0 };
}

/** What a person is told of what was found for a name, beside the rows. */
export function saidOf({ items, complete, problem }: Completions, text: string): readonly string[] {
  if (problem !== null) {
    return [problem];
  }
  const nothing = items.length === 0 && text !== "" && complete ? `Nothing here is called “${text}”.` : null;
  const waiting = complete ? null : "Not all of the workspace is indexed: there may be more.";
  return [nothing, waiting].filter((each) => each !== null);
}
