// What a person is told when the panel has come to another stage, and where their next step is.
import type { PanelModel } from "../src/shared/model";

const ARRIVED: Partial<Record<PanelModel["phase"], readonly [focus: string, words: string]>> = {
  review: ["accept", "The refined prompt is ready for review. Nothing has been sent."],
  question: ["clarify", "One question before this can be refined."],
  sending: ["cancel", "Sent. Waiting for the answer."],
  answered: ["copy-answer", "The answer is complete."],
  elsewhere: ["follow", "This prompt was sent already. Its answer can be shown here too."],
  failed: ["again", ""],
  stopped: ["again", "Stopped."],
  discarded: ["again", "Discarded. Nothing was sent."],
};

/** Where the next step is: for a missing key, the key before another try; where no answer can be had, another prompt. */
function nextStep(focus: string): HTMLElement | null {
  const step = (focus === "again" ? document.getElementById("set-key") : null) ?? document.getElementById(focus);
  return step ?? (focus === "follow" ? document.getElementById("again") : null);
}

/** Let a person who comes back to the page have the focus at the next step, where what had it has gone meanwhile. */
export function followReturns(phase: () => PanelModel["phase"] | null): void {
  window.addEventListener("focus", () => {
    const [focus] = ARRIVED[phase() ?? "loading"] ?? [""];
    if (document.activeElement === document.body) {
      nextStep(focus)?.focus({ preventScroll: true });
    }
  });
}

/** A click gives a page the focus while the mouse is down still. */
const CLICK_MS = 500;

/** Tell each time that the page gets the focus though nobody clicked in it. */
export function followFocus(came: () => void, now: () => number = () => performance.now()): void {
  let clicked = -Infinity;
  window.addEventListener("pointerdown", () => (clicked = now()), { capture: true });
  window.addEventListener("focus", () => {
    if (now() - clicked > CLICK_MS) {
      came();
    }
  });
}

/** Put the focus where the next step is if it was left behind, and return what is said of what has come, if anything. */
export function arrived({ phase, problem }: PanelModel): string | null {
  const [focus, words] = ARRIVED[phase] ?? ["", ""];
  const lost = document.activeElement === null || document.activeElement === document.body;
  if (lost && document.hasFocus()) {
    nextStep(focus)?.focus({ preventScroll: true });
  }
  if (["review", "question", "sending", "failed"].includes(phase)) {
    window.scrollTo({ top: 0 }); // an answer that is complete stays where it is being read
  }
  return words === "" || (phase === "elsewhere" && problem !== null) ? null : words; // a problem speaks for itself
}

/** Bring a problem into sight, and who pressed a button of decision to the way on: that one would be refused again. */
export function showProblem(before: PanelModel | null, { problem }: PanelModel): void {
  if (problem === null || problem.what === before?.problem?.what) {
    return;
  }
  document.querySelector(".problem")?.scrollIntoView({ block: "nearest" });
  if (document.activeElement?.closest(".actions") && !document.activeElement.id.startsWith("edit-")) {
    nextStep("again")?.focus({ preventScroll: true });
  }
}
