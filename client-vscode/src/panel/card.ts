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
import { SENT_ELSEWHERE, SERVER_STOPPED } from "../server/problem";
import { loading, undecided, whole, withProblem, withProposal, type PanelModel } from "../shared/model";
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
  /** The addresses of the workspace's folders. */
  folders(): readonly string[];
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

/**
 * What is shown of a proposal as it stands with the server: another window may have changed or sent it.
 *
 * The answer to what was sent there comes there. Where the server does not know it any more, deciding on it will say so.
 */
export async function standing(server: Server, card: Card): Promise<PanelModel> {
  const proposalId = card.model.proposal?.id;
  const proposal = proposalId && (await server.refine({ proposalId }).catch(() => null));
  const { model } = card;
  if (!proposal || proposal.id !== model.proposal?.id || !undecided(model) || model.busy) {
    return model; // the person went on meanwhile
  }
  const now = withProposal(model, proposal);
  return now.phase === "sending" ? withProblem(now, SENT_ELSEWHERE) : now;
}

/** What refines the prompt of a panel anew, with the code that was pinned there and without what was taken out. */
export function anew({ origin, model }: Card): RefineParams {
  const { pieces = [], leftOut = [] } = model.proposal ?? {};
  const pins = [...pieces, ...leftOut].flatMap(({ pin, mentioned }) => (pin && !mentioned ? [pin] : []));
  const [pin, remove] = [[...new Set(pins)], model.removed.filter((each) => !each.unpinned).map((each) => each.name)];
  return {
    ...(origin?.params ?? { prompt: model.prompt }),
    ...(pin.length > 0 ? { pin } : {}),
    ...(remove.length > 0 ? { remove } : {}),
  };
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
