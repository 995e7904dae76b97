// The desk: what the server says goes to the prompt that it is about, what a person does in a panel to the server.
import type {
  AnswerEvent,
  ApproveParams,
  FeedbackParams,
  FeedbackResult,
  IndexStatus,
  Proposal,
  RefineParams,
} from "../protocol";
import type { Origin } from "../prompt/request";
import { SERVER_STOPPED } from "../server/problem";
import type { ToHost } from "../shared/messages";
import {
  loading,
  servedEntry,
  undecided,
  withChosen,
  withEvent,
  withProblem,
  withProposal,
  type PanelModel,
} from "../shared/model";
import { Asking } from "./asking";
import { Card, decidable, NO_PROMPT, restored, whyNot, type Editor, type Server } from "./card";
import { Cards } from "./cards";
import { revised } from "./code";
import type { PanelEvents, PanelView } from "./panel";

export class Desk {
  private readonly cards: Cards;
  private readonly asking: Asking;
  private adding: Promise<string | null> = Promise.resolve(null);

  constructor(
    private readonly server: Server,
    private readonly editor: Editor,
  ) {
    this.cards = new Cards(editor, (card, message) => void this.receive(card, message));
    this.asking = new Asking(server, editor, this.cards);
  }

  /** The card of the panel that was used last. */
  get current(): Card | null {
    return this.cards.current;
  }

  /** Whether Send Prompt has something to send. */
  get canSend(): boolean {
    return this.current !== null && decidable(this.current);
  }

  get sending(): Card | null {
    return this.cards.proposed.find((card) => card.model.phase === "sending") ?? null;
  }

  /** Whether the current panel shows an answer from the cache. */
  get servedAnswer(): boolean {
    return this.current !== null && servedEntry(this.current.model) !== null;
  }

  // --- what the editor's commands ask ----------------------------------------------------------------------------

  /** Refine a new prompt in a panel of its own. */
  async begin(origin: Origin): Promise<void> {
    const card = new Card(loading(origin.params.prompt ?? ""));
    card.origin = origin;
    this.cards.reveal(card, true);
    await this.asking.refine(card, origin.params);
  }

  /** Show a panel that the editor kept over a restart. */
  restore(model: PanelModel | null, attach: (events: PanelEvents) => PanelView): void {
    this.cards.restore(restored(model), attach);
  }

  /** Carry out a code action that refines: a new prompt, or a proposal to modify here. */
  async act(params: RefineParams): Promise<void> {
    const { review, ...rest } = params;
    if (rest.proposalId === undefined || rest.proposalId === null) {
      return this.begin(this.editor.seen(rest));
    }
    const card = this.take(await this.server.refine(rest));
    this.cards.reveal(card, true);
    if (review === true) {
      card.view?.edit();
    }
  }

  /**
   * Add code to what the current panel shows, and show it; say why not where that cannot be, null where it was.
   * A command has no button that could say that it is not its turn: it waits for what is under way.
   */
  async add(name: string, label: string): Promise<string | null> {
    const card = this.current;
    const before = this.adding.catch(() => null);
    this.adding = before.then(async () => {
      await card?.work;
      const reason = card === null ? NO_PROMPT : whyNot(card);
      if (card !== null && reason === null) {
        this.cards.reveal(card, false);
        await this.asking.code(card, "pin", name, label);
      }
      return reason;
    });
    return this.adding;
  }

  /** Send what the current panel shows; where nobody can see it, show it instead. */
  async sendPrompt(): Promise<void> {
    const card = this.canSend ? this.current : null;
    if (card?.view?.visible === true) {
      await this.asking.decide(card, "accept");
    } else if (card !== null) {
      this.cards.reveal(card, true);
    }
  }

  /** Give the person's word on the answer from the cache that a panel shows. */
  async judge(card: Card | null, kind: "regenerate" | "wrong"): Promise<void> {
    const entryId = card === null ? null : servedEntry(card.model);
    if (card !== null && entryId !== null && !(kind === "wrong" && card.model.reported)) {
      await this.asking.feedback(card, entryId, kind);
    }
  }

