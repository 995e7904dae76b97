// The list of pieces as a grid: one stop for Tab, arrows inside it, and every piece with what can be done to it.
import type { Piece, Proposal } from "../src/protocol";
import { byRank, folderOf, isList, linesOf, nameOf, partsOf, pinOf, removalOf } from "../src/shared/code";
import { counted } from "../src/shared/words";
import { h, icon, prose, type Child } from "./dom";
import type { CodeActions } from "./pieces";
import type { CodeChange } from "../src/shared/messages";

/** From so many pieces on the list scrolls by itself, so that what is below it stays near. */
const MANY = 14;

/** What the list of the paths of more files is called to a person. */
const LIST = "Names of more files";

type Tool = "open" | "preview" | "pin" | "remove";

/** Where a piece stands in the list, and among those that are sent. */
interface Place {
  readonly row: number;
  readonly index: number;
}

/** Draws the pieces, and remembers over redraws where in them the person is and what they unfolded. */
export class PieceGrid {
  private element: HTMLElement | null = null;
  private at: { name: string; row: number; tool: Tool } = { name: "", row: 0, tool: "open" };
  private readonly unfolded = new Set<string>();

  constructor(private readonly actions: CodeActions) {}

  /** The grid. While not `live` pieces can be opened and read only. */
  draw({ pieces: sent, leftOut }: Proposal, folders: readonly string[], live: boolean): HTMLElement {
    const order = byRank(sent);
    const pieces = order.flatMap((at) => sent[at] ?? []);
    const names = pieces.map((piece) => folderOf(piece, folders));
    const several = new Set(names).size > 1;
    const rows = pieces.flatMap((piece, row) =>
      this.row(
        piece,
        { row, index: order[row] ?? 0 },
        removalOf(piece, leftOut),
        live,
        several ? `in ${names[row] ?? ""}` : "",
      ),
    );
    this.element = h(
      "div",
      {
        class: pieces.length > MANY ? "rows grid many" : "rows grid",
        id: "piece-grid",
        role: "grid",
        "aria-labelledby": "pieces-title",
        "aria-rowcount": pieces.length,
        "data-scroll": "pieces",
        onkeydown: (event) => this.pressed(event as KeyboardEvent),
        onfocusin: (event) => this.entered(event.target as HTMLElement),
      },
      ...rows,
    );
    const found = pieces.findIndex((piece) => nameOf(piece) === this.at.name);
    this.at.row = found === -1 ? Math.min(this.at.row, pieces.length - 1) : found;
    this.buttons(this.at.row)[0]?.setAttribute("tabindex", "0");
    return this.element;
  }

  get focused(): boolean {
    return this.element?.contains(document.activeElement) === true;
  }

  /** Focus the piece that came into the place of the one that had the focus; false where there is none. */
  restore(): boolean {
    const row = this.element?.isConnected === true ? this.buttons(this.at.row) : [];
    const button = row.find((each) => each.dataset.tool === this.at.tool) ?? row[0];
    button?.focus();
    return button !== undefined;
  }

  private row(piece: Piece, at: Place, removal: string, live: boolean, folder: string): readonly HTMLElement[] {
    const name = nameOf(piece);
    const open = this.unfolded.has(name);
    const where = piece.kind === "file" || piece.kind === "skeleton" ? "" : linesOf(piece);
    const title = called(piece, where);
    const calledBy = (each: string): string => (each === name ? title : each);
    const change = (what: CodeChange, of: string) => (): void => this.actions.code(what, of, calledBy(of));
    const [pin, mayPin] = [pinOf(piece), !piece.mentioned && !isList(piece)];
    const tool = (kind: Tool, label: string, of: string, run: (() => void) | undefined, extra = {}): HTMLElement =>
      h(
        "span",
        { role: "gridcell", class: "cell" },
        h(
          "button",
          {
            class: `tool ${kind}`,
            id: `${kind}:${name}`,
            "data-tool": kind,
            tabindex: -1,
            onclick: run,
            title: label,
            "aria-label": `${label}: ${calledBy(of)}`,
            "aria-disabled": run === undefined ? "true" : undefined,
            ...extra,
          },
          icon(kind === "remove" ? "cross" : kind === "pin" ? (piece.pinned ? "pinned" : "pin") : "chevron"),
        ),
      );
    const row = h(
      "div",
      {
        role: "row",
        class: piece.pinned ? "row piece pinned" : "row piece",
        "data-name": name,
        "aria-rowindex": at.row + 1,
      },
      this.opener(piece, at.index, where, folder),
      h("span", { role: "gridcell", class: "amount" }, counted(piece.tokens, "token")),
      h(
        "span",
        { class: "tools", role: "presentation" },
        tool("preview", "Show what is sent", name, () => this.fold(row, piece), { "aria-expanded": String(open) }),
        // its words say what it does now: a state beside them would be said twice
        tool("pin", pinLabel(piece), pin, live && mayPin ? change(piece.pinned ? "unpin" : "pin", pin) : undefined),
        tool("remove", "Take out", removal, live ? change("remove", removal) : undefined, {
          "aria-keyshortcuts": "Delete",
        }),
      ),
    );
    return open ? [row, preview(piece)] : [row];
  }

