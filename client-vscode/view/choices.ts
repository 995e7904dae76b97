// Words of a prompt that may mean several definitions: a person picks one, nothing is guessed.
import type { Choice, FileHit } from "../src/protocol";
import { nameOfCandidate, nameOfRoot } from "../src/shared/code";
import type { CodeActions } from "./pieces";
import { h, icon, prose, type Child } from "./dom";

/** A question for each of the words, with a button per candidate; while not `live` they can be read only. */
export function choiceCards(choices: readonly Choice[], live: boolean, actions: CodeActions): readonly Child[] {
  return choices.map((choice, index) => {
    const title = `choice-${index}-title`;
    const several = new Set(choice.candidates.map((each) => each.root)).size > 1;
    const buttons = choice.candidates.map((each, at) => {
      const folder = several ? nameOfRoot(each.root) : "";
      return candidate(each, folder, `choice-${index}-${at}`, live, actions);
    });
    return h(
      "section",
      { class: "card choice", role: "group", "aria-labelledby": title },
      icon("question"),
      h(
        "div",
        { class: "words" },
        h("h3", { id: title }, "Which one is ", h("q", { dir: "auto" }, choice.words), "?"),
        h("p", { class: "muted" }, "Nothing is guessed: the one that you pick goes along."),
        h("div", { class: "candidates" }, ...buttons),
      ),
    );
  });
}

/** `folder` is the one of the workspace that it is in, "" where all are in the same. */
function candidate(hit: FileHit, folder: string, id: string, live: boolean, actions: CodeActions): HTMLElement {
  const [symbol] = hit.symbols;
  const name = nameOfCandidate(hit);
  const place = symbol === undefined ? hit.path : `${hit.path}:${symbol.startLine}`;
  const [reason] = hit.reasons;
  return h(
    "button",
    {
      class: "secondary candidate",
      id,
      onclick: live ? () => actions.code("pin", name, symbol?.name ?? hit.path) : undefined,
      "aria-disabled": live ? undefined : "true",
      title: symbol?.signature === "" ? undefined : symbol?.signature,
    },
    h("code", { dir: "auto" }, symbol?.name ?? hit.path),
    symbol === undefined ? null : h("span", { class: "muted place", dir: "ltr" }, place),
    folder === "" ? null : h("span", { class: "muted" }, `in ${folder}`),
    reason === undefined ? null : h("span", { class: "muted", dir: "auto" }, ...prose(reason)),
  );
}
