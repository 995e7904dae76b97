// The panel: draws the model that the host sends and sends back what the person does.
import { indexing } from "../src/shared/indexing";
import type { ToHost, ToView } from "../src/shared/messages";
import { tooLong, undecided, whole, type PanelModel } from "../src/shared/model";
import { answerView, problemCard } from "./answer";
import { arrived, followFocus, followReturns, showProblem } from "./arrival";
import { actionBar, type Handlers } from "./buttons";
import { choiceCards } from "./choices";
import { guardDoubleClicks } from "./clicks";
import { Completer, mentions } from "./completing";
import { offerCards, type OfferActions } from "./offers";
import { h, icon, redraw, type Child } from "./dom";
import { PieceGrid } from "./grid";
import { focusAt, hintOf, MAC, pressed } from "./keys";
import { Growing, type MarkdownActions } from "./markdown";
import { addBox } from "./naming";
import { codeSection, saidOf, showIndex, showPinned, type CodeActions } from "./pieces";
import { changeList, columns, facts, keptNote, maskedNote, notes, promptAlone, type ReviewActions } from "./review";
import { endOf, loadingView, questionView, wayOn } from "./stages";

interface Saved {
  readonly model?: PanelModel;
  readonly draft?: string | null;
  readonly editing?: boolean;
}

declare function acquireVsCodeApi(): {
  postMessage(message: ToHost): void;
  getState(): Saved | undefined;
  setState(state: Saved): void;
};

const host = acquireVsCodeApi();
const root = part("root");
const live = part("live");
const body = h("div", { class: "answer-body", id: "answer-body", "aria-labelledby": "answer-title" });

const saved = host.getState();
let model: PanelModel | null = saved?.model ? whole(saved.model) : null;
/** What was written so far: it stays when editing is left, until the server has it or the proposal is another one. */
let draft: string | null = saved?.draft ?? null;
let editing = saved?.editing ?? false;
/** The draft that the server was given and has not refused. */
let given: string | null = null;
let sentShown = false;
let frame = 0;

const send = (message: ToHost): void => host.postMessage(message);

const markdown: MarkdownActions = {
  link: (href) => send({ type: "link", href }),
  codeButtons: (code) => [
    h("button", { class: "quiet", onclick: () => send({ type: "copy", text: code }) }, "Copy"),
    h("button", { class: "quiet", onclick: () => send({ type: "insert", text: code }) }, "Insert at Cursor"),
    h("button", { class: "quiet", title: applyTitle(), onclick: () => send({ type: "apply", text: code }) }, "Apply"),
  ],
};
let growing = new Growing(body, markdown);

const completer = new Completer(
  (request, { kinds, text }) => send({ type: "complete", request, kinds, text }),
  (text) => say(text),
);
/** The field for an answer to the question: it is the same one however often the panel is drawn. */
const clarifying = h("textarea", { id: "clarify", rows: 2, dir: "auto", placeholder: "One sentence is enough" });
completer.attach(clarifying as HTMLTextAreaElement, mentions);

const actions: ReviewActions & OfferActions & CodeActions = {
  switch: (without) => {
    if (model?.busy === false) {
      send({ type: "switch", without });
    } else {
      draw();
    }
  },
  openPiece: (index) => send({ type: "openPiece", index }),
  openPath: (path, line) => send({ type: "openPath", path, line }),
  code: (change, name, label) => {
    if (model?.busy === false) {
      send({ type: "code", change, name, label });
    }
  },
  lookAgain: () => {
    if (model?.busy === false) {
      send({ type: "lookAgain" });
    }
  },
  resumeIndexing: () => send({ type: "resumeIndexing" }),
  addOpen: () => {
    if (model?.busy === false) {
      send({ type: "addOpen" });
    }
  },
  prompt: (field) => completer.attach(field, mentions),
  reuse: (entryId) => send({ type: "reuse", entryId }),
  refuse: (entryId) => send({ type: "refuse", entryId }),
  edited: (text) => send({ type: "edited", text }),
  draft: (text) => {
    draft = text;
    save();
  },
};

const grid = new PieceGrid(actions);
const add = addBox(completer, ({ name, label }) => {
  actions.code("pin", name, label);
  return model?.busy === false;
});

