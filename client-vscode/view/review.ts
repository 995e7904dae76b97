// The proposal: both texts side by side, what changed and why, what goes along, and what it would use.
import type { Change, Masked, Proposal, Quality } from "../src/protocol";
import { counted, percent, signedTokens, usd } from "../src/shared/words";
import { oneSide } from "./difference";
import { h, icon, prose, type Child } from "./dom";

export interface ReviewActions {
  switch(without: readonly string[]): void;
  edited(text: string): void;
  draft(text: string | null): void;
  /** A field for a prompt was made: mentions in it complete. */
  prompt(field: HTMLTextAreaElement): void;
}

/** Both texts. `draft` is the text being edited, or null. */
export function columns(proposal: Proposal, draft: string | null, actions: ReviewActions): HTMLElement {
  const changed = proposal.diff.some((part) => part.op !== "equal");
  if (proposal.question !== null) {
    return promptAlone(proposal.original);
  }
  return h(
    "div",
    { class: "columns" },
    column("original", "Original", "", oneSide(proposal.diff, "delete", proposal.original)),
    draft === null
      ? column(
          "refined",
          proposal.edited ? "Your version" : "Refined",
          changed ? "" : "unchanged",
          oneSide(proposal.diff, "insert", proposal.refined),
        )
      : editor(draft, actions),
  );
}

/** Says of what was written, and left, that it would not be sent; null where nothing was. */
export function keptNote({ refined }: Proposal, draft: string | null): Child {
  return draft === null || draft === refined
    ? null
    : h(
        "section",
        { class: "card note", id: "kept", role: "status" },
        icon("alert"),
        h(
          "div",
          { class: "words" },
          h("p", {}, "What you wrote is kept, but would not be sent. Modify goes on with it."),
        ),
      );
}

/** A prompt that nothing stands beside: it is asked about, or could not be refined. */
export function promptAlone(prompt: string): HTMLElement {
  return column("original", "Your prompt", "", oneSide([], "delete", prompt));
}

function column(name: string, title: string, note: string, text: readonly Child[]): HTMLElement {
  return h(
    "section",
    { class: `column ${name}`, "aria-labelledby": `${name}-title` },
    h("h2", { id: `${name}-title` }, title, note === "" ? null : h("span", { class: "muted" }, note)),
    h("div", { class: "prompt", id: `${name}-text`, tabindex: 0, "data-scroll": name }, ...text),
  );
}

function editor(draft: string, actions: ReviewActions): HTMLElement {
  const area = h("textarea", {
    id: "draft",
    class: "prompt",
    dir: "auto",
    spellcheck: "false",
    "aria-labelledby": "refined-title",
    oninput: (event) => actions.draft((event.target as HTMLTextAreaElement).value),
  }) as HTMLTextAreaElement;
  area.value = draft;
  actions.prompt(area);
  return h(
    "section",
    { class: "column refined editing" },
    h("h2", { id: "refined-title" }, "Edit what would be sent"),
    area,
  );
}

/** Every change with its reason, its tokens and its switch. */
export function changeList(changes: readonly Change[], live: boolean, actions: ReviewActions): Child {
  if (changes.length === 0) {
    return null;
  }
  const without = (toggled: Change): readonly string[] =>
    changes.filter((each) => (each.id === toggled.id ? each.enabled : !each.enabled)).map((each) => each.id);
  return section(
    "changes",
    "Changes",
    h(
      "ul",
      { class: "rows" },
      ...changes.map((change) =>
        h(
          "li",
          { class: change.enabled ? "row" : "row off" },
          h(
            "label",
            { class: "main" },
            h("input", {
              type: "checkbox",
              role: "switch",
              id: `change-${change.id}`,
              checked: change.enabled,
              disabled: !live,
              onchange: () => actions.switch(without(change)),
            }),
            h(
              "span",
              { class: "words" },
              h("span", { dir: "auto" }, ...prose(change.reason)),
              h("span", { class: "snippet", dir: "auto" }, firstLine(change.after)),
            ),
          ),
          h("span", { class: "amount" }, signedTokens(change.tokens)),
        ),
      ),
    ),
  );
}

function firstLine(text: string): string {
  const lines = text.trim().split("\n");
  const first = lines.find((line) => line.trim() !== "" && !line.startsWith("```")) ?? "";
  const shown = first.replace(/^[\s:,;.]+/, "");
  return lines.length > 1 ? `${shown} …` : shown;
}

/** What was replaced before anything could leave. */
export function maskedNote(masked: readonly Masked[]): Child {
  if (masked.length === 0) {
    return null;
  }
  return h(
    "section",
    { class: "card note", "aria-label": "Masked secrets" },
    icon("shield"),
    h(
      "div",
      { class: "words" },
      h("h3", {}, `${counted(masked.length, "secret")} replaced before sending`),
      ...masked.map((each) => h("p", {}, `${each.kind}, in ${each.where}: `, h("code", {}, each.placeholder))),
    ),
  );
}

