// Finds the server on this machine, or offers to install it: nothing is installed without a yes.
import { accessSync, constants, statSync } from "node:fs";
import * as vscode from "vscode";
import { findServer } from "./discover";

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
export function locateServer(log: vscode.LogOutputChannel, storage: vscode.Uri): string | null {
  const setting = vscode.workspace.getConfiguration("optafly").inspect<string>("server.path")?.globalValue ?? "";
  const found = findServer({ ...around, setting, installed: inside(storage, "optafly") });
  if (found.path !== null) {
    log.info(`The server is ${found.path} (from ${found.source})`);
    return found.path;
  }
  log.warn(found.why);
  void offer(found.why, storage);
  return null;
}

/** A program of the environment that the offer to install makes, in the folder that VS Code gives this extension. */
function inside(storage: vscode.Uri, program: string): string {
  const parts = around.windows ? ["server", "Scripts", `${program}.exe`] : ["server", "bin", program];
  return vscode.Uri.joinPath(storage, ...parts).fsPath;
}

async function offer(why: string, storage: vscode.Uri): Promise<void> {
  const chosen = await vscode.window.showWarningMessage(`OptaFly's server was not found. ${why}`, INSTALL, SET_PATH);
  if (chosen === SET_PATH) {
    await vscode.commands.executeCommand("workbench.action.openSettings", "optafly.server.path");
  } else if (chosen === INSTALL) {
    await install(storage);
  }
}

/** Not `pip install --user`: most systems forbid it now. Nothing outside VS Code's own folder is touched. */
function installCommand(storage: vscode.Uri): string {
  const [folder, python] = [vscode.Uri.joinPath(storage, "server").fsPath, inside(storage, "python")];
  return around.windows
    ? `py -m venv "${folder}"; if ($?) { & "${python}" -m pip install optafly }`
    : `python3 -m venv "${folder}" && "${python}" -m pip install optafly`;
}

async function install(storage: vscode.Uri): Promise<void> {
  const command = installCommand(storage);
  const detail = `This runs in a terminal, where you can watch it:\n\n${command}`;
  const yes = await vscode.window.showInformationMessage(
    "Install the OptaFly server?",
    { modal: true, detail },
    "Install",
  );
  if (yes === undefined) {
    return;
  }
  const shellPath = around.windows ? "powershell.exe" : "/bin/sh";
  const terminal = vscode.window.createTerminal({ name: "Install OptaFly", shellPath });
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
