// Type-ahead for files and symbols: which part of a text asks for it, and the list that answers.
import type { CompleteItem } from "../src/protocol";
import { detailsOf } from "../src/shared/code";
import { mentionAt, saidOf, type Query } from "../src/shared/mention";
import type { Completions } from "../src/shared/messages";
import { h, icon } from "./dom";
import { caretOf } from "./caret";
import { pathWords } from "./grid";

export type Field = HTMLInputElement | HTMLTextAreaElement;

/** How a field takes part: what in it is a question, and what an answer does. */
export interface Source {
  query(field: Field): Query | null;
  choose(field: Field, item: CompleteItem, query: Query): void;
}

const SETTLED_MS = 60;
const AGAIN_MS = 1000;
/** An answer that takes longer is waited for with a word. */
const LATE_MS = 400;
const LOOKING = "Looking…";
const MODIFIERS = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock"]);

/** The list below the field that is being typed in. One serves the whole page. */
export class Completer {
  private readonly list = h("div", {
    id: "completions",
    role: "listbox",
    "aria-label": "Files and symbols",
    hidden: true,
  });
  private field: Field | null = null;
  private source: Source | null = null;
  private query: Query | null = null;
  private items: readonly CompleteItem[] = [];
  private active = -1;
  private request = 0;
  private whole = true;
  /** Whether the items are for what was typed before, and the key by which what is found then is to be taken. */
  private stale = false;
  private wanted: "Enter" | "Tab" | null = null;
  private timer = 0;
  private late = 0;

  constructor(
    private readonly ask: (request: number, query: Query) => void,
    private readonly say: (text: string) => void,
  ) {
    document.body.append(this.list);
    window.addEventListener("resize", () => this.close());
    const pressed = (event: Event): void => (this.list.contains(event.target as Node) ? undefined : this.settle());
    window.addEventListener("mousedown", pressed, { capture: true }); // while the field has the focus, so that Undo knows
    const follow = (event: Event): void => (event.target === this.list ? undefined : this.place());
    window.addEventListener("scroll", follow, { capture: true });
  }

