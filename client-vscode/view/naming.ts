// The box in which code to send along is named.
import type { CompleteItem } from "../src/protocol";
import { nameIn } from "../src/shared/mention";
import type { Completer } from "./completing";
import { h, icon, type Child } from "./dom";

const NOT_NOW = "Not added yet: the prompt is being changed. Press Enter again in a moment.";

/** The box in which a file or a symbol is named; it stays as it is, and says so, where `pin` could not be asked for. */
export function addBox(completer: Completer, pin: (item: CompleteItem) => boolean): HTMLElement {
  const box = h("input", {
    id: "add-code",
    type: "text",
    spellcheck: "false",
    dir: "auto",
    placeholder: "Add a file (#) or a symbol (@)",
    "aria-label": "Add a file or a symbol",
    onkeydown: (event) => {
      const field = event.target as HTMLInputElement;
      if ((event as KeyboardEvent).key === "Escape" && !completer.open) {
        event.stopPropagation(); // it is the box that is left, not the prompt that is discarded
        field.value = "";
        document.getElementById("accept")?.focus();
      }
    },
  }) as HTMLInputElement;
  completer.attach(box, {
    query: (field) => nameIn(field.value),
    choose: (field, item) => {
      if (pin(item)) {
        field.value = "";
      } else {
        completer.tell(NOT_NOW);
      }
    },
  });
  const children: readonly Child[] = [icon("plus"), box];
  return h("div", { class: "add-code" }, ...children);
}
