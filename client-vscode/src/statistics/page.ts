// The statistics page: one webview, filled by the server's counts and filled again when they change.
import * as vscode from "vscode";
import { page } from "../panel/html";
import { STATS, type StatsParams, type StatsResult, type StatusParams } from "../protocol";
import { problemOf } from "../server/problem";
import { dateOf } from "./days";
import type { FromPage, ToPage } from "./messages";

type Ask = (command: string, params: StatsParams) => Promise<StatsResult>;

const DAYS = 30;

export class StatisticsPage {
  private panel: vscode.WebviewPanel | null = null;
  private days = DAYS;
  private counted = "";

  constructor(
    private readonly extension: vscode.Uri,
    private readonly ask: Ask,
  ) {}

  /** Open the page, or bring it to the front and count anew. */
  async show(): Promise<void> {
    if (this.panel === null) {
      this.panel = this.open();
    } else {
      this.panel.reveal();
      await this.fill();
    }
  }

  /** Count anew where the server's counts have changed. */
  async follow({ answers, hits, offersTaken, wrongReports }: StatusParams): Promise<void> {
    const before = this.counted;
    this.counted = [answers, hits, offersTaken, wrongReports].join(" ");
    if (this.panel?.visible === true && this.counted !== before) {
      await this.fill();
    }
  }

  private open(): vscode.WebviewPanel {
    const roots = ["out", "media"].map((name) => vscode.Uri.joinPath(this.extension, name));
    const panel = vscode.window.createWebviewPanel(
      "optafly.statistics",
      "OptaFly Statistics",
      vscode.ViewColumn.Active,
      {
        enableScripts: true,
        enableFindWidget: true,
        localResourceRoots: roots,
      },
    );
    panel.iconPath = vscode.Uri.joinPath(this.extension, "media", "panel.svg");
    panel.webview.onDidReceiveMessage(({ days }: FromPage) => {
      this.days = days;
      void this.fill();
    });
    panel.onDidDispose(() => {
      this.panel = null;
      this.days = DAYS;
    });
    panel.webview.html = page(panel.webview, this.extension, "statistics", "OptaFly Statistics");
    return panel;
  }

  private async fill(): Promise<void> {
    const days = this.days;
    const message = await this.ask(STATS, { days }).then(
      ({ stats }): ToPage => ({ type: "stats", stats, today: dateOf(new Date()) }),
      (error: unknown): ToPage => ({ type: "problem", problem: problemOf(error) }),
    );
    if (message.type === "problem") {
      this.counted = ""; // whatever the server says next, the page is filled again
    }
    if (days === this.days) {
      void this.panel?.webview.postMessage(message);
    }
  }
}
