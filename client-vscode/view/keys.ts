// One list of what the keys do in each phase; buttons show the same list.
import type { Phase } from "../src/shared/model";

export interface Shortcut {
  readonly id: string;
  /** As `KeyboardEvent.key` in lower case; `mod+` is Ctrl, or Cmd on a Mac. */
  readonly key: string;
  readonly phases: readonly Phase[];
}

/** Whether the page is shown on a Mac, where Cmd does what Ctrl does elsewhere. */
export const MAC = navigator.userAgent.includes("Mac");

const DECIDABLE: readonly Phase[] = ["review", "failed", "stopped"];

export const SHORTCUTS: readonly Shortcut[] = [
  { id: "accept", key: "mod+enter", phases: ["review"] },
  { id: "again", key: "mod+enter", phases: ["failed", "stopped", "discarded", "answered"] },
  { id: "follow", key: "mod+enter", phases: ["elsewhere"] },
  { id: "answer-question", key: "mod+enter", phases: ["question"] },
  { id: "modify", key: "e", phases: DECIDABLE },
  { id: "original", key: "o", phases: ["question", ...DECIDABLE] },
  { id: "reuse-0", key: "r", phases: DECIDABLE },
  { id: "refuse-0", key: "n", phases: DECIDABLE },
  { id: "discard", key: "escape", phases: ["question", ...DECIDABLE] },
  { id: "cancel", key: "escape", phases: ["sending"] },
];

type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "repeat" | "isComposing">;

/** Where the focus is: in a text field, among the buttons that the letters stand for, or in neither. */
export type Focus = "text" | "buttons" | "elsewhere";

/**
 * The id of the button that a key press stands for, or null.
 *
 * Letters mean something only among their buttons (WCAG 2.1.4: nobody who speaks to the machine, or errs, sends a prompt
 * by one letter), and no key does while it is held down or a word is being composed.
 */
export function pressed(event: Press, phase: Phase | "editing", focus: Focus): string | null {
  const mod = event.ctrlKey || event.metaKey;
  if (event.repeat || event.isComposing) {
    return null;
  }
  if (phase === "editing") {
    return event.key === "Escape" ? "edit-cancel" : event.key === "Enter" && mod ? "edit-done" : null;
  }
  if (event.altKey || event.shiftKey || (!mod && event.key.length === 1 && focus !== "buttons")) {
    return null;
  }
  const key = (mod ? "mod+" : "") + event.key.toLowerCase();
  return SHORTCUTS.find((each) => each.key === key && each.phases.includes(phase))?.id ?? null;
}

/** The key of a button in this phase as the button shows it, or "" where it has none. */
export function hintOf(id: string, phase: Phase, mac: boolean): string {
  const shortcut = SHORTCUTS.find((each) => each.id === id && each.phases.includes(phase));
  return shortcut === undefined ? "" : hint(shortcut.key, mac);
}

/** A shortcut as a button shows it. */
export function hint(key: string, mac: boolean): string {
  const names: Readonly<Record<string, string>> = { escape: "Esc", enter: "Enter" };
  const [last, mod] = key.split("+").reverse() as [string, string | undefined];
  const shown = names[last] ?? last.toUpperCase();
  return mod === undefined ? shown : mac ? `⌘${shown}` : `Ctrl+${shown}`;
}

/** Where the focus is, seen from `element`. */
export function focusAt(element: Element): Focus {
  if (element.matches("textarea, input:not([type=checkbox])")) {
    return "text";
  }
  return element.closest(".actions, .offer") === null ? "elsewhere" : "buttons";
}

/** A shortcut as `aria-keyshortcuts` wants it. */
export function ariaKey(key: string, mac: boolean): string {
  const last = key.split("+").at(-1) ?? "";
  const name = last.length === 1 ? last.toUpperCase() : last.charAt(0).toUpperCase() + last.slice(1);
  return key.startsWith("mod+") ? `${mac ? "Meta" : "Control"}+${name}` : name;
}
