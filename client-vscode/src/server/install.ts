// Finds the server on this machine, or offers to install it: nothing is installed without a yes.
import { accessSync, constants, readdirSync, statSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { findServer, installCommand } from "./discover";

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
export function locateServer(log: vscode.LogOutputChannel, storage: vscode.Uri, extension: vscode.Uri): string | null {
  const setting = vscode.workspace.getConfiguration("optafly").inspect<string>("server.path")?.globalValue ?? "";
  const found = findServer({ ...around, setting, installed: inside(storage, "optafly") });
  if (found.path !== null) {
    log.info(`The server is ${found.path} (from ${found.source})`);
    return found.path;
  }
  log.warn(found.why);
  void offer(found.why, storage, carriedServer(extension));
  return null;
}

/** A program of the environment that the offer to install makes, in the folder that VS Code gives this extension. */
function inside(storage: vscode.Uri, program: string): string {
  const parts = around.windows ? ["server", "Scripts", `${program}.exe`] : ["server", "bin", program];
  return vscode.Uri.joinPath(storage, ...parts).fsPath;
}

/** The wheel of the server that this very build of the extension carries, or null: nothing else is ever installed. */
function carriedServer(extension: vscode.Uri): string | null {
  const folder = vscode.Uri.joinPath(extension, "server").fsPath;
  try {
    const wheel = readdirSync(folder).find((name) => /^optafly-.*\.whl$/.test(name));
    return wheel === undefined ? null : path.join(folder, wheel);
  } catch {
    return null;
  }
}

async function offer(why: string, storage: vscode.Uri, wheel: string | null): Promise<void> {
  const offers = wheel === null ? [SET_PATH] : [INSTALL, SET_PATH];
  const chosen = await vscode.window.showWarningMessage(`OptaFly's server was not found. ${why}`, ...offers);
  if (chosen === SET_PATH) {
    await vscode.commands.executeCommand("workbench.action.openSettings", "optafly.server.path");
  } else if (chosen === INSTALL && wheel !== null) {
    await install(storage, wheel);
  }
}

async function install(storage: vscode.Uri, wheel: string): Promise<void> {
  const folder = vscode.Uri.joinPath(storage, "server").fsPath;
  const programs = { python: inside(storage, "python"), server: inside(storage, "optafly") };
  const command = installCommand(around.windows, folder, programs, wheel);
  const detail =
    "This runs in a terminal, where you can watch it. Last comes the embedding model, 90 MB, " +
    `which lets code and answers be found by what they mean.\n\n${command}`;
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
