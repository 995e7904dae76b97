// Differences between two texts, as lines whose own words are marked.
import type { DiffPart } from "../src/protocol";
import { counted } from "../src/shared/words";
import { h, type Child } from "./dom";

type Line = readonly DiffPart[];

const AROUND = 2;
/** A line that stands for others: the server has left them out, and how many they were is not known here. */
const LEFT_OUT = "…";

/** A run of words that only one of the texts has. */
export function marked(text: string, op: "insert" | "delete"): HTMLElement {
  return h(op === "insert" ? "ins" : "del", {}, text);
}

/** The words of one side of a difference, those that only it has marked; `whole` where nothing was compared. */
export function oneSide(diff: readonly DiffPart[], own: "insert" | "delete", whole: string): readonly Child[] {
  const parts = diff.length === 0 ? [{ op: "equal", text: whole } as const] : diff;
  return linesOf(parts.filter((part) => part.op === "equal" || part.op === own)).map(drawn);
}

/** Both sides in one text: what went beside what came. Runs of lines that stayed the same are folded. */
export function bothSides(diff: readonly DiffPart[]): readonly Child[] {
  const all = linesOf(diff);
  const lines = all.at(-1)?.every((part) => part.text === "") ? all.slice(0, -1) : all; // what ends in a line's end
  const differs = lines.map((line) => line.some((part) => part.op !== "equal"));
  const near = (at: number): boolean => differs.slice(Math.max(0, at - AROUND), at + AROUND + 1).includes(true);
  const out: Child[] = [];
  for (let at = 0; at < lines.length;) {
    let end = at;
    while (end < lines.length && !near(end)) {
      end += 1;
    }
    if (end - at > 1) {
      const cut = lines.slice(at, end).some((line) => line.map((part) => part.text).join("") === LEFT_OUT);
      out.push(h("div", { class: "line fold" }, cut ? "⋯ the same" : `⋯ ${counted(end - at, "line")} the same`));
      at = end;
    } else {
      out.push(drawn(lines[at] ?? []));
      at += 1;
    }
  }
  return out;
}

function drawn(line: Line): HTMLElement {
  const said = line.filter((part) => part.text !== "");
  const [first] = said.length === 0 ? line : said;
  const own = first !== undefined && first.op !== "equal" && said.every((part) => part.op === first.op) ? first.op : "";
  const texts = said.map((part) => (part.op === "equal" ? part.text : marked(part.text, part.op)));
  const empty = said.length === 0;
  return h("div", { class: `line ${own}`.trim(), dir: "auto" }, ...texts, empty ? h("br") : null);
}

function linesOf(parts: readonly DiffPart[]): readonly Line[] {
  const lines: DiffPart[][] = [[]];
  for (const { op, text } of parts) {
    text.split("\n").forEach((piece, index) => {
      if (index > 0) {
        lines.push([]);
      }
      if (piece !== "" || index > 0) {
        lines.at(-1)?.push({ op, text: piece });
      }
    });
  }
  return lines;
}
