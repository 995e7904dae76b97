// What the panel shows before and beside a review: that it is being made, its one question, how it ended.
import { mayFollow, maySendAgain, tooLong, type PanelModel } from "../src/shared/model";
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

/** How the road of a prompt ended, where neither an answer nor a problem says it. */
export function endOf(model: PanelModel): HTMLElement | null {
  switch (model.phase) {
    case "discarded":
      return notice("Discarded", "Nothing was sent.");
    case "stopped":
      return notice("Stopped", "Nothing of this answer is remembered.");
    case "answered":
      return model.answerText === "" ? notice("Answered", "The answer has no words.") : null;
    case "elsewhere": {
      const where = "Not from this panel. Its answer can be shown here too, and nothing is sent again for that.";
      return mayFollow(model) ? notice("Sent already", where) : null;
    }
    default:
      return null;
  }
}

/** What the button beside a problem says, or null where the way on is below. */
export function wayOn(model: PanelModel): string | null {
  if (model.phase === "elsewhere" || (model.phase === "question" && tooLong(model))) {
    return null;
  }
  return tooLong(model) ? "Change Prompt" : maySendAgain(model) ? "Try Again" : "Refine Again";
}

function notice(title: string, text: string): HTMLElement {
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
