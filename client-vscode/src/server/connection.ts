// The language client: one server process, started, stopped and asked here and nowhere else.
import * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  ExecuteCommandRequest,
  LanguageClient,
  State,
  type ConfigurationParams,
  type ErrorHandler,
  type LanguageClientOptions,
} from "vscode-languageclient/node";
import {
  APPROVE,
  FEEDBACK,
  REFINE,
  type ApproveParams,
  type FeedbackParams,
  type FeedbackResult,
  type RefineParams,
} from "../protocol";
import { Coalesced } from "./queue";
import { orSaid } from "./said";
import { editorSettings, machineEnvironment } from "./settings";

export type Health = "starting" | "running" | "stopped";

const CRASHES = 5;
const CRASH_WINDOW_MS = 180_000;

/** Where the process to start is; null where there is none (the person has been told). */
export type Locate = () => string | null;

/** Carry out a code action of the server that refines. */
export type Action = (params: RefineParams) => Promise<void>;

export class Connection implements vscode.Disposable {
  private client: LanguageClient | null = null;
  private readonly cycle = new Coalesced(() => this.again());
  private readonly health = new vscode.EventEmitter<Health>();
  private readonly listeners = new Map<string, (params: unknown) => void>();
  private crashes: number[] = [];
  private action: Action = () => Promise.resolve();
  private approval: (params: ApproveParams) => void = () => undefined;
  private feedback: (params: FeedbackParams, result: FeedbackResult) => void = () => undefined;

  /** Fires `running` after every start, the first and those after a crash. */
  readonly onHealth = this.health.event;

  constructor(
    private readonly locate: Locate,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Handle a notification of the server, now and after every restart. */
  on(method: string, handler: (params: unknown) => void): void {
    this.listeners.set(method, handler);
  }

  /** Handle the server's code actions that refine. */
  onAction(action: Action): void {
    this.action = action;
  }

  /** Hear of the server's code actions that decide, before they are carried out. */
  onApproval(approval: (params: ApproveParams) => void): void {
    this.approval = approval;
  }

  /** Hear of the server's code actions that judge an answer, once they are carried out. */
  onFeedback(feedback: (params: FeedbackParams, result: FeedbackResult) => void): void {
    this.feedback = feedback;
  }

  /** Start, or stop and start again. Many calls at once make one restart. */
  restart(): Promise<void> {
    return this.cycle.request();
  }

  get running(): boolean {
    return this.client?.state === State.Running;
  }

  /** Whether it runs, once a start that is under way is over: a person who is quicker need not ask again. */
  async ready(): Promise<boolean> {
    await this.cycle.idle();
    if (this.client?.state === State.Starting) {
      await this.client.start().catch(() => undefined);
    }
    return this.running;
  }

  /** Run a command of the server, once that has started. Rejects where it is not running. */
  async command<R>(command: string, argument: object): Promise<R> {
    const client = await this.live();
    return client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [argument] }) as Promise<R>;
  }

  /** Send any other request. */
  async request<R>(method: string, params: object): Promise<R> {
    return (await this.live()).sendRequest<R>(method, params);
  }

  /** Tell the server that settings changed; it then asks for them. */
  async settingsChanged(): Promise<void> {
    if (this.running) {
      await (await this.live()).sendNotification("workspace/didChangeConfiguration", { settings: null });
    }
  }

  async stop(): Promise<void> {
    const client = this.client;
    this.client = null;
    if (client !== null && client.state !== State.Stopped) {
      await client.stop(3000).catch((error: unknown) => this.log.warn(`Stopping the server: ${String(error)}`));
    }
  }

  dispose(): void {
    void this.stop();
    this.health.dispose();
  }

  private async live(): Promise<LanguageClient> {
    await this.ready();
    if (this.client?.state !== State.Running) {
      throw new Error("The OptaFly server is not running.");
    }
    return this.client;
  }

  private async again(): Promise<void> {
    await this.stop();
    const executable = this.locate();
    if (executable === null) {
      this.health.fire("stopped");
      return;
    }
    this.log.info(`Starting ${executable} lsp`);
    const client = new LanguageClient("optafly", "OptaFly", serverOptions(executable), this.options());
    this.client = client;
    client.onDidChangeState(({ newState }) => this.changed(client, newState));
    for (const [method, handler] of this.listeners) {
      client.onNotification(method, handler);
    }
    await client.start().catch((error: unknown) => {
      this.log.error(`The server did not start: ${String(error)}`);
      this.health.fire("stopped");
    });
  }

  private changed(client: LanguageClient, state: State): void {
    if (client === this.client || state === State.Stopped) {
      this.health.fire(state === State.Running ? "running" : state === State.Starting ? "starting" : "stopped");
    }
  }

  private options(): LanguageClientOptions {
    return {
      documentSelector: [{ scheme: "file" }, { scheme: "untitled" }],
      initializationOptions: { client: "vscode" },
      outputChannel: this.log,
      errorHandler: this.errorHandler(),
      middleware: {
        // the server's code actions: where it would open a review document, our panel shows the same
        executeCommand: (command, [argument = {}]: readonly unknown[]) =>
          orSaid(this.log, command, () => this.acted(command, argument as object)),
        workspace: {
          configuration: (params: ConfigurationParams) =>
            params.items.map((item) =>
              item.section === "optafly"
                ? editorSettings(item.scopeUri === undefined ? undefined : vscode.Uri.parse(item.scopeUri))
                : null,
            ),
          // never the settings themselves: the server asks for those it may have
          didChangeConfiguration: () => Promise.resolve(),
        },
      },
    };
  }

  private async acted(command: string, argument: object): Promise<unknown> {
    if (command === REFINE) {
      return this.action(argument);
    }
    if (command === APPROVE) {
      this.approval(argument as ApproveParams);
    }
    const result = await this.command<unknown>(command, argument);
    if (command === FEEDBACK) {
      this.feedback(argument as FeedbackParams, result as FeedbackResult);
    }
    return result;
  }

  private errorHandler(): ErrorHandler {
    return {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => {
        const now = Date.now();
        this.crashes = [...this.crashes.filter((at) => now - at < CRASH_WINDOW_MS), now];
        this.log.warn("The server's process ended by itself.");
        const again = this.crashes.length < CRASHES;
        if (!again) {
          void vscode.window
            .showErrorMessage(
              `The OptaFly server ended ${CRASHES} times within three minutes and was not started again.`,
              "Show Logs",
              "Restart Server",
            )
            .then((chosen) => {
              if (chosen !== undefined) {
                this.crashes = [];
                return vscode.commands.executeCommand(
                  chosen === "Show Logs" ? "optafly.showLogs" : "optafly.restartServer",
                );
              }
              return undefined;
            });
        }
        return { action: again ? CloseAction.Restart : CloseAction.DoNotRestart, handled: true };
      },
    };
  }
}

function serverOptions(command: string): ConstructorParameters<typeof LanguageClient>[2] {
  return { command, args: ["lsp"], options: { env: { ...process.env, ...machineEnvironment() } } };
}
