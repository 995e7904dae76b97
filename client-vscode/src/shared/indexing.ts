// How far the index of the workspace is, in words. The server knows; here it is only said.
import type { IndexStatus, RootStatus } from "../protocol";
import { counted } from "./words";

/** What there is to say of the index: whether it is still being made, and why it is not where it failed. */
export interface Indexing {
  /** `partly`: the index of some folders could not be made, the others have theirs. */
  readonly kind: "none" | "off" | "making" | "failed" | "partly" | "ready";
  readonly words: string;
}

const MAKING: readonly RootStatus["state"][] = ["waiting", "scanning", "reading"];

/** The state of all roots as one, for a person; null where the server has said nothing of an index. */
export function indexing(index: IndexStatus | null | undefined): Indexing | null {
  if (!index) {
    return null;
  }
  const roots = index.roots.filter((root) => root.state !== "closed");
  const [closed] = index.roots;
  if (roots.length === 0) {
    return closed === undefined
      ? { kind: "none", words: "No folder is open." }
      : { kind: "off", words: `The workspace is not searched. ${closed.message}`.trim() };
  }
  const failed = roots.filter((root) => root.state === "failed");
  const making = roots.filter((root) => MAKING.includes(root.state));
  const words = [...failed.map(whyNot), ...(making.length > 0 ? [howFar(making)] : [])];
  if (words.length > 0) {
    const kind = failed.length === 0 ? "making" : failed.length < roots.length ? "partly" : "failed";
    return { kind, words: words.join(" ") };
  }
  const cancelled = roots.some((root) => root.state === "cancelled");
  const later = cancelled ? " Indexing was cancelled: the next edit goes on." : "";
  return { kind: "ready", words: whatIsKnown(roots) + later };
}

/** Why a root has no index. */
export function whyNot({ root, message }: RootStatus): string {
  return `The index of ${folderName(root)} could not be made${message === "" ? "" : `: ${message.replace(/\.$/, "")}`}.`;
}

function howFar(roots: readonly RootStatus[]): string {
  const reading = roots.filter((root) => root.total > 0);
  if (reading.length === 0) {
    return "Looking for files to index";
  }
  const [done, total] = [sum(reading, "done"), sum(reading, "total")];
  return `Indexing ${done.toLocaleString("en-US")} of ${counted(total, "file")}`;
}

function whatIsKnown(roots: readonly RootStatus[]): string {
  const comparing = roots.filter((root) => root.state === "lexical" && root.total > 0);
  const [done, total] = [sum(comparing, "done"), sum(comparing, "total")];
  const meanings =
    comparing.length === 0
      ? ""
      : ` It finds by words already; by meaning after ${done.toLocaleString("en-US")} of ${counted(total, "text")}.`;
  const skipped = sum(roots, "skipped");
  const missing = skipped === 0 ? "" : ` ${counted(skipped, "file")} could not be read: \`optafly doctor\` names them.`;
  const known = `Index: ${counted(sum(roots, "files"), "file")}, ${counted(sum(roots, "symbols"), "symbol")}.`;
  return [known, meanings, wordsAlone(roots), missing, ...troubles(roots)].join("");
}

/** Where nothing at all is compared by meaning, as without the embedding model. */
function wordsAlone(roots: readonly RootStatus[]): string {
  const alone = roots.every(({ state }) => state === "ready") && sum(roots, "files") > 0 && sum(roots, "vectors") === 0;
  return alone ? " It finds by words alone: `optafly doctor` says what is missing to find by meaning too." : "";
}

/** What is wrong with an index that can be asked all the same: it cannot be written to disk, say. */
function troubles(roots: readonly RootStatus[]): string[] {
  const messages = new Set(roots.map(({ message }) => message.replace(/\.$/, "")).filter((message) => message !== ""));
  return [...messages].map((message) => ` ${message.charAt(0).toUpperCase()}${message.slice(1)}.`);
}

function folderName(root: string): string {
  return root.split(/[\\/]/).findLast((part) => part !== "") ?? root;
}

function sum(
  roots: readonly RootStatus[],
  key: "done" | "total" | "files" | "symbols" | "vectors" | "skipped",
): number {
  return roots.reduce((total, root) => total + root[key], 0);
}
