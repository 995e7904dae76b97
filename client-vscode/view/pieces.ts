// The code that goes along: how much of the budget it takes, each piece, what was taken out and what did not fit.
import type { LeftOut, Piece, Proposal } from "../src/protocol";
import { openFile, nameOf, nameOfLeftOut, pinOf } from "../src/shared/code";
import { indexing, workOf } from "../src/shared/indexing";
import type { CodeChange } from "../src/shared/messages";
import { undecided, type PanelModel, type Removed } from "../src/shared/model";
import { counted, percent } from "../src/shared/words";
import { h, icon, prose, type Child } from "./dom";
import { place, type PieceGrid } from "./grid";
import { hint, MAC } from "./keys";

export interface CodeActions {
  openPiece(index: number): void;
  openPath(path: string, line: number | null): void;
  code(change: CodeChange, name: string, label: string): void;
  lookAgain(): void;
  resumeIndexing(): void;
  /** Add the file that the prompt is about. */
  addOpen(): void;
}

/** The section. `add` is the box in which more is named; while not `live` everything can be read only. */
export function codeSection(
  model: PanelModel,
  live: boolean,
  grid: PieceGrid,
  add: HTMLElement,
  actions: CodeActions,
): Child {
  const { proposal, removed, busy } = model;
  if (proposal === null || (!live && proposal.pieces.length === 0)) {
    return null;
  }
  const { pieces, maxCodeTokens } = proposal;
  const may = live && maxCodeTokens > 0;
  const gone = new Set(removed.map((each) => each.name));
  const left = proposal.leftOut.filter((each) => Boolean(each.pin) || !gone.has(nameOfLeftOut(each)));
  return h(
    "section",
    {
      class: busy ? "pieces busy" : "pieces",
      id: "pieces",
      "aria-labelledby": "pieces-title",
      "aria-busy": String(busy),
    },
    h(
      "div",
      { class: "pieces-head" },
      h("h2", { id: "pieces-title" }, "Code that goes along"),
      pieces.length === 0 ? null : amount(proposal),
      h("span", { class: "working", "aria-hidden": "true" }),
    ),
    may ? add : null,
    indexNote(model, actions),
    pieces.length === 0 ? null : grid.draw(proposal, model.folders, may && !busy),
    live ? takenOut(removed, pieces, busy, actions) : null,
    ...leftOut(left, may, busy, actions),
  );
}

/** How many pieces and tokens there are, and which part of the budget that is. */
function amount({ pieces, maxCodeTokens }: Proposal): HTMLElement {
  const tokens = pieces.reduce((sum, piece) => sum + piece.tokens, 0);
  const of =
    maxCodeTokens > 0
      ? `${tokens.toLocaleString("en-US")} of ${counted(maxCodeTokens, "token")}`
      : counted(tokens, "token");
  return h(
    "p",
    { class: "budget" },
    h("span", {}, `${counted(pieces.length, "piece")}, ≈ ${of}`),
    maxCodeTokens > 0 ? bar(tokens, maxCodeTokens, of) : null,
  );
}

function bar(tokens: number, most: number, words: string): HTMLElement {
  const element = h(
    "span",
    {
      class: tokens > most ? "meter over" : "meter",
      role: "meter",
      "aria-label": "Share of the tokens that code may take",
      "aria-valuemin": 0,
      "aria-valuemax": most,
      "aria-valuenow": Math.min(tokens, most),
      "aria-valuetext": words,
      title: `${percent(tokens / most)} of the setting \`context.maxTokens\``,
    },
    h("span", { class: "after" }),
  );
  element.style.setProperty("--after", percent(Math.min(1, tokens / most)));
  return element;
}

/**
 * What there is to say of the index, or of a list that is empty; it keeps its place where it says nothing.
 *
 * Where the index is ready by now and was not when the code was chosen, it offers to look again: nothing is replaced
 * unless the person asks.
 */
