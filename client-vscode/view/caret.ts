// Where on the screen a place in a text field is.
import { h } from "./dom";

interface Spot {
  readonly left: number;
  readonly top: number;
  readonly bottom: number;
}

const COPIED = [
  "direction",
  "font-family",
  "font-size",
  "font-style",
  "font-weight",
  "letter-spacing",
  "line-height",
  "padding",
  "border-width",
  "tab-size",
  "text-align",
  "text-indent",
  "unicode-bidi",
  "width",
  "word-spacing",
];

/** The line of the character at `index`: a box of one line is its whole height, a larger one is measured by a copy. */
export function caretOf(field: HTMLInputElement | HTMLTextAreaElement, index: number): Spot {
  const box = field.getBoundingClientRect();
  if (field instanceof HTMLInputElement) {
    return box;
  }
  const style = getComputedStyle(field);
  const copy = h("div", { class: "caret-copy", "aria-hidden": "true", dir: field.dir });
  for (const name of COPIED) {
    copy.style.setProperty(name, style.getPropertyValue(name));
  }
  const mark = h("span", {}, field.value.slice(index) || ".");
  // what its scroll bar takes is no room for words
  const bar = field.offsetWidth - field.clientWidth - Number.parseFloat(style.borderLeftWidth) * 2;
  copy.style.setProperty("padding-inline-end", `${Number.parseFloat(style.paddingInlineEnd) + Math.max(0, bar)}px`);
  copy.append(field.value.slice(0, index), mark);
  document.body.append(copy);
  const [origin, spot] = [copy.getBoundingClientRect(), mark.getClientRects()[0] ?? mark.getBoundingClientRect()];
  const left = box.left + spot.left - origin.left;
  const top = box.top + spot.top - origin.top - field.scrollTop;
  copy.remove();
  const line = Number.parseFloat(style.lineHeight) || spot.height;
  return { left, top, bottom: Math.min(top + line, box.bottom) };
}
