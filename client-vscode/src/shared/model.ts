// What the panel shows, as one value; both sides of the webview share it. Everything here is pure.
import type {
  Answer,
  AnswerEvent,
  ApproveParams,
  ApproveResult,
  Decision,
  ErrorCode,
  IndexStatus,
  Problem,
  Proposal,
  State,
} from "../protocol";

/** Where on its road a prompt is, as the panel draws it; `elsewhere`: it was sent, but not from this panel. */
export type Phase =
  "loading" | "question" | "review" | "sending" | "answered" | "elsewhere" | "failed" | "stopped" | "discarded";

/** What a person chose to do with a proposal. */
export interface Choice {
  readonly decision: Decision;
  readonly entryId: string | null;
}

/** Code that a person took out of a proposal, or unpinned: its name for the server, and for them. */
export interface Removed {
  readonly name: string;
  readonly label: string;
  /** Whether it was only unpinned: it may go along still. */
  readonly unpinned: boolean;
  /** What takes it back: it is pinned again where it was. */
  readonly undo: "back" | "pin";
}

/** `problem` is about the last decision while `phase` is `review`, and about the answer while it is `failed`. */
export interface PanelModel {
  readonly phase: Phase;
  readonly prompt: string;
  readonly proposal: Proposal | null;
  readonly busy: boolean;
  readonly answerText: string;
  readonly answer: Answer | null;
  readonly problem: Problem | null;
  /** What Apply would replace, in words; null where there is nothing to replace. */
  readonly target: string | null;
  /** What was chosen for just this revision, and may be tried again; null where nothing was. */
  readonly chosen: Choice | null;
  /** Whether the answer that is shown was reported wrong. */
  readonly reported: boolean;
  /** What was taken out of this proposal or unpinned here, the latest last; each can be put back. */
  readonly removed: readonly Removed[];
  /** How far the index of the workspace is; null where the server has not said. */
  readonly index: IndexStatus | null;
  /** The addresses of the workspace's folders. */
  readonly folders: readonly string[];
}

export function loading(prompt: string): PanelModel {
  return {
    phase: "loading",
    prompt,
    proposal: null,
    busy: true,
    answerText: "",
    answer: null,
    problem: null,
    target: null,
    chosen: null,
    reported: false,
    removed: [],
    index: null,
    folders: [],
  };
}

/** A model that an older version may have kept, with what it lacks. */
export function whole(kept: PanelModel): PanelModel {
  const old: Partial<PanelModel> = kept;
  const asked: Partial<Proposal> | null = kept.proposal;
  const lacking = { leftOut: [], choices: [], maxCodeTokens: 0, unfinished: false };
  const pieces = (asked?.pieces ?? []).map((each) => ({ ...{ rank: 0 }, ...each }));
  const proposal = asked === null ? null : ({ ...lacking, ...asked, pieces } as Proposal);
  const removed = (old.removed ?? []).map((each: Pick<Removed, "name" | "label"> & Partial<Removed>): Removed => {
    return { unpinned: false, undo: "back", ...each };
  });
  return { ...kept, proposal, removed, index: old.index ?? null, folders: old.folders ?? [] };
}

const PHASES: Readonly<Record<State, Phase>> = {
  proposed: "review",
  accepted: "review",
  modified: "review",
  original: "review",
  reused: "review",
  discarded: "discarded",
  sent: "sending",
  answered: "answered",
  failed: "failed",
  cancelled: "stopped",
};

/** Take a proposal that is new or has changed. An older revision than the one shown changes nothing. */
export function withProposal(model: PanelModel, proposal: Proposal): PanelModel {
  const shown = model.proposal;
  if (shown?.id === proposal.id && proposal.revision < shown.revision) {
    return model;
  }
  const phase = phaseOf(model, proposal);
  const fresh = phase === "review" || phase === "question";
  const same = shown?.id === proposal.id && shown.revision === proposal.revision;
  const refused = model.phase === "failed" && phase === "review" && proposal.state !== "proposed" && same;
  return {
    ...model,
    phase,
    proposal,
    prompt: proposal.original,
    busy: false,
    problem: phase === model.phase || phase === "failed" || refused ? model.problem : null,
    answerText: fresh ? "" : model.answerText,
    answer: fresh ? null : model.answer,
    chosen: same ? model.chosen : null,
    reported: !fresh && model.reported,
    removed: shown?.id === proposal.id ? model.removed : [],
  };
}

/** Of what is sent from here we know before the server says so, and of its answer before it says that there is one. */
function phaseOf({ phase, answer }: PanelModel, { id, state, question }: Proposal): Phase {
  if ((state === "sent" && phase !== "sending") || (state === "answered" && answer?.proposalId !== id)) {
    return "elsewhere";
  }
  return state === "proposed" && question !== null ? "question" : PHASES[state];
}

