// Builds nodes. Text is only ever text: nothing here or above parses HTML.

export type Child = Node | string | null | undefined | false;
type Attributes = Readonly<Record<string, string | number | boolean | undefined | ((event: Event) => void)>>;

/** An element: `on…` attributes are listeners, `true` is an empty attribute, `false` and undefined are left out. */
export function h(name: string, attributes: Attributes = {}, ...children: readonly Child[]): HTMLElement {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      element.addEventListener(key.slice(2), value);
    } else if (value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? "" : String(value));
    }
  }
  element.append(...children.filter((child): child is Node | string => Boolean(child)));
  return element;
}

/** A sentence of ours, in which `words` between backticks are code. */
export function prose(text: string): readonly Child[] {
  return text.split("`").map((part, index) => (index % 2 === 1 ? h("code", {}, part) : part));
}

const SVG = "http://www.w3.org/2000/svg";
const SHAPES = {
  alert: "M8 1.8 15 14H1L8 1.8zM8 6v4M8 11.6v.6",
  bolt: "M9 1.5 3.5 9H8l-1 5.5L12.5 7H8l1-5.5z",
  chevron: "M6 3.5 10.5 8 6 12.5",
  cross: "M4 4l8 8M12 4l-8 8",
  clock: "M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8zM8 4.5V8l2.4 1.6",
  file: "M4 1.8h5l3 3v9.4H4V1.8zM9 1.8v3h3",
  outline: "M2.5 4h11M5 8h8.5M5 12h8.5",
  pin: "M6 2h4l-.5 4.5L12 9H4l2.5-2.5zM8 9v5",
  plus: "M8 3v10M3 8h10",
  question: "M5.8 6.1a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .8-1 1.6M8 11.7v.5M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8z",
  shield: "M8 1.5 13.2 3.6v4c0 3.2-2.2 5.5-5.2 6.9-3-1.4-5.2-3.7-5.2-6.9v-4L8 1.5zM5.7 8l1.7 1.7 3-3.4",
  symbol:
    "M6 2.5H5a1 1 0 0 0-1 1v3L2.8 8 4 9.5v3a1 1 0 0 0 1 1h1M10 2.5h1a1 1 0 0 1 1 1v3L13.2 8 12 9.5v3a1 1 0 0 1-1 1h-1",
  tick: "M3 8.5 6.3 12 13 4.5",
} as const;

/** A small line drawing, hidden from screen readers; `pinned` is the filled pin. */
export function icon(name: keyof typeof SHAPES | "pinned"): Node {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", name === "pinned" ? "icon filled" : "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name === "pinned" ? "pin" : name]);
  svg.append(path);
  return svg;
}

/** The field that is being written in, with its caret; null where none is. */
function writing(): { id: string; start: number; end: number; top: number } | null {
  const field = document.activeElement as HTMLTextAreaElement | null;
  const start = field?.matches("textarea, input[type=text]") === true ? field.selectionStart : null;
  return field === null || start === null
    ? null
    : { id: field.id, start, end: field.selectionEnd, top: field.scrollTop };
}

/** Replace what is in `parent`; focus, places and what was unfolded stay where there is an element with the same id. */
export function fill(parent: HTMLElement, ...children: readonly Child[]): void {
  redraw(parent, () => children);
}

/** As `fill`, with children that may be built from elements which are in `parent` now: those lose the focus by that. */
export function redraw(parent: HTMLElement, build: () => readonly Child[]): void {
  const focused = document.activeElement?.id;
  const written = writing();
  const scrolled = [...parent.querySelectorAll<HTMLElement>("[data-scroll]")].map(
    (each) => [each.dataset.scroll, each.scrollTop] as const,
  );
  const unfolded = [...parent.querySelectorAll("details[id][open]")].map((each) => each.id);
  parent.replaceChildren(...build().filter((child): child is Node | string => Boolean(child)));
  for (const each of parent.querySelectorAll<HTMLElement>("[data-scroll]")) {
    const place = scrolled.find(([name]) => name === each.dataset.scroll);
    if (place !== undefined) {
      each.scrollTo({ top: place[1] });
    }
  }
  for (const id of unfolded) {
    document.getElementById(id)?.setAttribute("open", "");
  }
  if (focused) {
    document.getElementById(focused)?.focus({ preventScroll: true });
  }
  const field = written === null ? null : (document.getElementById(written.id) as HTMLTextAreaElement | null);
  if (field !== null && written !== null) {
    field.setSelectionRange(written.start, written.end);
    field.scrollTop = written.top;
  }
}