function indexNote(model: PanelModel, actions: CodeActions): HTMLElement {
  const { proposal, index } = model;
  const pieces = proposal?.pieces.length ?? 0;
  const button = (id: string, words: string, run: () => void): HTMLElement =>
    h(
      "button",
      {
        class: "secondary",
        id,
        onclick: model.busy ? undefined : run,
        "aria-disabled": model.busy ? "true" : undefined,
      },
      words,
    );
  const off = pieces === 0 && proposal?.maxCodeTokens === 0;
  const open = pieces === 0 && !off && undecided(model) ? openFile(proposal?.uri ?? null, model.folders) : null;
  const look = mayLookAgain(model);
  const state = indexing(index);
  const words = look ? LOOK : off ? OFF : inWords(state, pieces);
  const stopped = workOf(index).kind === "stopped" && !off;
  return h(
    "p",
    { class: words === "" ? "hidden" : "index-note muted", id: "index-note" },
    h("span", {}, ...prose(words)),
    " ",
    look ? button("look-again", "Look Again", () => actions.lookAgain()) : null,
    stopped ? button("resume-indexing", "Resume Indexing", () => actions.resumeIndexing()) : null,
    " ",
    words === "" || open === null ? null : button("add-open", `Add ${open}`, () => actions.addOpen()),
  );
}

/** Whether the index could not be asked for everything when the code was chosen, and can be by now. */
function mayLookAgain(model: PanelModel): boolean {
  const { proposal, index } = model;
  const may = undecided(model) && proposal !== null && proposal.maxCodeTokens > 0;
  return may && proposal.unfinished && indexing(index)?.kind === "ready";
}

/**
 * Show how far the index is by now, and leave everything else, and the focus, where they are.
 *
 * Return what a screen reader is told; null where that is nothing.
 */
export function showIndex(before: PanelModel, next: PanelModel, actions: CodeActions): string | null {
  const focused = document.activeElement?.id ?? "";
  document.getElementById("index-note")?.replaceWith(indexNote(next, actions));
  if (["look-again", "resume-indexing"].includes(focused)) {
    const there = document.getElementById(focused) ?? document.getElementById("add-code");
    there?.focus({ preventScroll: true });
  }
  return mayLookAgain(next) && !mayLookAgain(before) ? "The index is ready: Look Again may find more code." : null;
}

const LOOK = "The index was not ready when this code was chosen: by now it may find more.";
const OFF = "Your settings send no code: `context.enabled` is off, or `context.maxTokens` is 0.";

function inWords(state: ReturnType<typeof indexing>, pieces: number): string {
  switch (state?.kind) {
    case "making":
      return `${state.words}: more may be found when that is done.`;
    case "stopped":
      return state.words;
    case "failed":
      return `${state.words} Only what is open in the editor was looked at.`;
    case "partly":
      return `${state.words} What else is open in the workspace was searched.`;
    case "off":
      return pieces === 0 ? state.words : "";
    case "none":
      return pieces === 0 ? "No folder is open, so no code was looked for. What you select goes along." : "";
    case "ready":
      return pieces === 0 ? "Nothing in the workspace was found for this prompt. Name above what it needs." : "";
    default:
      return pieces === 0 ? "No code goes along." : "";
  }
}

/** What a person took out or unpinned, the latest first, each with the way back; what goes along still has its pin. */
function takenOut(all: readonly Removed[], pieces: readonly Piece[], busy: boolean, actions: CodeActions): Child {
  const shown = new Set(pieces.flatMap((each) => [nameOf(each), pinOf(each)]));
  const rows = all
    .map((each, at) => takenOutRow(each, at === all.length - 1, busy, actions))
    .filter((_, at) => all[at]?.unpinned === false || !shown.has(all[at]?.name ?? ""));
  return rows.length === 0
    ? null
    : h("ul", { class: "rows taken-out", "aria-label": "Taken out by you" }, ...rows.toReversed());
}

function takenOutRow({ name, label, unpinned, undo }: Removed, latest: boolean, busy: boolean, on: CodeActions): Child {
  return h(
    "li",
    { class: "row" },
    h("span", { class: "words" }, h("del", { dir: "auto" }, label), unpinned ? h("span", {}, " unpinned") : null),
    h(
      "button",
      {
        class: "quiet",
        id: `back:${name}`,
        onclick: busy ? undefined : () => on.code(undo, name, label),
        "aria-disabled": busy ? "true" : undefined,
        "aria-label": unpinned ? `Pin ${label} again` : `Put ${label} back`,
      },
      unpinned ? "Pin Again" : "Put Back",
      latest ? h("kbd", { "aria-hidden": "true" }, hint("mod+z", MAC)) : null,
    ),
  );
}

