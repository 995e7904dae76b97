// Answers from the cache: the offered ones, each with what differs and how sure it is, and the one that was given.
import type { Answer, CodeChange, ReuseCandidate } from "../src/protocol";
import { ago, howOften, lowerFirst, percent, saving } from "../src/shared/words";
import { bothSides, marked } from "./difference";
import { h, icon, prose, type Child } from "./dom";

export interface OfferActions {
  reuse(entryId: string): void;
  refuse(entryId: string): void;
}

export interface ServedActions {
  regenerate(): void;
  wrong(): void;
}

/** Earlier answers that may do, the likeliest first. While not `live` they can be read only. */
export function offerCards(offers: readonly ReuseCandidate[], live: boolean, actions: OfferActions): readonly Child[] {
  return offers.map((offer, index) => {
    const title = `offer-${index}-title`;
    return h(
      "section",
      { class: "card offer", "aria-labelledby": title },
      icon("bolt"),
      h(
        "div",
        { class: "words" },
        h("h3", { id: title }, headline(offer)),
        h("p", { class: "asked", dir: "auto", "data-scroll": `asked-${offer.entryId}` }, ...asked(offer)),
        h("p", { class: "muted", dir: "auto" }, ...prose(offer.evidence)),
        codeChanges(offer, index),
        h("p", { class: "preview", dir: "auto" }, offer.answerPreview),
        h(
          "p",
          { class: "parts" },
          likelihood(offer),
          h("span", {}, `Reusing it saves ${saving(offer.savedUsd, offer.savedS)}.`),
        ),
        live ? buttons(offer, index, title, actions) : null,
      ),
    );
  });
}

function headline(offer: ReuseCandidate): string {
  const same = offer.diff.length > 0 && offer.diff.every((part) => part.op === "equal");
  return `You asked ${same ? "the same" : "something like this"} ${ago(offer.ageS)}`;
}

function asked(offer: ReuseCandidate): readonly Child[] {
  return offer.diff.length === 0
    ? [offer.prompt]
    : offer.diff.map((part) => (part.op === "equal" ? part.text : marked(part.text, part.op)));
}

/** The probability is one of prompts: it knows nothing of what changed in the code. */
function likelihood({ probability, code }: ReuseCandidate): Child {
  const title = `${percent(probability)}: a calibrated probability, measured on pairs of prompts that people judged or that were made to differ. It moves with what you take and refuse here.`;
  return probability > 0
    ? h(
        "span",
        { class: "sure", title },
        `${howOften(probability)}${code.length > 0 ? " where the code was the same" : ""}.`,
      )
    : null;
}

function buttons(offer: ReuseCandidate, index: number, title: string, actions: OfferActions): HTMLElement {
  return h(
    "div",
    { class: "buttons" },
    h(
      "button",
      {
        class: "secondary",
        id: `reuse-${index}`,
        onclick: () => actions.reuse(offer.entryId),
        "aria-describedby": title,
        "aria-keyshortcuts": index === 0 ? "R" : undefined,
      },
      "Reuse Answer",
      index === 0 ? h("kbd", { class: "letter", "aria-hidden": "true" }, "R") : null,
    ),
    h(
      "button",
      {
        class: "quiet",
        id: `refuse-${index}`,
        onclick: () => actions.refuse(offer.entryId),
        "aria-describedby": title,
        "aria-keyshortcuts": index === 0 ? "N" : undefined,
      },
      "Not This One",
      index === 0 ? h("kbd", { class: "letter", "aria-hidden": "true" }, "N") : null,
    ),
  );
}

const BECAME: Readonly<Record<CodeChange["kind"], string>> = {
  changed: "has changed",
  gone: "went along then and does not now",
  new: "goes along now and did not then",
};

/** What became of the code since the answer was given; folded, for the sentence above says that something did. */
function codeChanges({ code, entryId }: ReuseCandidate, index: number): Child {
  if (code.length === 0) {
    return null;
  }
  return h(
    "details",
    { class: "code-changes", id: `code-${entryId}` },
    h(
      "summary",
      { id: `code-${index}-summary` },
      icon("chevron"),
      h("span", { class: "label" }, "The code since: ", ...code.flatMap(became)),
    ),
    ...code.map((change, number) =>
      h(
        "figure",
        { class: "code", "aria-label": `${change.path} ${change.symbol ?? ""} ${BECAME[change.kind]}` },
        h(
          "figcaption",
          {},
          h("span", {}, h("span", { class: "place" }, change.path), symbol(change)),
          h("span", { class: "muted" }, BECAME[change.kind]),
        ),
        change.diff.length === 0
          ? null
          : h(
              "div",
              {
                class: "diff",
                tabindex: 0,
                role: "group",
                "aria-label": "Difference",
                "data-scroll": `code-${entryId}-${number}`,
              },
              ...bothSides(change.diff),
            ),
      ),
    ),
  );
}

function became(change: CodeChange, index: number): readonly Child[] {
  const name = h("code", {}, change.symbol ?? change.path);
  return [index > 0 ? ", " : null, name, ` ${BECAME[change.kind]}`];
}

function symbol({ symbol: name }: CodeChange): Child {
  return name === null ? null : h("code", {}, name);
}

/** Where an answer from the cache came from, with the two things to say about it while it is remembered. */
export function servedNote(answer: Answer, reported: boolean, actions: ServedActions): HTMLElement {
  const asked = answer.ageS === null ? "" : `Asked ${ago(answer.ageS)}. `;
  const after = reported
    ? "This answer is not given for this prompt again."
    : asked + (answer.savedUsd + answer.savedS > 0 ? `Saved ${saving(answer.savedUsd, answer.savedS)}.` : "");
  return h(
    "section",
    { class: "card served", "aria-label": "From the cache" },
    icon("bolt"),
    h(
      "div",
      { class: "words" },
      h("p", { dir: "auto" }, h("strong", {}, "From the cache: "), ...prose(lowerFirst(answer.evidence))),
      h("p", { class: "muted" }, after),
    ),
    answer.entryId === null ? null : judgements(reported, actions),
  );
}

function judgements(reported: boolean, actions: ServedActions): HTMLElement {
  const title = "Forget this answer; what you approved is sent, or the proposal is open again";
  return h(
    "div",
    { class: "buttons" },
    h("button", { class: "secondary", id: "regenerate", title, onclick: () => actions.regenerate() }, "Regenerate"),
    h(
      "button",
      { class: "quiet", id: "wrong", "aria-disabled": reported ? "true" : undefined, onclick: () => actions.wrong() },
      reported ? icon("tick") : null,
      reported ? "Thanks" : "Wrong Answer",
    ),
  );
}
