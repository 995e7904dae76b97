// How far the index of the workspace is, in words. The server knows; here it is only said.
import type { IndexStatus, RootStatus } from "../protocol";
import { counted } from "./words";

/** What there is to say of the index: whether it is still being made, and why it is not where it failed. */
export interface Indexing {
  /** `stopped`: by a person. `partly`: the index of some folders could not be made, the others have theirs. */
  readonly kind: "none" | "off" | "making" | "stopped" | "failed" | "partly" | "ready";
  readonly words: string;
}

/** Whether a person can stop the indexing, or let it go on, and how far it is in a few words. */
export interface Work {
  readonly kind: "none" | "running" | "stopped";
  readonly words: string;
}

const MAKING: readonly RootStatus["state"][] = ["waiting", "scanning", "reading"];

/** What of the indexing is under way, what texts mean included; `making` is only until it can be asked. */
export function workOf(index: IndexStatus | null | undefined): Work {
  const roots = index?.roots ?? [];
  const making = roots.filter((root) => MAKING.includes(root.state));
  const comparing = roots.filter((root) => root.state === "lexical");
  const stopped = roots.filter((root) => root.state === "cancelled");
  if (making.length > 0) {
    return { kind: "running", words: howFar(making) };
  }
  if (comparing.length > 0) {
    return { kind: "running", words: `Found by words; by meaning after ${doneOf(comparing, "text")}` };
  }
  return stopped.length > 0 ? { kind: "stopped", words: whereStopped(stopped) } : { kind: "none", words: "" };
}

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
  const stopped = roots.filter((root) => root.state === "cancelled");
  const state = making.length > 0 ? "making" : stopped.length > 0 ? "stopped" : "ready";
  const done = { making: [howFar(making)], stopped: [`Indexing is stopped: ${whereStopped(stopped)}.`], ready: [] };
  const words = [...failed.map(whyNot), ...done[state]];
  if (words.length > 0) {
    const kind = failed.length === 0 ? state : failed.length < roots.length ? "partly" : "failed";
    return { kind, words: words.join(" ") };
  }
  return { kind: "ready", words: whatIsKnown(roots) };
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
  return `Indexing ${doneOf(reading, "file")}`;
}

function whereStopped(stopped: readonly RootStatus[]): string {
  return sum(stopped, "done") < sum(stopped, "total")
    ? `${doneOf(stopped, "file")} can be found`
    : "changes are not looked at";
}

/** How many are done of how many there are: `812 of 3,001 files`. */
function doneOf(roots: readonly RootStatus[], what: string): string {
  return `${sum(roots, "done").toLocaleString("en-US")} of ${counted(sum(roots, "total"), what)}`;
}

function whatIsKnown(roots: readonly RootStatus[]): string {
  const comparing = roots.filter((root) => root.state === "lexical" && root.total > 0);
  const meanings =
    comparing.length === 0 ? "" : ` It finds by words already; by meaning after ${doneOf(comparing, "text")}.`;
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
