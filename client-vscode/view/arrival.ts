// What a person is told when the panel has come to another stage, and where their next step is.
import type { PanelModel } from "../src/shared/model";

export const ARRIVED: Partial<Record<PanelModel["phase"], readonly [focus: string, words: string]>> = {
  review: ["accept", "The refined prompt is ready for review. Nothing has been sent."],
  question: ["clarify", "One question before this can be refined."],
  sending: ["cancel", "Sent. Waiting for the answer."],
  answered: ["copy-answer", "The answer is complete."],
  failed: ["again", ""],
  stopped: ["again", "Stopped."],
  discarded: ["again", "Discarded. Nothing was sent."],
};

/** Where the next step is: for a missing key, the key before another try. */
export function nextStep(focus: string): HTMLElement | null {
  return (focus === "again" ? document.getElementById("set-key") : null) ?? document.getElementById(focus);
}
