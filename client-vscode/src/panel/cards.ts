// The open prompts and their panels: which there are, which was used last, and what each of them shows.
import type { IndexStatus } from "../protocol";
import { indexing } from "../shared/indexing";
import type { ToHost } from "../shared/messages";
import { loading, type PanelModel } from "../shared/model";
import { Card, type Editor } from "./card";
import type { PanelEvents, PanelView } from "./panel";

export class Cards {
  private readonly byProposal = new Map<string, Card>();
  private latest: Card | null = null;
  private index: IndexStatus | null = null;

  constructor(
    private readonly editor: Editor,
    private readonly receive: (card: Card, message: ToHost) => void,
  ) {}

  /** The card of the panel that was used last. */
  get current(): Card | null {
    return this.latest;
  }

  /** Note that a person does something in the panel of a card. */
  use(card: Card): void {
    this.latest = card;
  }

  /** Every card there is: that of a prompt that is being refined has no proposal yet. */
  get known(): ReadonlySet<Card> {
    return new Set([...(this.latest === null ? [] : [this.latest]), ...this.proposed]);
  }

  /** The cards that have a proposal. */
  get proposed(): readonly Card[] {
    return [...this.byProposal.values()];
  }

  /** The card of a proposal, or undefined where nothing is known of that here. */
  find(proposalId: string): Card | undefined {
    return this.byProposal.get(proposalId);
  }

  /** The card of a proposal; a new one, with nothing of it but its prompt, where there is none. */
  of(proposalId: string, prompt: string): Card {
    const card = this.byProposal.get(proposalId) ?? new Card(loading(prompt));
    this.put(proposalId, card);
    return card;
  }

  put(proposalId: string, card: Card): void {
    this.byProposal.set(proposalId, card);
  }

  drop(proposalId: string): void {
    this.byProposal.delete(proposalId);
  }

  /** Show what is known of a prompt by now, where it has a panel. */
  update(card: Card, model: PanelModel): void {
    const { editor, index } = this;
    card.model = { ...model, target: editor.target(card), index, folders: editor.folders() };
    card.view?.show(card.model);
    editor.changed();
  }

  /** Bring the panel of a prompt to the front; open one where it has none. */
  reveal(card: Card, focus: boolean): void {
    card.view?.reveal(focus);
    card.view ??= this.editor.openPanel(focus, this.events(card));
    this.latest = card;
    this.update(card, card.model);
  }

  /** Show a prompt in a panel that the editor kept over a restart. */
  restore(card: Card, attach: (events: PanelEvents) => PanelView): void {
    if (card.model.proposal !== null) {
      this.put(card.model.proposal.id, card);
    }
    card.view = attach(this.events(card));
    this.update(card, { ...card.model, busy: false });
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

  private events(card: Card): PanelEvents {
    return {
      message: (message) => this.receive(card, message),
      active: () => {
        this.latest = card;
        this.editor.changed();
      },
      closed: () => {
        card.view = null;
        card.editing = false;
        if (["answered", "discarded"].includes(card.model.phase)) {
          this.drop(card.model.proposal?.id ?? ""); // nothing more can come of it
        }
        this.latest = this.latest === card ? null : this.latest;
        this.editor.changed();
      },
    };
  }
}
