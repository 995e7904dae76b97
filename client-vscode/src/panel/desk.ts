// The open proposals and their panels: what the server says goes to its panel, what a person does there to the server.
import type {
  AnswerEvent,
  ApproveParams,
  Decision,
  FeedbackParams,
  FeedbackResult,
  IndexStatus,
  Proposal,
  RefineParams,
} from "../protocol";
import type { Origin } from "../prompt/request";
import { NO_SERVER, SERVER_STOPPED, problemOf } from "../server/problem";
import { indexing } from "../shared/indexing";
import type { CodeChange, ToHost } from "../shared/messages";
import {
  loading,
  mayFollow,
  maySendAgain,
  reviewedAgain,
  servedEntry,
  undecided,
  underWay,
  withChosen,
  withEvent,
  withFollowed,
  withProblem,
  withProposal,
  withSent,
  type PanelModel,
} from "../shared/model";
import { about, anew, Card, decidable, NO_PROMPT, restored, standing, whyNot, type Editor, type Server } from "./card";
import { asked, noted, revised } from "./code";
import type { PanelEvents, PanelView } from "./panel";

export class Desk {
  private readonly cards = new Map<string, Card>();
  private latest: Card | null = null;
  private index: IndexStatus | null = null;
  private adding: Promise<string | null> = Promise.resolve(null);

  constructor(
    private readonly server: Server,
    private readonly editor: Editor,
  ) {}

  /** The card of the panel that was used last. */
  get current(): Card | null {
    return this.latest;
  }

  /** Every card there is: that of a prompt that is being refined has no place among the others yet. */
  private get known(): ReadonlySet<Card> {
    return new Set([...(this.latest === null ? [] : [this.latest]), ...this.cards.values()]);
  }

  /** Whether Send Prompt has something to send. */
  get canSend(): boolean {
    return this.latest !== null && decidable(this.latest);
  }

  get sending(): Card | null {
    return [...this.cards.values()].find((card) => card.model.phase === "sending") ?? null;
  }

  /** Refine a new prompt in a panel of its own. */
  async begin(origin: Origin): Promise<void> {
    const card = new Card(loading(origin.params.prompt ?? ""));
    card.origin = origin;
    this.reveal(card, true);
    await this.refine(card, origin.params);
  }

  /** Show a panel that the editor kept over a restart. */
  restore(model: PanelModel | null, attach: (events: PanelEvents) => PanelView): void {
    const card = restored(model);
    if (card.model.proposal !== null) {
      this.cards.set(card.model.proposal.id, card);
    }
    card.view = attach(this.events(card));
    this.update(card, { ...card.model, busy: false });
  }

  /** Carry out a code action that refines: a new prompt, or a proposal to modify here. */
  async act(params: RefineParams): Promise<void> {
    const { review, ...rest } = params;
    if (rest.proposalId === undefined || rest.proposalId === null) {
      return this.begin(this.editor.seen(rest));
    }
    const card = this.take(await this.server.refine(rest));
    this.reveal(card, true);
    if (review === true) {
      card.view?.edit();
    }
  }

  /** Take `optafly/proposal`: the panel follows, but none opens by itself. */
  take(proposal: Proposal): Card {
    const card = this.cards.get(proposal.id) ?? new Card(loading(proposal.original));
    this.cards.set(proposal.id, card);
    this.update(card, withProposal(card.model, proposal));
    return card;
  }

  /** Take `optafly/answer`: an answer to a proposal without a panel opens one, beside what the person is doing. */
  answer(event: AnswerEvent): void {
    const card = this.cards.get(event.proposalId) ?? new Card(loading(""));
    this.cards.set(event.proposalId, card);
    const streaming = card.model.phase === "sending" && event.kind === "delta";
    card.model = withEvent(card.model, event);
    if (card.view === null && event.kind !== "cancelled") {
      this.reveal(card, false);
    } else if (streaming) {
      card.view?.streamed(card.model, event.text ?? "");
    } else {
      this.update(card, card.model);
    }
    if (event.kind === "cancelled") {
      void this.check(card); // what another window sent goes on there
    }
  }

  /** Take how far the index of the workspace is: every panel says so where it lists code. */
  indexed(index: IndexStatus | null): void {
    const news = indexing(index)?.words !== indexing(this.index)?.words;
    this.index = index;
    for (const card of news ? this.known : []) {
      card.model = { ...card.model, index };
      card.view?.indexed(card.model);
    }
  }

