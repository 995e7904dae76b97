// A panel and a server as the desk meets them, and what the list of code asks for.
import type { Server } from "../src/panel/card";
import { Desk } from "../src/panel/desk";
import type { PanelEvents, PanelView } from "../src/panel/panel";
import type {
  ApproveParams,
  ApproveResult,
  FeedbackParams,
  FeedbackResult,
  Proposal,
  RefineParams,
} from "../src/protocol";
import type { ToView } from "../src/shared/messages";
import type { PanelModel } from "../src/shared/model";
import type { CodeActions } from "../view/pieces";
import { proposal } from "./samples";

export class Panel implements PanelView {
  active = true;
  visible = true;
  shown: PanelModel | null = null;
  posted: ToView[] = [];
  revealed = 0;

  constructor(readonly events: PanelEvents) {}

  show(model: PanelModel): void {
    this.shown = model;
  }

  post(message: ToView): void {
    this.posted.push(message);
  }

  indexed(model: PanelModel): void {
    this.shown = model;
  }

  streamed(model: PanelModel, text: string): void {
    this.shown = model;
    this.post({ type: "delta", text });
  }

  edit(): void {
    this.post({ type: "edit" });
  }

  reveal(): void {
    this.revealed += 1;
  }
}

export class FakeServer implements Server {
  running = true;
  refined: RefineParams[] = [];
  approved: ApproveParams[] = [];
  cancelled: string[] = [];
  followed: string[] = [];
  approval: ApproveResult = { proposalId: "p1", state: "accepted", digest: "refined-digest", traceId: null };
  judged: FeedbackParams[] = [];
  /** What the server makes of a person's word. */
  word: FeedbackResult = { proposal: proposal({ state: "answered" }), traceId: null };
  reply: Proposal = proposal();
  /** Why every request fails, and why decisions alone do. */
  fails: unknown = null;
  refuses: unknown = null;
  /** Hears of every proposal before who asked for it has it. */
  notified: (proposal: Proposal) => void = () => undefined;

  async refine(params: RefineParams): Promise<Proposal> {
    this.refined.push(params);
    const reply = await this.orFail(this.reply);
    this.notified(reply);
    return reply;
  }

  async approve(params: ApproveParams): Promise<ApproveResult> {
    this.approved.push(params);
    return this.orFail(this.approval, this.refuses);
  }

  async feedback(params: FeedbackParams): Promise<FeedbackResult> {
    this.judged.push(params);
    return this.orFail(this.word);
  }

  async cancel(proposalId: string): Promise<{ cancelled: boolean }> {
    this.cancelled.push(proposalId);
    return this.orFail({ cancelled: true });
  }

  async follow(proposalId: string): Promise<{ proposalId: string; traceId: string }> {
    this.followed.push(proposalId);
    return this.orFail({ proposalId, traceId: "t2" });
  }

  ready(): Promise<boolean> {
    return Promise.resolve(this.running);
  }

  private orFail<T>(value: T, refuses: unknown = null): Promise<T> {
    const why = this.fails ?? refuses;
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as the connection rejects
    return why === null ? Promise.resolve(value) : Promise.reject(why);
  }
}

/** Resolves once what was begun has had its turn. */
export const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** A prompt as a person asks it. */
export const origin = { params: { prompt: "fix this", uri: "file:///w/stats.py" }, selected: "" };

/** A desk with a server, and the panels that it opens. */
export function openDesk(): { server: FakeServer; panels: Panel[]; desk: Desk } {
  const server = new FakeServer();
  const panels: Panel[] = [];
  const desk = new Desk(server, {
    openPanel: (_focus, events) => {
      const panel = new Panel(events);
      panels.push(panel);
      return panel;
    },
    act: () => Promise.resolve(),
    target: () => null,
    seen: (params) => ({ params: { ...params, languageId: "python" }, selected: "" }),
    folders: () => ["file:///w"],
    changed: () => undefined,
  });
  server.notified = (each) => desk.take(each);
  return { server, panels, desk };
}

/** The actions of the list of code, each of which says what was asked for. */
export function codeActions(say: (words: string) => void): CodeActions {
  return {
    openPiece: (at) => say(`open ${at}`),
    openPath: (path) => say(`open ${path}`),
    code: (change, name) => say(`${change} ${name}`),
    lookAgain: () => say("look again"),
    resumeIndexing: () => say("resume indexing"),
    addOpen: () => say("add open"),
  };
}
