// One proposal and the panel that shows it, and what such a pair needs of the server and of the editor.
import type {
  ApproveParams,
  ApproveResult,
  CancelResult,
  FeedbackParams,
  FeedbackResult,
  Proposal,
  RefineParams,
  SendResult,
} from "../protocol";
import type { Origin } from "../prompt/request";
import type { ToHost } from "../shared/messages";
import { SERVER_STOPPED } from "../server/problem";
import { loading, undecided, whole, withProblem, withProposal, type PanelModel } from "../shared/model";
import type { PanelEvents, PanelView } from "./panel";

/** The server as the desk asks it; every method rejects with an error that `problemOf` understands. */
export interface Server {
  /** Whether it runs, once a start that is under way is over. */
  ready(): Promise<boolean>;
  refine(params: RefineParams): Promise<Proposal>;
  approve(params: ApproveParams): Promise<ApproveResult>;
  feedback(params: FeedbackParams): Promise<FeedbackResult>;
  cancel(proposalId: string): Promise<CancelResult>;
  /** Have the answer to what was sent, from whichever window, told here too; nothing is sent. */
  follow(proposalId: string): Promise<SendResult>;
}

/** What a panel asks of the editor. */
export interface Editor {
  openPanel(focus: boolean, events: PanelEvents): PanelView;
  /** Messages that are not about the proposal itself: open, copy, insert, apply, links, keys, logs. */
  act(card: Card, message: ToHost): Promise<void>;
  /** What Apply would replace, in words. */
  target(card: Card): string | null;
  /** A prompt about a place, with what only the editor knows of that. */
  readonly seen: (params: RefineParams) => Origin;
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
  return new Card(broken ? withProblem(model, SERVER_STOPPED) : model);
}

/** What the prompt of a panel is about; of one that was kept, or made in another window, its proposal still says where. */
export function about({ origin, model }: Card, seen: Editor["seen"]): RefineParams {
  const { original, uri, range } = model.proposal ?? { original: model.prompt, uri: null, range: null };
  if (origin !== null || uri === null) {
    return origin?.params ?? { prompt: original };
  }
  const { start, end } = range ?? {};
  const selected = start?.line !== end?.line || start?.character !== end?.character;
  const place = range === null ? {} : { cursor: range.end, ...(selected ? { selection: range } : {}) };
  return seen({ prompt: original, uri, ...place }).params;
}

/**
 * What is shown of a proposal as it stands with the server: another window may have changed or sent it.
 *
 * The answer to what was sent there comes there; here it can be asked for. Where the server does not know the proposal
 * any more, deciding on it will say so.
 */
export async function standing(server: Server, card: Card): Promise<PanelModel> {
  const proposalId = undecided(card.model) ? card.model.proposal?.id : undefined;
  const proposal = proposalId && (await server.refine({ proposalId }).catch(() => null));
  const { model } = card;
  if (!proposal || proposal.id !== model.proposal?.id || !undecided(model) || model.busy) {
    return model; // the person went on meanwhile
  }
  return withProposal(model, proposal);
}

/** What refines the prompt of a panel anew, with the code that was pinned there and without what was taken out. */
export function anew(card: Card, seen: Editor["seen"]): RefineParams {
  const { model } = card;
  const { pieces = [], leftOut = [] } = model.proposal ?? {};
  const pins = [...pieces, ...leftOut].flatMap(({ pin, mentioned }) => (pin && !mentioned ? [pin] : []));
  const [pin, remove] = [[...new Set(pins)], model.removed.filter((each) => !each.unpinned).map((each) => each.name)];
  return {
    ...about(card, seen),
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
    case "elsewhere":
      return "The prompt was sent already. Refine it again first.";
    case "question":
      return "The prompt has a question first. Answer it, then try again.";
    default:
      return editing ? "The prompt is being edited. Finish that, or go back, then try again." : null;
  }
}

export const NO_PROMPT = "There is no prompt under review. Refine one first.";