const handlers: Handlers = {
  accept: () => send({ type: "accept" }),
  original: () => send({ type: "original" }),
  discard: () => send({ type: "discard" }),
  cancel: () => send({ type: "cancel" }),
  again: () => proceed(),
  follow: () => send({ type: "follow" }),
  modify: () => startEditing(),
  clarify: () => clarify(),
  finish: () => finishEditing(),
  back: () => stopEditing(),
};

const answerActions = {
  copy: (text: string): void => send({ type: "copy", text }),
  again: (): void => proceed(),
  setKey: (): void => send({ type: "setKey" }),
  showLogs: (): void => send({ type: "showLogs" }),
  regenerate: (): void => send({ type: "regenerate" }),
  wrong: (): void => send({ type: "wrong" }),
};

function part(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) {
    throw new Error(`The page has no #${id}`);
  }
  return found;
}

function applyTitle(): string {
  return model?.target ? `Replace ${model.target}` : "Replace what is selected in the editor";
}

function save(): void {
  host.setState(model === null ? {} : { model, draft, editing });
}

function say(text: string | null): void {
  live.textContent = text ?? live.textContent;
}

// --- drawing ---------------------------------------------------------------------------------------------------------

function draw(): void {
  if (model === null) {
    return;
  }
  const goOn = completer.pause();
  document.body.dataset.phase = editing ? "editing" : model.phase;
  document.body.dataset.revision = String(model.proposal?.revision ?? "");
  root.setAttribute("aria-busy", String(model.busy));
  const answered = model.phase === "sending" || model.answerText !== "";
  const shown = model;
  redraw(root, () => [
    h("div", { class: "page" }, ...top(shown), ...middle(shown, answered)),
    actionBar(shown, editing, MAC, handlers),
  ]);
  document.getElementById("draft")?.toggleAttribute("readonly", model.busy);
  goOn();
  if (answered) {
    drawAnswer();
  }
}

/** Go on after a problem, or after the end. */
function proceed(): void {
  if (model === null || !tooLong(model)) {
    send({ type: "again" });
  } else if (model.proposal === null) {
    send({ type: "rewrite" });
  } else {
    startEditing();
  }
}

function top(shown: PanelModel): readonly Child[] {
  const { proposal, problem, phase } = shown;
  return [
    phase === "loading" ? loadingView(shown.prompt) : null,
    problem === null
      ? null
      : problemCard(problem, answerActions, editing ? null : wayOn(shown), hintOf("again", phase, MAC)),
    endOf(shown),
    phase === "question" && proposal?.question
      ? questionView(proposal.question, clarifying as HTMLTextAreaElement)
      : null,
  ];
}

function middle(shown: PanelModel, answered: boolean): readonly Child[] {
  const { proposal } = shown;
  if (proposal === null) {
    return shown.phase === "failed" && shown.prompt !== "" ? [promptAlone(shown.prompt)] : [];
  }
  const live = undecided(shown);
  const review: readonly Child[] = [
    ...(undecided(shown) ? offerCards(proposal.reuse, live, actions) : []),
    proposal.question === null ? facts(proposal) : null,
    notes(proposal.notes),
    ...(editing ? [] : choiceCards(proposal.choices, live && !shown.busy, actions)),
    columns(proposal, editing ? draft : null, actions),
    live && !editing ? keptNote(proposal, draft) : null,
    maskedNote(proposal.masked),
    ...(proposal.question === null && !editing
      ? [changeList(proposal.changes, live, actions), codeSection(shown, live, grid, add, actions)]
      : []),
  ];
  if (editing) {
    return review;
  }
  const over = ["discarded", "answered", "elsewhere"].includes(shown.phase);
  return [
    answered ? answerView(shown, body, answerActions) : null,
    ...(answered || over ? [sentDetails(review)] : review),
  ];
}

function sentDetails(review: readonly Child[]): HTMLElement {
  const details = h(
    "details",
    { class: "sent", open: sentShown },
    h("summary", { id: "sent-summary" }, icon("chevron"), "The prompt"),
    ...review,
  );
  details.addEventListener("toggle", () => {
    sentShown = (details as HTMLDetailsElement).open;
  });
  return details;
}