/** Take one event of an answer's stream. */
export function withEvent(model: PanelModel, event: AnswerEvent): PanelModel {
  switch (event.kind) {
    case "delta": {
      const text = (model.phase === "sending" ? model.answerText : "") + (event.text ?? "");
      return {
        ...model,
        phase: "sending",
        busy: false,
        problem: null,
        answer: null,
        answerText: text,
        reported: false,
      };
    }
    case "done":
      return {
        ...model,
        phase: "answered",
        busy: false,
        problem: null,
        answer: event.answer,
        answerText: event.answer?.text ?? model.answerText,
        reported: false,
      };
    case "failed": {
      const lost = event.problem?.code === LOST;
      return { ...model, phase: lost ? "elsewhere" : "failed", busy: false, problem: event.problem };
    }
    case "cancelled":
      return { ...model, phase: "stopped", busy: false };
  }
}

/** Take what a person decided by code action on just what is shown: it may be tried again. */
export function withChosen(model: PanelModel, { digest, decision, entryId = null }: ApproveParams): PanelModel {
  const { proposal } = model;
  const same = digest === proposal?.digest || (decision === "original" && digest === proposal?.originalDigest);
  return same ? { ...model, chosen: { decision, entryId }, problem: null } : model;
}

/** Take that a proposal is on its way. What has come of its answer by now stays. */
export function withSent(model: PanelModel, proposal: Proposal): PanelModel {
  const answerText = model.phase === "sending" ? model.answerText : "";
  return {
    ...model,
    phase: "sending",
    proposal,
    busy: false,
    problem: null,
    answer: null,
    answerText,
    reported: false,
  };
}

/** Take that the answer to what was sent elsewhere is told here too. What has come of it by now stays. */
export function withFollowed(model: PanelModel, proposal: Proposal): PanelModel {
  return mayFollow(model) ? withSent(model, proposal) : model;
}

/** The entry behind the answer that is shown; null where it did not come from the cache. */
export function servedEntry({ phase, answer }: PanelModel): string | null {
  return phase === "answered" && answer?.source === "cache" ? answer.entryId : null;
}

/** Take a problem with what the person just asked for; an answer that was under way has failed with it. */
export function withProblem(model: PanelModel, problem: Problem): PanelModel {
  const phase = model.phase === "sending" || model.phase === "loading" ? "failed" : model.phase;
  return { ...model, phase, busy: false, problem };
}

/** Look at the proposal again, as if nothing had been decided. */
export function reviewedAgain(model: PanelModel): PanelModel {
  const phase = model.proposal?.question ? "question" : "review";
  return { ...model, phase, answerText: "", answer: null, problem: null, chosen: null };
}

/** Whether what was approved is on its way, and nothing has come of it yet: here, or decided so from another window. */
export function underWay(model: PanelModel, { traceId, state }: ApproveResult): boolean {
  const elsewhere = state === "sent" || state === "answered";
  return (
    traceId !== null &&
    (elsewhere ? !["sending", "answered"].includes(model.phase) : ["review", "question"].includes(model.phase))
  );
}

/** Whether what failed or was stopped may be tried again as it is; else the prompt is refined anew. */
export function maySendAgain({ phase, problem }: PanelModel): boolean {
  return (phase === "failed" || phase === "stopped") && problem?.code.startsWith("approval") !== true;
}

/** Whether the answer to what was sent from elsewhere can be shown here: the server has not said otherwise. */
export function mayFollow({ phase, problem }: PanelModel): boolean {
  return phase === "elsewhere" && problem?.code !== LOST;
}

/** Whether the prompt is too long, so that trying it again as it is would be refused again. */
export function tooLong({ problem }: PanelModel): boolean {
  const code: ErrorCode = "provider.too_long";
  return problem?.code === code;
}

/** The code of the problem that only the window that asked has the answer. */
const LOST: ErrorCode = "approval.elsewhere";

/** Whether a decision can be taken on what is shown. */
export function undecided(model: PanelModel): boolean {
  return ["question", "review", "failed", "stopped"].includes(model.phase) && model.proposal !== null;
}

/** Note that code was taken out of what is shown, or unpinned. */
export function withRemoved(model: PanelModel, removed: Removed): PanelModel {
  return { ...model, removed: [...withoutRemoved(model, removed.name).removed, removed] };
}

/** Note that code was put back. */
export function withoutRemoved(model: PanelModel, name: string): PanelModel {
  return { ...model, removed: model.removed.filter((each) => each.name !== name) };
}
