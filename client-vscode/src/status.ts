// The status bar item and the menu behind it.
import * as vscode from "vscode";
import type { StatusParams } from "./protocol";
import { indexing, workOf, type Work } from "./shared/indexing";
import { counted, percent, seconds, usd } from "./shared/words";

/** What the server last said; `null` while it does not run. */
export type Said = StatusParams | "starting" | null;

const STARTING = "The OptaFly server is starting.";
const STOPPED = "The OptaFly server is not running.";

const runs = (status: Said): status is StatusParams => status !== null && status !== "starting";

/** What the status bar says for what the server last said. */
export function statusText(status: Said): string {
  if (!runs(status)) {
    return `$(${status === null ? "circle-slash" : "loading~spin"}) OptaFly`;
  }
  const icon = {
    ready: "sparkle",
    refining: "loading~spin",
    sending: "loading~spin",
    degraded: "info",
    error: "error",
  };
  const parts = [`$(${icon[status.state]}) OptaFly`];
  if (status.state === "sending") {
    parts.push("asking…");
  } else if (status.hitRate !== null) {
    parts.push(numbers(status));
  }
  if (workOf(status.index).kind === "stopped") {
    parts.push("indexing stopped");
  } else if (indexing(status.index)?.kind === "making") {
    parts.push("indexing");
  }
  return parts.join(" · ");
}

const numbers = ({ hitRate, savedUsd }: StatusParams): string =>
  hitRate === null ? "" : `${percent(hitRate)} hits · ${usd(savedUsd)} saved`;

/** The hover: what the numbers are, over which time, and how they were measured. */
export function statusDetail(status: Said): string {
  if (!runs(status)) {
    return status === null ? STOPPED : STARTING;
  }
  const index = indexing(status.index);
  const making = index?.kind === "making";
  // where there is no index the server says so itself, as its message
  const ofIndex =
    index === null || ["failed", "partly"].includes(index.kind) ? [] : [making ? `${index.words}.` : index.words];
  const message = status.state === "ready" ? [] : [status.message];
  if (status.answers === 0) {
    return [...message, ...ofIndex, "No answers yet. Savings appear here after the first one."].join("\n\n");
  }
  return [
    ...message,
    ...ofIndex,
    `The last 30 days: ${status.hits} of ${counted(status.answers, "answer")} from the cache, ` +
      `${usd(status.savedUsd)} and ${seconds(status.savedS)} saved, ${usd(status.costUsd)} spent. ` +
      `${counted(status.offersTaken, "offer")} taken, ${counted(status.wrongReports, "answer")} reported wrong.`,
    "Savings are what the reused answers cost and took when they were first given.",
  ].join("\n\n");
}

export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("optafly.status", vscode.StatusBarAlignment.Right, 90);
  private last: Said = null;

  constructor() {
    this.item.name = "OptaFly";
    this.item.command = "optafly.showMenu";
    this.show("starting");
    this.item.show();
  }

  show(status: Said): void {
    this.last = status;
    this.item.text = statusText(status);
    this.item.tooltip = new vscode.MarkdownString(statusDetail(status));
    this.item.accessibilityInformation = { label: `OptaFly: ${statusDetail(status)}` };
    this.item.backgroundColor =
      runs(status) && status.state === "error" ? new vscode.ThemeColor("statusBarItem.errorBackground") : undefined;
    void vscode.commands.executeCommand("setContext", "optafly.indexing", this.work.kind);
  }

  /** The menu: what can be done, with the numbers on top. */
  async menu(sending: boolean): Promise<void> {
    const item = (label: string, command: string, description = ""): vscode.QuickPickItem & { command: string } => ({
      label,
      command,
      description,
    });
    const { work } = this;
    const chosen = await vscode.window.showQuickPick(
      [
        ...(sending
          ? [item("$(debug-stop) Cancel", "optafly.cancelSending", "Stop the answer that is coming in")]
          : []),
        item("$(sparkle) Refine Prompt", "optafly.refinePrompt"),
        ...(work.kind === "running" ? [item("$(debug-pause) Stop Indexing", "optafly.stopIndexing", work.words)] : []),
        ...(work.kind === "stopped"
          ? [item("$(debug-continue) Resume Indexing", "optafly.resumeIndexing", work.words)]
          : []),
        item("$(graph) Show Statistics", "optafly.showStats", runs(this.last) ? numbers(this.last) : ""),
        item("$(key) Set API Key", "optafly.setApiKey"),
        item("$(settings-gear) Settings", "optafly.openSettings"),
        item("$(output) Show Logs", "optafly.showLogs"),
        item("$(debug-restart) Restart Server", "optafly.restartServer"),
      ],
      { title: "OptaFly", placeHolder: this.placeholder() },
    );
    if (chosen !== undefined) {
      await vscode.commands.executeCommand(chosen.command);
    }
  }

  /** What of the indexing is under way, as far as is known. */
  private get work(): Work {
    return workOf(runs(this.last) ? this.last.index : null);
  }

  private placeholder(): string {
    if (!runs(this.last)) {
      return statusDetail(this.last);
    }
    return this.last.state === "ready" ? "What would you like to do?" : this.last.message;
  }

  dispose(): void {
    this.item.dispose();
  }
}