function drawAnswer(): void {
  if (model === null) {
    return;
  }
  const finished = growing.show(model.answerText, model.phase !== "sending");
  if (finished.length > 0) {
    say(finished.join("\n"));
  }
}

// --- editing and answering ------------------------------------------------------------------------------------

function setEditing(on: boolean): void {
  if (editing !== on) {
    editing = on;
    send({ type: "editing", on });
  }
}

function startEditing(): void {
  draft ??= model?.proposal?.refined ?? "";
  setEditing(true);
  draw();
  document.getElementById("draft")?.focus();
  save();
}

function stopEditing(): void {
  setEditing(false);
  draw();
  document.getElementById("modify")?.focus();
  save();
}

function finishEditing(): void {
  const text = draft ?? "";
  if (text === model?.proposal?.refined) {
    stopEditing();
  } else {
    given = text;
    actions.edited(text);
  }
}

function clarify(): void {
  const text = (clarifying as HTMLTextAreaElement).value.trim();
  if (text !== "") {
    send({ type: "answerQuestion", text });
  }
}

// --- what comes in -----------------------------------------------------------------------------------------------------

function show(next: PanelModel): void {
  completer.settle(); // into what it was typed for
  const before = model;
  model = next;
  const another = before?.proposal?.id !== next.proposal?.id;
  const wasEditing = editing;
  if (another) {
    sentShown = false;
  }
  const revised = before?.proposal?.revision !== next.proposal?.revision;
  const taken = [given, before?.proposal?.refined, next.proposal?.refined].some((text) => text === draft);
  if (another || (revised && taken)) {
    draft = null;
    setEditing(false);
  }
  given = revised || next.problem !== null ? null : given;
  if (before?.target !== next.target || next.answerText === "") {
    body.replaceChildren();
    growing = new Growing(body, markdown);
  }
  if (next.phase !== "review" && next.phase !== "failed" && next.phase !== "stopped") {
    setEditing(false);
  }
  const focused = document.activeElement?.id ?? "";
  const inGrid = grid.focused;
  if (another) {
    (clarifying as HTMLTextAreaElement).value = "";
  }
  draw();
  save();
  if (wasEditing && !editing) {
    document.getElementById("refined-text")?.focus();
  }
  if (before?.phase !== next.phase) {
    say(arrived(next));
  } else if (focused !== "" && document.activeElement === document.body && !(inGrid && grid.restore())) {
    // what had it was refused or taken out, put back or picked
    (document.getElementById("accept") ?? document.getElementById("again"))?.focus({ preventScroll: true });
  }
  showPinned(before, next);
  showProblem(before, next);
  say(saidOf(before, next));
  if (before?.reported === false && next.reported) {
    say("Thanks. This answer is not given for this prompt again.");
  }
}

window.addEventListener("message", ({ data }: MessageEvent<ToView>) => {
  if (data.type === "model") {
    show(data.model);
  } else if (data.type === "edit") {
    startEditing();
  } else if (data.type === "completions") {
    completer.found(data.request, data.found);
  } else if (data.type === "index") {
    if (model !== null) {
      const before = model;
      model = { ...before, index: data.index };
      say(showIndex(before, model, actions));
      if (indexing(model.index)?.kind === "ready") {
        completer.indexed();
      }
      save();
    }
  } else if (model !== null) {
    model = { ...model, answerText: model.answerText + data.text };
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      if (model?.answerText.length === 0 || body.childElementCount === 0) {
        draw();
      } else {
        drawAnswer();
      }
      save();
    });
  }
});

window.addEventListener("keydown", (event) => {
  const focus = focusAt(event.target as HTMLElement);
  const undo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z";
  const latest = model?.removed.at(-1);
  if (undo && !editing && focus !== "text" && latest !== undefined) {
    event.preventDefault();
    actions.code(latest.undo, latest.name, latest.label);
    return;
  }
  const id = pressed(event, editing ? "editing" : (model?.phase ?? "loading"), focus);
  const found = id === null ? null : document.getElementById(id);
  if (found !== null) {
    event.preventDefault();
    found.click();
  }
});

followReturns(() => (editing ? null : (model?.phase ?? null)));
followFocus(() => send({ type: "focused" }));
guardDoubleClicks(window);
draw();
send({ type: "ready" });
if (editing) {
  send({ type: "editing", on: true });
}
