// What the palette, the menus and the keys can do.
import * as vscode from "vscode";
import { addByName, addFiles, completions, type Complete } from "./panel/adding";
import type { Desk } from "./panel/desk";
import { askPrompt, promptOfSelection, type PromptDocuments } from "./prompt/ask";
import type { Find } from "./prompt/box";
import type { Origin } from "./prompt/request";
import { INDEX, type IndexParams } from "./protocol";
import type { Connection } from "./server/connection";
import type { Credential } from "./server/credential";
import { orSaid } from "./server/said";
import type { StatisticsPage } from "./statistics/page";
import type { StatusBar } from "./status";

export interface Parts {
  readonly connection: Connection;
  readonly complete: Complete;
  readonly credential: Credential;
  readonly desk: Desk;
  readonly documents: PromptDocuments;
  readonly status: StatusBar;
  readonly statistics: StatisticsPage;
  readonly log: vscode.LogOutputChannel;
}

/** Register every command; ids differ from the server's own, which the language client registers itself. */
export function registerCommands(parts: Parts): vscode.Disposable[] {
  const { connection, complete, credential, desk, documents, status, statistics, log } = parts;
  const begin = async (origin: Origin | null): Promise<void> => {
    if (origin !== null) {
      await desk.begin(origin);
    }
  };
  const find: Find = async (mention, uri) => completions(complete, uri, mention);
  const commands: Record<string, (...given: readonly unknown[]) => unknown> = {
    "optafly.refinePrompt": async () => begin(await askPrompt(documents, find)),
    "optafly.refineSelection": async () => begin(await promptOfSelection(documents, find)),
    "optafly.sendPrompt": () => desk.sendPrompt(),
    // a menu gives the file that it belongs to, and all that are selected with it
    "optafly.addFile": async (file, selected) => {
      const files = Array.isArray(selected) && selected.length > 0 ? (selected as vscode.Uri[]) : [file];
      const uris = files.filter((each) => each instanceof vscode.Uri);
      await (uris.length > 0 ? addFiles(desk, complete, uris) : addByName(desk, complete, "file"));
    },
    "optafly.addSymbol": async () => addByName(desk, complete, "symbol", wordAtCursor()),
    "optafly.cancelSending": async () => {
      if (desk.sending !== null) {
        await desk.cancel(desk.sending);
      }
    },
    "optafly.regenerate": () => desk.judge(desk.current, "regenerate"),
    "optafly.reportWrong": () => desk.judge(desk.current, "wrong"),
    "optafly.showStats": () => statistics.show(),
    "optafly.stopIndexing": () => connection.command(INDEX, { run: false } satisfies IndexParams),
    "optafly.resumeIndexing": () => connection.command(INDEX, { run: true } satisfies IndexParams),
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
    vscode.commands.registerCommand(name, async (...given: readonly unknown[]) => {
      await orSaid(log, name, () => run(...given));
    }),
  );
}

/** The name under the cursor, or what is selected of one line; "" where there is neither. */
function wordAtCursor(): string {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) {
    return "";
  }
  const range = editor.selection.isEmpty
    ? editor.document.getWordRangeAtPosition(editor.selection.active)
    : editor.selection;
  return range?.isSingleLine === true ? editor.document.getText(range) : "";
}
