// What the palette, the menus and the keys can do.
import * as vscode from "vscode";
import type { Desk } from "./panel/desk";
import { askPrompt, promptOfSelection, type PromptDocuments } from "./prompt/ask";
import type { Origin } from "./prompt/request";
import type { Connection } from "./server/connection";
import type { Credential } from "./server/credential";
import { inWords, problemOf } from "./server/problem";
import type { StatisticsPage } from "./statistics/page";
import type { StatusBar } from "./status";

export interface Parts {
  readonly connection: Connection;
  readonly credential: Credential;
  readonly desk: Desk;
  readonly documents: PromptDocuments;
  readonly status: StatusBar;
  readonly statistics: StatisticsPage;
  readonly log: vscode.LogOutputChannel;
}

/** Register every command; ids differ from the server's own, which the language client registers itself. */
export function registerCommands(parts: Parts): vscode.Disposable[] {
  const { connection, credential, desk, documents, status, statistics, log } = parts;
  const begin = async (origin: Origin | null): Promise<void> => {
    if (origin !== null) {
      await desk.begin(origin);
    }
  };
  const commands: Record<string, () => unknown> = {
    "optafly.refinePrompt": async () => begin(await askPrompt(documents)),
    "optafly.refineSelection": async () => begin(await promptOfSelection(documents)),
    "optafly.sendPrompt": () => desk.sendPrompt(),
    "optafly.cancelSending": async () => {
      if (desk.sending !== null) {
        await desk.cancel(desk.sending);
      }
    },
    "optafly.regenerate": () => desk.judge(desk.current, "regenerate"),
    "optafly.reportWrong": () => desk.judge(desk.current, "wrong"),
    "optafly.showStats": () => statistics.show(),
    "optafly.setApiKey": async () => {
      if (await credential.ask()) {
        void vscode.window.showInformationMessage("The API key is kept in VS Code's secret store.");
      }
    },
    "optafly.forgetApiKey": () => credential.forget(),
    "optafly.showLogs": () => log.show(),
    "optafly.restartServer": () => connection.restart(),
    "optafly.showMenu": () => status.menu(desk.sending !== null),
    "optafly.openSettings": () =>
      vscode.commands.executeCommand("workbench.action.openSettings", "@ext:optafly.optafly"),
  };
  return Object.entries(commands).map(([name, run]) =>
    vscode.commands.registerCommand(name, async () => {
      try {
        await run();
      } catch (error) {
        const problem = problemOf(error);
        log.error(`${name}: ${inWords(problem)}`);
        void vscode.window.showErrorMessage(inWords(problem));
      }
    }),
  );
}