  /** Make `field` complete what `source` finds in it. */
  attach(field: Field, source: Source): void {
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
    })) {
      field.setAttribute(name, value);
    }
    field.setAttribute("aria-controls", "completions");
    field.setAttribute("autocomplete", "off");
    field.addEventListener("input", () => this.typed(field, source));
    field.addEventListener("keydown", (event) => {
      if (!this.wentOn(event as KeyboardEvent, field)) {
        this.pressed(event as KeyboardEvent, field, source);
      }
    });
    // VS Code's menus paste by a command, before which there is no `beforeinput`
    for (const before of ["beforeinput", "paste"]) {
      field.addEventListener(before, () => this.settle());
    }
    field.addEventListener("blur", () => this.close());
    field.addEventListener("click", () => this.field === field && this.close());
  }

  /** Take what was found for a request; what came too late is nothing. */
  found(request: number, found: Completions): void {
    if (request !== this.request || this.field === null || this.query === null) {
      return;
    }
    window.clearTimeout(this.late);
    const { items } = found;
    this.stale = false;
    this.items = items;
    this.whole = found.complete;
    this.active = items.length > 0 && this.query.text !== "" ? 0 : -1;
    if (this.active < 0) {
      this.settle();
    }
    const wanted = this.wanted;
    this.wanted = null;
    if (request !== this.request) {
      return; // what was typed names nothing any more
    }
    const details = detailsOf(items);
    const words = saidOf(found, this.query.text);
    if (items.length === 0 && words.length === 0) {
      this.hide();
      return;
    }
    const before = this.open ? this.list.textContent : "";
    this.list.replaceChildren(
      ...items.map((item, index) => this.option(item, details[index] ?? "", index)),
      ...words.map((each) => h("p", { class: "muted" }, each)),
    );
    this.show();
    if (wanted !== null && this.active >= 0) {
      this.choose(this.active);
      return;
    }
    if (this.list.textContent !== before) {
      this.say(items.length > 0 ? `${items.length} found` : words.join(" "));
    }
    if (items.length === 0 && !found.complete) {
      this.timer = window.setTimeout(() => this.again(), AGAIN_MS); // what answered late, or is being read, is there by then
    }
  }

  /** The index is ready: ask again where it was not when it was asked. */
  indexed(): void {
    if (!this.whole) {
      this.again();
    }
  }

  /** Say something below the field that is being typed in, until it changes or the page is drawn anew. */
  tell(words: string): void {
    if (this.field !== null && this.source !== null) {
      this.query = this.source.query(this.field);
      this.note(words);
      this.say(words);
    }
  }

  get open(): boolean {
    return !this.list.hidden;
  }

  /** Close while the page is drawn anew; what it returns goes on where the same field has the focus again. */
  pause(): () => void {
    const [id, source] = [this.query === null ? "" : (this.field?.id ?? ""), this.source];
    this.close();
    return () => {
      const field = document.activeElement;
      if (id !== "" && field?.id === id && source !== null) {
        this.typed(field as Field, source);
      }
    };
  }

  /** Let an Enter that waits in a text of several lines be the new line it is where nothing is taken: a person goes on. */
  settle(): void {
    if (this.wanted === "Enter" && this.field instanceof HTMLTextAreaElement) {
      this.wanted = null;
      write(this.field, "\n");
    }
  }

  close(): void {
    this.settle();
    this.request += 1;
    window.clearTimeout(this.timer);
    window.clearTimeout(this.late);
    this.query = null;
    this.hide();
  }

  /** Show words alone. */
  private note(words: string): void {
    this.items = [];
    this.active = -1;
    this.list.replaceChildren(h("p", { class: "muted" }, words));
    this.show();
  }

  private hide(): void {
    this.list.hidden = true;
    this.items = [];
    this.field?.setAttribute("aria-expanded", "false");
    this.field?.removeAttribute("aria-activedescendant");
  }

  private again(): void {
    if (this.open && this.field !== null && this.source !== null) {
      this.typed(this.field, this.source);
    }
  }

  private typed(field: Field, source: Source): void {
    const query = source.query(field);
    this.field = field;
    this.source = source;
    if (query === null) {
      this.close();
      return;
    }
    this.query = query;
    this.stale = true;
    this.wanted = null;
    this.request += 1;
    const request = this.request;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.ask(request, query), SETTLED_MS);
    window.clearTimeout(this.late);
    this.late = window.setTimeout(() => (this.open ? undefined : this.note(LOOKING)), LATE_MS);
  }

  /** Whether a key only left the list while Enter waited; any other does what it does, once that is a new line. */
  private wentOn(event: KeyboardEvent, field: Field): boolean {
    if (this.wanted !== "Enter" || !(field instanceof HTMLTextAreaElement) || MODIFIERS.has(event.key)) {
      return false;
    }
    this.settle();
    if (event.key !== "Escape") {
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  private pressed(event: KeyboardEvent, field: Field, source: Source): void {
    const plain = !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing);
    const asks = event.key === "ArrowDown" || (event.key === "Enter" && field.value.trim() !== "");
    if (plain && !this.open && asks && field instanceof HTMLInputElement) {
      this.typed(field, source);
      return;
    }
    if (!this.open || !plain) {
      return;
    }
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        if (this.items.length === 0) {
          return;
        }
        this.step(event.key === "ArrowDown" ? 1 : -1);
        break;
      case "Enter":
      case "Tab":
        if (this.stale && this.waits(event.key, field)) {
          this.wanted = event.key;
          break;
        }
        if (this.active < 0 || this.stale) {
          this.close();
          if (event.key === "Enter" && field instanceof HTMLInputElement) {
            this.typed(field, source);
          }
          return;
        }
        this.choose(this.active);
        break;
      case "Escape":
        this.close();
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** Whether a key waits for what is found for what was typed; else it does what it does without a list. */
  private waits(key: string, field: Field): boolean {
    const takes = this.items.length > 0 && this.query?.text !== "";
    return takes || (key === "Enter" && field instanceof HTMLInputElement);
  }

  private choose(index: number): void {
    const { field, source, query } = this;
    const item = this.items[index];
    this.wanted = null; // this is taken, so that Enter is no new line
    this.close();
    if (field !== null && source !== null && query !== null && item !== undefined) {
      source.choose(field, item, query);
    }
  }

  private option(item: CompleteItem, detail: string, index: number): HTMLElement {
    return h(
      "div",
      {
        role: "option",
        id: `completion-${index}`,
        "aria-selected": String(index === this.active),
        title: `${item.path}${item.symbol === null ? "" : ` ${item.symbol}`}`,
        onmousedown: (event) => event.preventDefault(), // the field keeps the focus
        onclick: () => this.choose(index),
      },
      icon(item.symbol === null ? "file" : "symbol"),
      item.symbol === null
        ? h("span", { class: "label place", dir: "ltr" }, ...pathWords(item.label))
        : h("span", { class: "label", dir: "auto" }, item.label),
      h("span", { class: "detail muted", dir: "auto" }, h("bdi", {}, detail)),
    );
  }

  private step(by: 1 | -1): void {
    const count = this.items.length;
    this.stale = false; // who chooses among them means them
    if (count > 0) {
      this.activate(this.active < 0 && by < 0 ? count - 1 : (this.active + by + count) % count);
    }
  }

  private activate(index: number): void {
    this.active = index;
    for (const [at, each] of [...this.list.querySelectorAll("[role=option]")].entries()) {
      each.setAttribute("aria-selected", String(at === index));
      if (at === index) {
        each.scrollIntoView({ block: "nearest" });
      }
    }
    this.field?.setAttribute("aria-activedescendant", `completion-${index}`);
  }

  private show(): void {
    if (this.field === null || this.query === null) {
      return;
    }
    this.list.hidden = false;
    this.field.setAttribute("aria-expanded", "true");
    if (this.active >= 0) {
      this.activate(this.active);
    } else {
      this.field.removeAttribute("aria-activedescendant");
    }
    this.place();
  }

  /** Below the line that is being typed, or above it where there is more room. */
  private place(): void {
    if (!this.open || this.field === null || this.query === null) {
      return;
    }
    const { left, top, bottom } = caretOf(this.field, this.query.start);
    const { style } = this.list;
    const [below, above] = [window.innerHeight - bottom - 12, top - 12];
    const under = below >= Math.min(220, this.list.scrollHeight) || below >= above;
    const width = this.list.offsetWidth;
    style.setProperty("left", `${Math.max(8, Math.min(left, window.innerWidth - width - 8))}px`);
    style.setProperty("max-height", `${Math.max(80, Math.min(260, under ? below : above))}px`);
    style.setProperty("top", under ? `${bottom + 4}px` : "auto");
    style.setProperty("bottom", under ? "auto" : `${window.innerHeight - top + 4}px`);
  }
}

/** Mentions in a prompt: the one that is chosen takes the place of what was typed. */
export const mentions: Source = {
  query: (field) => mentionAt(field.value, field.selectionStart ?? 0),
  choose: (field, item, query) => {
    const caret = field.selectionStart ?? query.start;
    field.setSelectionRange(query.start, caret);
    write(field, /^\s/.test(field.value.slice(caret)) ? item.insert : `${item.insert} `);
  },
};

/**
 * Put text in the place of the selection, so that Undo knows of it. A field that is losing the focus would take that back
 * by the command.
 */
function write(field: Field, text: string): void {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else writes so that Undo takes it back
  if (document.activeElement === field && document.execCommand("insertText", false, text)) {
    return;
  }
  const [start, end] = [field.selectionStart ?? 0, field.selectionEnd ?? 0];
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