/** The numbers in one line, each with how it was measured in the details below. */
export function facts(proposal: Proposal): HTMLElement {
  const { estimate, qualityBefore, qualityAfter, route } = proposal;
  const rise = `${percent(qualityBefore.score)} → ${percent(qualityAfter.score)}`;
  return h(
    "section",
    { class: "facts", "aria-label": "What it would use" },
    h(
      "dl",
      {},
      fact("Quality", h("span", {}, rise), meter(qualityBefore, qualityAfter)),
      reuseFact(proposal),
      fact("Tokens in", h("span", {}, `≈ ${estimate.inputTokens.toLocaleString("en-US")}`)),
      fact("Cost", h("span", {}, estimate.maxCostUsd === null ? "unknown" : `≤ ${usd(estimate.maxCostUsd)}`)),
      fact("Model", h("span", {}, route.model)),
    ),
    measured(proposal),
  );
}

const REUSE =
  "How likely an earlier answer of yours does, for your prompt and for the refined one: a calibrated probability, measured on pairs of prompts that people judged or that were made to differ, and on what you take and refuse here.";

/** Below this nobody would look for an earlier answer, as the command line says too. */
const UNLIKELY = 0.06;

/** Both probabilities; null where the cache was not asked, or an older version kept the panel. */
function reuseOf({ reuseBefore, reuseAfter }: Proposal): readonly [before: number, after: number] | null {
  const [before, after] = [reuseBefore ?? null, reuseAfter ?? null];
  return before === null || after === null ? null : [before, after];
}

const inPercent = ([before, after]: readonly [number, number]): string =>
  `${percent(before)} before, ${percent(after)} after`;

function reuseFact(proposal: Proposal): Child {
  const reuse = reuseOf(proposal);
  if (reuse === null) {
    return null;
  }
  return fact("Reuse", h("span", { title: REUSE }, Math.max(...reuse) < UNLIKELY ? "unlikely" : inPercent(reuse)));
}

function fact(name: string, ...value: readonly Child[]): HTMLElement {
  return h("div", { class: "fact" }, h("dt", {}, name), h("dd", {}, ...value));
}

function meter(before: Quality, after: Quality): HTMLElement {
  const bar = h(
    "span",
    { class: "meter", "aria-hidden": "true" },
    h("span", { class: "after" }),
    h("span", { class: "before" }),
  );
  bar.style.setProperty("--before", percent(before.score));
  bar.style.setProperty("--after", percent(after.score));
  return bar;
}

function measured(proposal: Proposal): HTMLElement {
  const { estimate, route, qualityBefore, qualityAfter } = proposal;
  const reuse = reuseOf(proposal);
  const was = new Map(qualityBefore.features.map((feature) => [feature.name, feature.value]));
  const price =
    estimate.pricesAsOf === null
      ? "There is no price for this model in your settings."
      : `Prices of ${estimate.pricesAsOf}.`;
  const input = estimate.inputCostUsd === null ? "" : `Input alone ${usd(estimate.inputCostUsd)}; `;
  return h(
    "details",
    { id: "measured" },
    h("summary", { id: "measured-summary" }, icon("chevron"), "How these were measured"),
    h(
      "table",
      {},
      h("caption", {}, "Quality is the weighted sum of:"),
      h(
        "thead",
        {},
        h("tr", {}, ...["Feature", "Weight", "Before", "After"].map((name) => h("th", { scope: "col" }, name))),
      ),
      h(
        "tbody",
        {},
        ...qualityAfter.features.map((feature) =>
          h(
            "tr",
            {},
            h("td", {}, feature.meaning === "" ? feature.name : feature.meaning),
            h("td", {}, percent(feature.weight)),
            h("td", {}, percent(was.get(feature.name) ?? 0)),
            h("td", {}, percent(feature.value)),
          ),
        ),
      ),
    ),
    h(
      "p",
      {},
      `Tokens: ${estimate.method}. ${input}the cost assumes an answer of all ${estimate.maxOutputTokens.toLocaleString("en-US")} tokens allowed. ${price}`,
    ),
    reuse === null ? null : h("p", {}, `Reuse: ${inPercent(reuse)}. ${REUSE}`),
    h("p", {}, ...prose(route.reason)),
  );
}

/** Notes of the server on this proposal. */
export function notes(lines: readonly string[]): Child {
  return lines.length === 0
    ? null
    : h("ul", { class: "notes" }, ...lines.map((line) => h("li", { dir: "auto" }, ...prose(line))));
}

function section(name: string, title: string, ...children: readonly Child[]): HTMLElement {
  return h(
    "section",
    { class: name, "aria-labelledby": `${name}-title` },
    h("h2", { id: `${name}-title` }, title),
    ...children,
  );
}