/** What does not go, and why: what was asked for by name to be seen at once, what would only have helped folded. */
function leftOut(all: readonly LeftOut[], live: boolean, busy: boolean, actions: CodeActions): readonly Child[] {
  const [asked, rest] = [all.filter(({ pin }) => pin), all.filter(({ pin }) => !pin)];
  const rows = (some: readonly LeftOut[]): readonly Child[] =>
    some.map((each) => leftOutRow(each, live, busy, actions));
  return [
    asked.length === 0
      ? null
      : h("ul", { class: "rows not-sent", "aria-label": "Asked for, but not sent" }, ...rows(asked)),
    rest.length === 0
      ? null
      : h(
          "details",
          { class: "left-out", id: "left-out" },
          h(
            "summary",
            { id: "left-out-summary" },
            icon("chevron"),
            `${rest.length.toLocaleString("en-US")} more left out`,
          ),
          h("ul", { class: "rows" }, ...rows(rest)),
        ),
  ];
}

function leftOutRow(each: LeftOut, live: boolean, busy: boolean, actions: CodeActions): HTMLElement {
  const [{ path, symbol, tokens, pin, mentioned }, name] = [each, nameOfLeftOut(each)];
  const words = h(
    "span",
    { class: "words" },
    place(path, "", symbol),
    h("span", { class: "muted", dir: "auto" }, ...prose(each.reason)),
  );
  const open = { class: "main link", id: `left:${name}`, title: `Open ${path}` };
  const onclick = (): void => actions.openPath(path, null);
  const unpin = busy || !pin ? undefined : (): void => actions.code("unpin", pin, pin);
  const add = busy ? undefined : (): void => actions.code("pin", name, name);
  const mayUnpin = live && pin && !mentioned;
  const pressed = ({ key, repeat }: KeyboardEvent): void => (key === "Delete" && !repeat ? unpin?.() : undefined);
  return h(
    "li",
    { class: "row", onkeydown: mayUnpin ? (event) => pressed(event as KeyboardEvent) : undefined },
    path === "" ? h("span", { class: "main" }, words) : h("button", { ...open, onclick }, icon("file"), words),
    tokens === 0 ? null : h("span", { class: "amount" }, counted(tokens, "token")),
    mayUnpin ? button("Unpin", `unpin:${name}`, pin, unpin, { "aria-keyshortcuts": "Delete" }) : null,
    live && !pin ? button("Add", `add:${name}`, name, add) : null,
  );
}

function button(words: string, id: string, about: string, onclick: (() => void) | undefined, extra = {}): HTMLElement {
  const disabled = onclick === undefined ? "true" : undefined;
  const attributes = { class: "quiet", id, "aria-label": `${words} ${about}`, "aria-disabled": disabled, onclick };
  return h("button", { ...attributes, ...extra }, words);
}

/** What a screen reader is told when the list has changed; null where it has not. */
export function saidOf(before: PanelModel | null, next: PanelModel): string | null {
  const [was, is] = [before?.proposal ?? null, next.proposal];
  if (before === null || was === null || is?.id !== was.id) {
    return null;
  }
  const tokens = is.pieces.reduce((sum, piece) => sum + piece.tokens, 0);
  const now = `${counted(is.pieces.length, "piece")}, ${counted(tokens, "token")}.`;
  const taken = next.removed.at(-1);
  if (taken !== undefined && next.removed.length > before.removed.length) {
    const [done, undone] = taken.unpinned ? ["Unpinned", "pins it again"] : ["Taken out", "puts it back"];
    return `${done}: ${taken.label}. ${MAC ? "Command" : "Control"} Z ${undone}. ${now}`;
  }
  const names = (pieces: readonly Piece[]): string => pieces.map((each) => `${nameOf(each)} ${each.pinned}`).join("\n");
  if (names(was.pieces) !== names(is.pieces)) {
    return `The code that goes along has changed: ${now}`;
  }
  return was.unfinished && !is.unfinished ? "The index has no more code for this prompt." : null;
}

/** Bring into sight what was pinned just now: it may have been added from elsewhere. */
export function showPinned(before: PanelModel | null, next: PanelModel): void {
  const was = new Set(before?.proposal?.pieces.filter((piece) => piece.pinned).map(nameOf));
  const added = next.proposal?.pieces.find((piece) => piece.pinned && !was.has(nameOf(piece)));
  if (added !== undefined && before?.proposal?.id === next.proposal?.id) {
    document
      .getElementById(`open:${nameOf(added)}`)
      ?.closest(".piece")
      ?.scrollIntoView({ block: "nearest" });
  }
}
