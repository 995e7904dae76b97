// Tells a prompt that was written in a comment from code.

const LINE = /^\s*(?:\/\/+!?|#+|--+|;+|%+|\*(?!\/)|'''|""")\s?/;
const OPEN = /^\s*(?:\/\*+|<!--|"""|''')\s?/;
const CLOSE = /\s*(?:\*+\/|-->|"""|''')\s*$/;

/** Languages in which every word is for people. */
export const PROSE: ReadonlySet<string> = new Set(["markdown", "plaintext", "git-commit", "restructuredtext", "latex"]);

/** The words of a comment without its marks, or null where some line is not one. */
export function commentText(text: string): string | null {
  const lines = text.trim().split(/\r?\n/);
  const first = lines[0] ?? "";
  if (OPEN.test(first)) {
    const last = lines.at(-1) ?? "";
    if (!CLOSE.test(lines.length === 1 ? first.replace(OPEN, "") : last)) {
      return null;
    }
    const inner = text.trim().replace(OPEN, "").replace(CLOSE, "").split(/\r?\n/);
    return finished(inner.map((line) => line.replace(/^\s*\*\s?/, "").trim()));
  }
  if (!lines.every((line) => line.trim() === "" || LINE.test(line))) {
    return null;
  }
  return finished(lines.map((line) => line.replace(LINE, "").trimEnd()));
}

function finished(lines: readonly string[]): string | null {
  const words = lines.join("\n").trim();
  return words === "" ? null : words;
}
