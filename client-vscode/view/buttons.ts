// The bar of decisions at the bottom: which ones there are in each phase, each with its key.
import { mayFollow, type PanelModel } from "../src/shared/model";
import { h, type Child } from "./dom";
import { ariaKey, hint, SHORTCUTS } from "./keys";

export interface Handlers {
  readonly accept: () => void;
  readonly original: () => void;
  readonly discard: () => void;
  readonly cancel: () => void;
  readonly again: () => void;
  readonly follow: () => void;
  readonly modify: () => void;
  readonly clarify: () => void;
  readonly finish: () => void;
  readonly back: () => void;
}

interface Choice {
  readonly id: string;
  readonly label: string;
  readonly style: "primary" | "secondary" | "quiet";
  readonly run: () => void;
  readonly key?: string;
}

/** The bar, or null where nothing can be decided. While `busy` its buttons keep the focus but do nothing. */
export function actionBar(model: PanelModel, editing: boolean, mac: boolean, handlers: Handlers): Child {
  const choices = editing ? whileEditing(handlers) : choicesOf(model, handlers);
  if (choices.length === 0) {
    return null;
  }
  const buttons = choices.map((choice) => button(choice, model, mac));
  return h("div", { class: "actions", role: "group", "aria-label": "What to do" }, ...buttons);
}

function button({ id, label, style, run, key }: Choice, model: PanelModel, mac: boolean): HTMLElement {
  const busy = model.busy && id !== "cancel";
  const shortcut = key ?? SHORTCUTS.find((each) => each.id === id && each.phases.includes(model.phase))?.key;
  return h(
    "button",
    {
      id,
      class: style,
      onclick: busy ? undefined : run,
      "aria-disabled": busy ? "true" : undefined,
      "aria-keyshortcuts": shortcut && ariaKey(shortcut, mac),
    },
    label,
    shortcut === undefined
      ? null
      : h("kbd", { class: shortcut.length === 1 ? "letter" : "", "aria-hidden": "true" }, hint(shortcut, mac)),
  );
}

function choicesOf(model: PanelModel, on: Handlers): readonly Choice[] {
  const { phase, proposal, problem, answerText } = model;
  const original: Choice = { id: "original", label: "Use Original", style: "secondary", run: on.original };
  const discard: Choice = { id: "discard", label: "Discard", style: "quiet", run: on.discard };
  const modify: Choice = { id: "modify", label: "Modify", style: "secondary", run: on.modify };
  switch (phase) {
    case "review":
      return [{ id: "accept", label: "Accept & Send", style: "primary", run: on.accept }, modify, original, discard];
    case "question":
      return [{ id: "answer-question", label: "Refine", style: "primary", run: on.clarify }, original, discard];
    case "sending":
      return [{ id: "cancel", label: "Stop", style: "secondary", run: on.cancel }];
    case "failed":
    case "stopped": {
      // where something went wrong, Try Again is beside it
      const again: Choice = { id: "again", label: "Send Again", style: "primary", run: on.again };
      return proposal === null ? [] : [...(problem === null ? [again] : []), modify, original, discard];
    }
    case "elsewhere": {
      const follow: Choice = { id: "follow", label: "Show Answer", style: "primary", run: on.follow };
      const again: Choice = { id: "again", label: "Refine Again", style: "secondary", run: on.again };
      return mayFollow(model) ? [follow, again] : [again];
    }
    case "answered":
      return answerText === "" ? [{ id: "again", label: "Refine Again", style: "secondary", run: on.again }] : [];
    case "discarded":
      return [{ id: "again", label: "Refine Again", style: "secondary", run: on.again }];
    default:
      return [];
  }
}

function whileEditing(on: Handlers): readonly Choice[] {
  return [
    { id: "edit-done", label: "Review My Version", style: "primary", run: on.finish, key: "mod+enter" },
    { id: "edit-cancel", label: "Back", style: "quiet", run: on.back, key: "escape" },
  ];
}
