// What a person asks of the server about a prompt: one thing at a time, and what goes wrong is shown with the prompt.
import type { Decision, FeedbackParams, FeedbackResult, RefineParams } from "../protocol";
import { NO_SERVER, problemOf } from "../server/problem";
import type { CodeChange } from "../shared/messages";
import {
  loading,
  mayFollow,
  maySendAgain,
  reviewedAgain,
  servedEntry,
  undecided,
  underWay,
  withFollowed,
  withProblem,
  withProposal,
  withSent,
  type PanelModel,
} from "../shared/model";
import { about, anew, standing, type Card, type Editor, type Server } from "./card";
import type { Cards } from "./cards";
import { asked, noted } from "./code";

export class Asking {
  constructor(
    private readonly server: Server,
    private readonly editor: Editor,
    private readonly cards: Cards,
  ) {}

  /** Refine a prompt, or have another revision of its proposal; `noted` adds what only the panel knows of that. */
  async refine(card: Card, params: RefineParams, noted = (model: PanelModel) => model): Promise<void> {
    card.model = { ...card.model, chosen: null };
    await this.attempt(card, async () => {
      const proposal = await this.server.refine(params);
      const before = card.model.proposal?.id;
      if (before !== undefined && before !== proposal.id) {
        this.cards.drop(before);
        card.model = loading(proposal.original);
      }
      this.cards.put(proposal.id, card);
      this.cards.update(card, noted(withProposal(card.model, proposal)));
    });
  }

  /** Pin code, take it out, or take back either. While a revision is on its way nothing more is asked. */
  async code(card: Card, change: CodeChange, name: string, label: string): Promise<void> {
    const proposalId = card.model.proposal?.id;
    if (proposalId !== undefined && !card.model.busy && undecided(card.model)) {
      await this.refine(card, asked(proposalId, change, name), noted(card.model, change, name, label));
    }
  }

  /** Answer the one question of a vague prompt: a new proposal takes the old one's place. */
  async clarify(card: Card, text: string): Promise<void> {
    const asked = card.model.proposal;
    const prompt = `${card.model.prompt}\n\n${text}`;
    await this.refine(card, { ...about(card, this.editor.seen), prompt });
    if (asked !== null && card.model.proposal?.id !== asked.id) {
      const { id: proposalId, digest } = asked;
      await this.server.approve({ proposalId, digest, decision: "discard" }).catch(() => undefined);
      this.cards.drop(proposalId);
    }
  }

  /** Decide on what the panel shows, and send it unless it is discarded. */
  async decide(card: Card, decision: Decision, entryId: string | null = null): Promise<void> {
    const proposal = card.model.proposal;
    if (proposal === null || card.model.busy || !undecided(card.model)) {
      return;
    }
    card.model = { ...card.model, chosen: { decision, entryId } };
    const digest = decision === "original" ? proposal.originalDigest : proposal.digest;
    await this.attempt(card, async () => {
      const send = decision !== "discard";
      const result = await this.server.approve({ proposalId: proposal.id, digest, decision, entryId, send });
      if (underWay(card.model, result)) {
        this.cards.update(card, withSent(card.model, card.model.proposal ?? proposal));
      }
    });
  }

  /**
   * Try again what failed: the same decision on the same revision, or the prompt anew where that can no longer be.
   * Where it is not known what was chosen here, nothing is sent: the proposal is shown for a new decision.
   */
  async again(card: Card): Promise<void> {
    const { chosen, proposal, removed } = card.model;
    if (proposal === null || !maySendAgain(card.model)) {
      await this.refine(card, anew(card, this.editor.seen), (after) => ({ ...after, removed }));
    } else if (chosen) {
      await this.decide(card, chosen.decision, chosen.entryId);
    } else {
      this.cards.update(card, reviewedAgain(card.model));
    }
  }

  /** Show the answer to what was sent from another window. */
  async follow(card: Card): Promise<void> {
    const { proposal, busy } = card.model;
    if (proposal !== null && !busy && mayFollow(card.model)) {
      await this.attempt(card, async () => {
        await this.server.follow(proposal.id);
        this.cards.update(card, withFollowed(card.model, proposal));
      });
    }
  }

  async cancel(card: Card): Promise<void> {
    const proposal = card.model.proposal;
    if (proposal !== null) {
      await this.attempt(card, () => this.server.cancel(proposal.id));
    }
  }

  /** Give the person's word on an answer that the cache offers or gave. */
  async feedback(card: Card, entryId: string, kind: FeedbackParams["kind"]): Promise<void> {
    const proposalId = card.model.proposal?.id;
    if (proposalId !== undefined && !card.model.busy) {
      await this.attempt(card, async () => {
        const result = await this.server.feedback({ proposalId, entryId, kind });
        if (result.traceId === null) {
          this.cards.update(card, withProposal(card.model, result.proposal));
        }
        this.judged(card, { proposalId, entryId, kind }, result);
      });
    }
  }

  /** Show what came of a word on the answer that is shown. */
  judged(card: Card, { entryId, kind }: FeedbackParams, { proposal, traceId }: FeedbackResult): void {
    if (servedEntry(card.model) === entryId) {
      const reported = card.model.reported || kind === "wrong";
      this.cards.update(card, traceId === null ? { ...card.model, reported } : withSent(card.model, proposal));
    }
  }

  /** Show how a proposal stands with the server by now: another window may have decided on it. */
  async check(card: Card): Promise<void> {
    this.cards.update(card, await standing(this.server, card));
  }

  private attempt(card: Card, work: () => Promise<unknown>): Promise<void> {
    return (card.work = this.attempted(card, work));
  }

  private async attempted(card: Card, work: () => Promise<unknown>): Promise<void> {
    this.cards.update(card, { ...card.model, busy: true, problem: null });
    if (!(await this.server.ready())) {
      this.cards.update(card, withProblem(card.model, NO_SERVER));
      return;
    }
    try {
      await work();
      if (card.model.busy) {
        this.cards.update(card, { ...card.model, busy: false });
      }
    } catch (error) {
      const problem = problemOf(error);
      card.model = withProblem(card.model, problem);
      const doubtful = ["approval.state", "approval.stale"].includes(problem.code); // decided or changed elsewhere
      this.cards.update(card, doubtful ? await standing(this.server, card) : card.model);
    }
  }
}
