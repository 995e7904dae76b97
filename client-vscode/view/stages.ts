// What the panel shows before and beside a review: that it is being made, its one question, how it ended.
import { h, icon } from "./dom";

export function loadingView(prompt: string): HTMLElement {
  return h(
    "section",
    { class: "loading", "aria-label": "Refining" },
    h("h2", {}, "Reading the code around your prompt", h("span", { class: "pulse", "aria-hidden": "true" })),
    h("p", { class: "prompt", dir: "auto" }, prompt),
    h("div", { class: "bones", "aria-hidden": "true" }, ...[92, 78, 85, 40].map(bone)),
  );
}

function bone(width: number): HTMLElement {
  const line = h("span", { class: "bone" });
  line.style.setProperty("--width", `${width}%`);
  return line;
}

export function notice(title: string, text: string): HTMLElement {
  return h(
    "section",
    { class: "card note", role: "status" },
    h("div", { class: "words" }, h("h3", {}, title), h("p", {}, text)),
  );
}

/** The question, above the field for its answer. */
export function questionView(question: string, field: HTMLTextAreaElement): HTMLElement {
  return h(
    "section",
    { class: "card question" },
    icon("question"),
    h("div", { class: "words" }, h("label", { for: "clarify", class: "h3", dir: "auto" }, question), field),
  );
}
