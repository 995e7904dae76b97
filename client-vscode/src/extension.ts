// Wiring only: makes the parts, connects them, and leaves every decision to the server.
import * as vscode from "vscode";
import { refocus } from "./boxes";
import { registerCommands, type Parts } from "./commands";
import { IndexNotices } from "./indexing";
import { act, followEditors } from "./panel/actions";
import { addFiles, completions } from "./panel/adding";
import { about, type Card } from "./panel/card";
import { Desk } from "./panel/desk";
import { attachPanel, openPanel, VIEW_TYPE } from "./panel/panel";
import { targetInWords } from "./panel/target";
import { PromptDocuments } from "./prompt/ask";
import { originOf } from "./prompt/request";
import {
  ANSWER,
  CREDENTIAL,
  PROPOSAL,
  STATUS,
  type AnswerEvent,
  type ProposalEvent,
  type StatusParams,
} from "./protocol";
import { completeOf, serverOf } from "./server/commands";
import { Connection } from "./server/connection";
import { Credential } from "./server/credential";
import { locateServer } from "./server/install";
import { orSaid } from "./server/said";
import { needsRestart } from "./server/settings";
import type { ToHost } from "./shared/messages";
import type { PanelModel } from "./shared/model";
import { StatisticsPage } from "./statistics/page";
import { StatusBar } from "./status";

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel("OptaFly", { log: true });
  const connection = new Connection(() => locateServer(log, context.globalStorageUri, context.extensionUri), log);
  const credential = new Credential(context.secrets, connection);
  const documents = new PromptDocuments();
  const status = new StatusBar();
  const complete = completeOf(connection);
  const desk = new Desk(serverOf(connection), {
    openPanel: (focus, events) => openPanel(context.extensionUri, focus, events),
    act: (card, message) => orSaid(log, message.type, () => carryOut(parts, card, message)),
    target: targetInWords,
    seen: originOf,
    folders: () => (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.toString()),
    changed: () => {
      void vscode.commands.executeCommand("setContext", "optafly.hasProposal", desk.canSend);
      void vscode.commands.executeCommand("setContext", "optafly.sending", desk.sending !== null);
      void vscode.commands.executeCommand("setContext", "optafly.servedAnswer", desk.servedAnswer);
    },
  });

  const statistics = new StatisticsPage(context.extensionUri, async (command, params) =>
    connection.command(command, params),
  );
  const parts: Parts = { connection, complete, credential, desk, documents, status, statistics, log };
  listen(parts);

  context.subscriptions.push(log, connection, documents, status, ...registerCommands(parts), ...watch(parts));
  context.subscriptions.push(
    vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
      deserializeWebviewPanel(panel, state: { model?: PanelModel } | undefined) {
        desk.restore(state?.model ?? null, (events) => attachPanel(panel, context.extensionUri, events));
        return Promise.resolve();
      },
    }),
  );
  await connection.restart();
}

/** Do what a person asks in a panel for which the server is not needed, or more than it. */
async function carryOut(parts: Parts, card: Card, message: ToHost): Promise<void> {
  const { complete, credential, desk, documents } = parts;
  const uri = card.model.proposal?.uri ?? null;
  switch (message.type) {
    case "focused":
      refocus();
      return;
    case "setKey":
      return (await credential.ask()) && card.model.problem !== null
        ? desk.receive(card, { type: "again" })
        : undefined;
    case "rewrite":
      return documents.open(card.origin ?? { params: about(card, originOf), selected: "" });
    case "addOpen":
      return uri === null ? undefined : addFiles(desk, complete, [vscode.Uri.parse(uri)]);
    case "complete":
      card.view?.post({
        type: "completions",
        request: message.request,
        found: await completions(complete, uri, message),
      });
      return;
    default:
      return act(card, message);
  }
}

function listen({ connection, desk, status, statistics }: Parts): void {
  const notices = new IndexNotices();
  connection.on(PROPOSAL, (params) => desk.take((params as ProposalEvent).proposal));
  connection.on(ANSWER, (params) => desk.answer(params as AnswerEvent));
  connection.on(STATUS, (params) => {
    const said = params as StatusParams;
    status.show(said);
    desk.indexed(said.index);
    notices.take(said.index);
    void statistics.follow(said);
  });
  connection.onAction((params) => desk.act(params));
  connection.onApproval((params) => desk.chose(params));
  connection.onFeedback((params, result) => desk.judged(params, result));
}

/** React to the server's health, to settings and to the active editor. */
function watch({ connection, credential, desk, documents, status, log }: Parts): vscode.Disposable[] {
  return [
    connection.onHealth((health) => {
      void vscode.commands.executeCommand("setContext", "optafly.serverRunning", health === "running");
      if (health === "running") {
        void orSaid(log, CREDENTIAL, () => credential.handOver()).then(() => desk.refresh());
      } else if (health === "starting") {
        status.show("starting");
      } else {
        status.show(null);
        desk.serverStopped();
      }
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (needsRestart(event)) {
        void connection.restart();
      } else if (event.affectsConfiguration("optafly")) {
        void connection.settingsChanged();
      }
    }),
    vscode.window.onDidChangeActiveTextEditor((editor) => void documents.mark(editor?.document)),
    followEditors(),
  ];
}