  private opener(piece: Piece, index: number, where: string, folder: string): HTMLElement {
    const skeleton = piece.kind === "skeleton";
    const note = [skeleton && !isList(piece) ? "signatures only" : "", folder].filter((each) => each !== "").join(", ");
    return h(
      "span",
      { role: "gridcell", class: "cell main" },
      h(
        "button",
        {
          class: "main link",
          id: `open:${nameOf(piece)}`,
          "data-tool": "open",
          tabindex: -1,
          onclick: () => this.actions.openPiece(index),
          title: `Open ${piece.path}${where}`,
        },
        icon(piece.pinned ? "pinned" : skeleton ? "outline" : "file"),
        h(
          "span",
          { class: "words" },
          isList(piece)
            ? h("span", { class: "where" }, LIST, h("span", { class: "muted" }, note))
            : place(piece.path, where, skeleton ? null : piece.symbol, note),
          h("span", { class: "muted reason", dir: "auto" }, ...prose(piece.reason)),
        ),
      ),
    );
  }

  private fold(row: HTMLElement, piece: Piece): void {
    const name = nameOf(piece);
    const open = !this.unfolded.delete(name);
    if (open) {
      this.unfolded.add(name);
      row.after(preview(piece));
    } else {
      row.nextElementSibling?.remove();
    }
    row.querySelector(".preview")?.setAttribute("aria-expanded", String(open));
  }

  private rows(): readonly HTMLElement[] {
    return [...(this.element?.querySelectorAll<HTMLElement>(".piece") ?? [])];
  }

  private buttons(row: number): readonly HTMLElement[] {
    return [...(this.rows()[row]?.querySelectorAll<HTMLElement>("button") ?? [])];
  }

  /** Keep in mind where the focus is: that button is the one stop for Tab. */
  private entered(button: HTMLElement): void {
    const row = button.closest<HTMLElement>(".piece");
    if (row === null) {
      return;
    }
    for (const each of this.element?.querySelectorAll("button[tabindex='0']") ?? []) {
      each.setAttribute("tabindex", "-1");
    }
    button.setAttribute("tabindex", "0");
    this.at = {
      name: row.dataset.name ?? "",
      row: this.rows().indexOf(row),
      tool: (button.dataset.tool ?? "open") as Tool,
    };
  }

  private pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !this.focused) {
      return;
    }
    const row = this.buttons(this.at.row);
    const here = row.findIndex((button) => button === document.activeElement);
    const last = this.rows().length - 1;
    const rows: Readonly<Record<string, number>> = {
      ArrowUp: this.at.row - 1,
      ArrowDown: this.at.row + 1,
      PageUp: this.at.row - 10,
      PageDown: this.at.row + 10,
      Home: 0,
      End: last,
    };
    const to = rows[event.key];
    if (to !== undefined) {
      this.buttons(Math.max(0, Math.min(last, to)))[Math.max(0, here)]?.focus();
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      row[here + (event.key === "ArrowLeft" ? -1 : 1)]?.focus();
    } else if (event.key === "Delete" && !event.repeat) {
      row.find((button) => button.dataset.tool === "remove")?.click();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}

/** What a piece is called to a person, in words alone. */
function called(piece: Piece, where: string): string {
  return isList(piece) ? LIST.toLowerCase() : `${piece.path}${where}${piece.symbol === null ? "" : ` ${piece.symbol}`}`;
}

function pinLabel(piece: Piece): string {
  const { pinned, mentioned } = piece;
  if (isList(piece)) {
    return "Goes along where there is room";
  }
  return mentioned ? "Goes along as long as the prompt mentions it" : pinned ? "Unpin" : "Pin: never dropped";
}

/** The folder and the file of a path, apart. */
export function pathWords(path: string): readonly Child[] {
  const [folder, file] = partsOf(path);
  return [
    folder === "" ? null : h("span", { class: "folder" }, h("bdi", { dir: "ltr" }, folder)),
    h("bdi", { class: "file", dir: "ltr" }, file),
  ];
}

/** Where code is: the folder gives way where there is little room, the file, its lines and the symbol never do. */
export function place(path: string, lines: string, symbol: string | null, note = ""): HTMLElement {
  return h(
    "span",
    { class: "where", title: path },
    h(
      "span",
      { class: "place", dir: "ltr" },
      ...pathWords(path),
      lines === "" ? null : h("span", { class: "at" }, lines),
    ),
    symbol === null ? null : h("code", { dir: "auto" }, symbol),
    note === "" ? null : h("span", { class: "muted" }, note),
  );
}

function preview(piece: Piece): HTMLElement {
  const text: Child = h(
    "pre",
    { tabindex: 0, "aria-label": `What is sent of ${piece.path}` },
    h("code", { dir: "auto" }, piece.text),
  );
  return h("div", { class: "code sent-text", role: "row" }, h("div", { role: "gridcell" }, text));
}
