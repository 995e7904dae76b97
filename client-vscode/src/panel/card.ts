// One proposal and the panel that shows it, and what such a pair needs of the server and of the editor.
import type {
  ApproveParams,
  ApproveResult,
  CancelResult,
  FeedbackParams,
  FeedbackResult,
  Proposal,
  RefineParams,
} from "../protocol";
import type { Origin } from "../prompt/request";
import type { ToHost } from "../shared/messages";
import { SERVER_STOPPED } from "../server/problem";
import { loading, whole, withProblem, type PanelModel } from "../shared/model";
import type { PanelEvents, PanelView } from "./panel";

/** The server as the desk asks it; every method rejects with an error that `problemOf` understands. */
export interface Server {
  readonly running: boolean;
  refine(params: RefineParams): Promise<Proposal>;
  approve(params: ApproveParams): Promise<ApproveResult>;
  feedback(params: FeedbackParams): Promise<FeedbackResult>;
  cancel(proposalId: string): Promise<CancelResult>;
}

/** What a panel asks of the editor. */
export interface Editor {
  openPanel(focus: boolean, events: PanelEvents): PanelView;
  /** Messages that are not about the proposal itself: open, copy, insert, apply, links, keys, logs. */
  act(card: Card, message: ToHost): Promise<void>;
  /** What Apply would replace, in words. */
  target(card: Card): string | null;
  changed(): void;
}

export class Card {
  model: PanelModel;
  origin: Origin | null = null;
  view: PanelView | null = null;
  /** Whether the panel is open for editing: what it then shows is not what would be sent. */
  editing = false;
  /** What is under way with the server; settled where nothing is. */
  work: Promise<unknown> = Promise.resolve();

  constructor(model: PanelModel) {
    this.model = model;
  }
}

/** The card of a panel that the editor kept over a restart: what was under way then has failed. */
export function restored(kept: PanelModel | null): Card {
  const model = kept === null ? loading("") : whole(kept);
  const broken = model.phase === "sending" || model.phase === "loading";
  const card = new Card(broken ? withProblem(model, SERVER_STOPPED) : model);
  const { proposal } = model;
  card.origin = proposal && { params: { prompt: proposal.original, uri: proposal.uri }, selected: "" };
  return card;
}

/** Whether a panel shows something that would be sent if it were accepted. */
export function decidable(card: Card): boolean {
  return whyNot(card) === null;
}

/** Why nothing can be added to what a panel shows, and what to do; null where it can. */
export function whyNot({ editing, model }: Card): string | null {
  const { phase, proposal } = model;
  if (proposal === null) {
    return NO_PROMPT;
  }
  switch (phase) {
    case "sending":
      return "The prompt is being answered. Stop that first, or refine the prompt again.";
    case "answered":
    case "discarded":
      return `The prompt is ${phase} already. Refine it again first.`;
    case "question":
      return "The prompt has a question first. Answer it, then try again.";
    default:
      return editing ? "The prompt is being edited. Finish that, or go back, then try again." : null;
  }
}

export const NO_PROMPT = "There is no prompt under review. Refine one first.";