  /**
   * Add code to what the current panel shows, and show it; say why not where that cannot be, null where it was.
   * A command has no button that could say that it is not its turn: it waits for what is under way.
   */
  async add(name: string, label: string): Promise<string | null> {
    const card = this.latest;
    const before = this.adding.catch(() => null);
    this.adding = before.then(async () => {
      await card?.work;
      const reason = card === null ? NO_PROMPT : whyNot(card);
      if (card !== null && reason === null) {
        this.reveal(card, false);
        await this.code(card, "pin", name, label);
      }
      return reason;
    });
    return this.adding;
  }

  /** Pin code, take it out, or take back either. While a revision is on its way nothing more is asked. */
  async code(card: Card, change: CodeChange, name: string, label: string): Promise<void> {
    const proposalId = card.model.proposal?.id;
    if (proposalId !== undefined && !card.model.busy && undecided(card.model)) {
      await this.refine(card, asked(proposalId, change, name), noted(card.model, change, name, label));
    }
  }

  /** The server's process ended: whatever was under way has failed. */
  serverStopped(): void {
    for (const card of [...this.known].filter(({ model }) => model.phase === "sending" || model.busy)) {
      this.update(card, withProblem(card.model, SERVER_STOPPED));
    }
  }

  /** A server has started: ask it how what is still open stands, for a panel may have been kept over a restart. */
  async refresh(): Promise<void> {
    await Promise.all([...this.cards.values()].map((card) => this.check(card)));
  }

  private async check(card: Card): Promise<void> {
    this.update(card, await standing(this.server, card));
  }

  /** Send what the current panel shows; where nobody can see it, show it instead. */
  async sendPrompt(): Promise<void> {
    const card = this.canSend ? this.latest : null;
    if (card?.view?.visible === true) {
      await this.decide(card, "accept");
    } else if (card !== null) {
      this.reveal(card, true);
    }
  }

  /** Learn of a decision that was taken by code action: it is what a panel may try again. */
  chose(params: ApproveParams): void {
    const card = this.cards.get(params.proposalId);
    if (card !== undefined) {
      card.model = withChosen(card.model, params);
    }
  }

  /** Learn of a word on an answer, here or by code action, and of what came of it. */
  judged({ proposalId, entryId, kind }: FeedbackParams, { proposal, traceId }: FeedbackResult): void {
    const card = this.cards.get(proposalId);
    if (card !== undefined && servedEntry(card.model) === entryId) {
      const reported = card.model.reported || kind === "wrong";
      this.update(card, traceId === null ? { ...card.model, reported } : withSent(card.model, proposal));
    }
  }

  /** Whether the current panel shows an answer from the cache. */
  get servedAnswer(): boolean {
    return this.latest !== null && servedEntry(this.latest.model) !== null;
  }

  /** Give the person's word on the answer from the cache that a panel shows. */
  async judge(card: Card | null, kind: "regenerate" | "wrong"): Promise<void> {
    const entryId = card === null ? null : servedEntry(card.model);
    if (card !== null && entryId !== null && !(kind === "wrong" && card.model.reported)) {
      await this.feedback(card, entryId, kind);
    }
  }

