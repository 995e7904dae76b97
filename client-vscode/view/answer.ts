// The answer: where it came from, its text, what can be done with it, and what it cost.
import type { Answer, Problem } from "../src/protocol";
import type { PanelModel } from "../src/shared/model";
import { counted, milliseconds, usd } from "../src/shared/words";
import { h, icon, prose, type Child } from "./dom";
import { servedNote, type ServedActions } from "./offers";

export interface AnswerActions {
  copy(text: string): void;
  again(): void;
  setKey(): void;
  showLogs(): void;
}

/** An answer as far as it has come; `body` is where its text is drawn. */
export function answerView(shown: PanelModel, body: HTMLElement, actions: AnswerActions & ServedActions): HTMLElement {
  const answered = shown.phase === "answered" ? shown.answer : null;
  return h(
    "section",
    { class: "answer", "aria-labelledby": "answer-title", "aria-busy": String(shown.phase === "sending") },
    answerHead(shown, actions),
    answered?.source === "cache" ? servedNote(answered, shown.reported, actions) : null,
    body,
    answered === null ? null : answerFoot(answered),
  );
}

/** The heading above an answer that comes in, came in, or stopped. */
export function answerHead(model: PanelModel, actions: AnswerActions): HTMLElement {
  const titles: Partial<Record<PanelModel["phase"], string>> = {
    sending: model.answerText === "" ? "Waiting for the answer" : "Answering",
    stopped: "Incomplete answer",
    failed: "Incomplete answer",
  };
  return h(
    "div",
    { class: "answer-head" },
    h("h2", { id: "answer-title" }, titles[model.phase] ?? "Answer"),
    model.phase === "sending" ? h("span", { class: "pulse", "aria-hidden": "true" }) : null,
    h("span", { class: "grow" }),
    model.answerText !== "" && model.phase !== "sending"
      ? h("button", { class: "quiet", id: "copy-answer", onclick: () => actions.copy(model.answerText) }, "Copy Answer")
      : null,
  );
}

/** What the answer used, in one line, with its evidence. */
export function answerFoot(answer: Answer): HTMLElement {
  const parts = answer.source === "cache" ? fromCache(answer) : fromProvider(answer);
  return h(
    "footer",
    { class: "answer-foot" },
    answer.stopReason === "max_tokens"
      ? h(
          "p",
          { class: "cut" },
          icon("alert"),
          "The answer reached the most tokens allowed and was cut there. It is not remembered.",
        )
      : null,
    h("p", { class: "parts" }, ...parts.map((part) => h("span", {}, part))),
    answer.source === "cache" ? null : h("p", { class: "muted" }, ...prose(answer.evidence)),
    h("p", { class: "muted trace" }, `Trace ${answer.traceId}`),
  );
}

function fromCache(answer: Answer): readonly string[] {
  return [`Answered in ${milliseconds(answer.latencyMs)}`, `first answered by ${answer.model}`];
}

function fromProvider(answer: Answer): readonly string[] {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWrite5MTokens, cacheWrite1HTokens } = answer.usage;
  const written = cacheWrite5MTokens + cacheWrite1HTokens;
  return [
    answer.model,
    `${counted(inputTokens + cacheReadTokens + written, "token")} in`,
    ...(cacheReadTokens > 0 ? [`${cacheReadTokens.toLocaleString("en-US")} of them from the prompt cache`] : []),
    `${counted(outputTokens, "token")} out`,
    answer.costUsd === null ? "cost unknown" : usd(answer.costUsd),
    milliseconds(answer.latencyMs),
  ];
}

/** What went wrong: what, why and what to do, with the way on. */
export function problemCard(problem: Problem, actions: AnswerActions, retry: string | null, hint: string): HTMLElement {
  const key = problem.code === "provider.no_key" || problem.code === "provider.bad_key";
  const buttons: readonly Child[] = [
    key ? h("button", { class: "primary", id: "set-key", onclick: () => actions.setKey() }, "Set API Key") : null,
    retry === null
      ? null
      : h(
          "button",
          { class: key ? "secondary" : "primary", id: "again", onclick: () => actions.again() },
          retry,
          hint === "" ? null : h("kbd", {}, hint),
        ),
    h("button", { class: "quiet", id: "show-logs", onclick: () => actions.showLogs() }, "Show Logs"),
  ];
  return h(
    "section",
    { class: "card problem", role: "alert", "data-code": problem.code },
    icon("alert"),
    h(
      "div",
      { class: "words" },
      h("h3", {}, ...prose(problem.what)),
      problem.why === "" ? null : h("p", {}, ...prose(problem.why)),
      problem.todo === "" ? null : h("p", { class: "todo" }, ...prose(problem.todo)),
      h("div", { class: "buttons" }, ...buttons),
      problem.traceId === null ? null : h("p", { class: "muted trace" }, `Trace ${problem.traceId}`),
    ),
  );
}