  async cancel(card: Card): Promise<void> {
    await this.asking.cancel(card);
  }

  // --- what the server says --------------------------------------------------------------------------------------

  /** Take `optafly/proposal`: the panel follows, but none opens by itself. */
  take(proposal: Proposal): Card {
    const card = this.cards.of(proposal.id, proposal.original);
    this.cards.update(card, withProposal(card.model, proposal));
    return card;
  }

  /** Take `optafly/answer`: an answer to a proposal without a panel opens one, beside what the person is doing. */
  answer(event: AnswerEvent): void {
    const card = this.cards.of(event.proposalId, "");
    const streaming = card.model.phase === "sending" && event.kind === "delta";
    card.model = withEvent(card.model, event);
    if (card.view === null && event.kind !== "cancelled") {
      this.cards.reveal(card, false);
    } else if (streaming) {
      card.view?.streamed(card.model, event.text ?? "");
    } else {
      this.cards.update(card, card.model);
    }
    if (event.kind === "cancelled") {
      void this.asking.check(card); // what another window sent goes on there
    }
  }

  /** Take how far the index of the workspace is. */
  indexed(index: IndexStatus | null): void {
    this.cards.indexed(index);
  }

  /** The server's process ended: whatever was under way has failed. */
  serverStopped(): void {
    for (const card of [...this.cards.known].filter(({ model }) => model.phase === "sending" || model.busy)) {
      this.cards.update(card, withProblem(card.model, SERVER_STOPPED));
    }
  }

  /** A server has started: ask it how what is still open stands, for a panel may have been kept over a restart. */
  async refresh(): Promise<void> {
    await Promise.all(this.cards.proposed.map((card) => this.asking.check(card)));
  }

  /** Learn of a decision that was taken by code action: it is what a panel may try again. */
  chose(params: ApproveParams): void {
    const card = this.cards.find(params.proposalId);
    if (card !== undefined) {
      card.model = withChosen(card.model, params);
    }
  }

  /** Learn of a word on an answer that was given by code action, and of what came of it. */
  judged(params: FeedbackParams, result: FeedbackResult): void {
    const card = this.cards.find(params.proposalId);
    if (card !== undefined) {
      this.asking.judged(card, params, result);
    }
  }

  // --- what a person does in a panel -----------------------------------------------------------------------------

  /** Do what a person asked for in a panel. */
  async receive(card: Card, message: ToHost): Promise<void> {
    const { busy, proposal } = card.model;
    const proposalId = busy ? undefined : proposal?.id; // the panel may not show yet that it is not its turn
    this.cards.use(card);
    switch (message.type) {
      case "accept":
      case "original":
      case "discard":
        return this.asking.decide(card, message.type);
      case "reuse":
        return this.asking.decide(card, "reuse", message.entryId);
      case "refuse": {
        const offered = proposal?.reuse.some(({ entryId }) => entryId === message.entryId) ?? false; // or clicked twice
        return offered && undecided(card.model) ? this.asking.feedback(card, message.entryId, "refused") : undefined;
      }
      case "regenerate":
      case "wrong":
        return this.judge(card, message.type);
      case "cancel":
        return this.asking.cancel(card);
      case "again":
        return busy ? undefined : this.asking.again(card);
      case "follow":
        return this.asking.follow(card);
      case "answerQuestion":
        return busy ? undefined : this.asking.clarify(card, message.text);
      case "switch":
      case "edited":
      case "lookAgain":
        return proposalId === undefined ? undefined : this.asking.refine(card, revised(proposalId, message));
      case "code":
        return this.asking.code(card, message.change, message.name, message.label);
      case "editing":
        card.editing = message.on;
        this.editor.changed();
        return;
      default:
        return this.editor.act(card, message);
    }
  }
}