  private async feedback(card: Card, entryId: string, kind: FeedbackParams["kind"]): Promise<void> {
    const proposalId = card.model.proposal?.id;
    if (proposalId !== undefined && !card.model.busy) {
      await this.attempt(card, async () => {
        const result = await this.server.feedback({ proposalId, entryId, kind });
        if (result.traceId === null) {
          this.update(card, withProposal(card.model, result.proposal));
        }
        this.judged({ proposalId, entryId, kind }, result);
      });
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
        this.update(card, withSent(card.model, card.model.proposal ?? proposal));
      }
    });
  }

  /** Show the answer to what was sent from another window. */
  async follow(card: Card): Promise<void> {
    const { proposal, busy } = card.model;
    if (proposal !== null && !busy && mayFollow(card.model)) {
      await this.attempt(card, async () => {
        await this.server.follow(proposal.id);
        this.update(card, withFollowed(card.model, proposal));
      });
    }
  }

  async cancel(card: Card): Promise<void> {
    const proposal = card.model.proposal;
    if (proposal !== null) {
      await this.attempt(card, () => this.server.cancel(proposal.id));
    }
  }

  /**
   * Try again what failed: the same decision on the same revision, or the prompt anew where that can no longer be.
   * Where it is not known what was chosen here, nothing is sent: the proposal is shown for a new decision.
   */
  private async again(card: Card): Promise<void> {
    const { chosen, proposal, removed } = card.model;
    if (proposal === null || !maySendAgain(card.model)) {
      await this.refine(card, anew(card, this.editor.seen), (after) => ({ ...after, removed }));
    } else if (chosen) {
      await this.decide(card, chosen.decision, chosen.entryId);
    } else {
      this.update(card, reviewedAgain(card.model));
    }
  }

  private async refine(card: Card, params: RefineParams, noted = (model: PanelModel) => model): Promise<void> {
    card.model = { ...card.model, chosen: null };
    await this.attempt(card, async () => {
      const proposal = await this.server.refine(params);
      const before = card.model.proposal?.id;
      if (before !== undefined && before !== proposal.id) {
        this.cards.delete(before);
        card.model = loading(proposal.original);
      }
      this.cards.set(proposal.id, card);
      this.update(card, noted(withProposal(card.model, proposal)));
    });
  }

  /** Answer the one question of a vague prompt: a new proposal takes the old one's place. */
  private async clarify(card: Card, text: string): Promise<void> {
    const asked = card.model.proposal;
    const prompt = `${card.model.prompt}\n\n${text}`;
    await this.refine(card, { ...about(card, this.editor.seen), prompt });
    if (asked !== null && card.model.proposal?.id !== asked.id) {
      const { id: proposalId, digest } = asked;
      await this.server.approve({ proposalId, digest, decision: "discard" }).catch(() => undefined);
      this.cards.delete(proposalId);
    }
  }

  private attempt(card: Card, work: () => Promise<unknown>): Promise<void> {
    return (card.work = this.attempted(card, work));
  }

  private async attempted(card: Card, work: () => Promise<unknown>): Promise<void> {
    if (!this.server.running) {
      this.update(card, withProblem(card.model, NO_SERVER));
      return;
    }
    this.update(card, { ...card.model, busy: true, problem: null });
    try {
      await work();
      if (card.model.busy) {
        this.update(card, { ...card.model, busy: false });
      }
    } catch (error) {
      const problem = problemOf(error);
      card.model = withProblem(card.model, problem);
      const doubtful = ["approval.state", "approval.stale"].includes(problem.code); // decided or changed elsewhere
      this.update(card, doubtful ? await standing(this.server, card) : card.model);
    }
  }

  private reveal(card: Card, focus: boolean): void {
    card.view?.reveal(focus);
    card.view ??= this.editor.openPanel(focus, this.events(card));
    this.latest = card;
    this.update(card, card.model);
  }

  private update(card: Card, model: PanelModel): void {
    const { editor, index } = this;
    card.model = { ...model, target: editor.target(card), index, folders: editor.folders() };
    card.view?.show(card.model);
    this.editor.changed();
  }

  private events(card: Card): PanelEvents {
    return {
      message: (message) => void this.receive(card, message),
      active: () => {
        this.latest = card;
        this.editor.changed();
      },
      closed: () => {
        card.view = null;
        card.editing = false;
        if (["answered", "discarded"].includes(card.model.phase)) {
          this.cards.delete(card.model.proposal?.id ?? ""); // nothing more can come of it
        }
        this.latest = this.latest === card ? null : this.latest;
        this.editor.changed();
      },
    };
  }

  /** Do what a person asked for in a panel. */
  async receive(card: Card, message: ToHost): Promise<void> {
    const { busy, proposal } = card.model;
    const proposalId = busy ? undefined : proposal?.id; // the panel may not show yet that it is not its turn
    this.latest = card;
    switch (message.type) {
      case "accept":
      case "original":
      case "discard":
        return this.decide(card, message.type);
      case "reuse":
        return this.decide(card, "reuse", message.entryId);
      case "refuse":
        return undecided(card.model) ? this.feedback(card, message.entryId, "refused") : undefined;
      case "regenerate":
      case "wrong":
        return this.judge(card, message.type);
      case "cancel":
        return this.cancel(card);
      case "again":
        return busy ? undefined : this.again(card);
      case "follow":
        return this.follow(card);
      case "answerQuestion":
        return busy ? undefined : this.clarify(card, message.text);
      case "switch":
      case "edited":
      case "lookAgain":
        return proposalId === undefined ? undefined : this.refine(card, revised(proposalId, message));
      case "code":
        return this.code(card, message.change, message.name, message.label);
      case "editing":
        card.editing = message.on;
        this.editor.changed();
        return;
      default:
        return this.editor.act(card, message);
    }
  }
}
