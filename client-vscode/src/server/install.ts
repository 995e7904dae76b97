// Finds the server on this machine, or offers to install it: nothing is installed without a yes.
import { accessSync, constants, statSync } from "node:fs";
import * as vscode from "vscode";
import { findServer, searchPath } from "./discover";

const INSTALL = "Install…";
const SET_PATH = "Set Path…";

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

const around = {
  environment: process.env,
  windows: process.platform === "win32",
  isExecutable,
};

/** The server's path, or null after saying what is missing and offering what to do. Does not wait for the choice. */
export function locateServer(log: vscode.LogOutputChannel): string | null {
  const setting = vscode.workspace.getConfiguration("optafly").inspect<string>("server.path")?.globalValue ?? "";
  const found = findServer({ ...around, setting });
  if (found.path !== null) {
    log.info(`The server is ${found.path} (from ${found.source})`);
    return found.path;
  }
  log.warn(found.why);
  void offer(found.why);
  return null;
}

async function offer(why: string): Promise<void> {
  const chosen = await vscode.window.showWarningMessage(`OptaFly's server was not found. ${why}`, INSTALL, SET_PATH);
  if (chosen === SET_PATH) {
    await vscode.commands.executeCommand("workbench.action.openSettings", "optafly.server.path");
  } else if (chosen === INSTALL) {
    await install();
  }
}

async function install(): Promise<void> {
  const command =
    searchPath("pipx", around) === null ? "python3 -m pip install --user optafly" : "pipx install optafly";
  const yes = await vscode.window.showInformationMessage(
    "Install the OptaFly server?",
    { modal: true, detail: `This runs in a terminal, where you can watch it:\n\n${command}` },
    "Install",
  );
  if (yes === undefined) {
    return;
  }
  const terminal = vscode.window.createTerminal("Install OptaFly");
  terminal.show();
  terminal.sendText(command);
  const done = await vscode.window.showInformationMessage(
    "OptaFly is being installed in the terminal. Start it when that has finished.",
    "Start OptaFly",
  );
  if (done !== undefined) {
    await vscode.commands.executeCommand("optafly.restartServer");
  }
}
