// Which settings go to the server, and by which way. Only what a person set goes at all: a default sent along would
// override the user's config.toml.
import * as vscode from "vscode";
import { SETTINGS } from "../protocol";

type Tree = Record<string, Record<string, unknown>>;

/** The answer to `workspace/configuration` for one folder: what is set, by section, without machine settings. */
export function editorSettings(scope: vscode.Uri | undefined): Tree {
  const configuration = vscode.workspace.getConfiguration("optafly", scope ?? null);
  const tree: Tree = {};
  for (const { key, machine } of SETTINGS) {
    if (machine || !isSet(configuration, key)) {
      continue;
    }
    const [section, name] = key.split(".") as [string, string];
    (tree[section] ??= {})[name] = configuration.get(key);
  }
  return tree;
}

function isSet(configuration: vscode.WorkspaceConfiguration, key: string): boolean {
  const found = configuration.inspect(key);
  return [found?.globalValue, found?.workspaceValue, found?.workspaceFolderValue].some((value) => value !== undefined);
}

/** Machine settings as environment variables of the server's process, from the user's own settings alone. */
export function machineEnvironment(): Record<string, string> {
  const configuration = vscode.workspace.getConfiguration("optafly");
  const variables: Record<string, string> = {};
  for (const { key, machine, variable, text } of SETTINGS) {
    const value = machine ? configuration.inspect(key)?.globalValue : undefined;
    if (value !== undefined) {
      variables[variable] = text && typeof value === "string" ? value : toml(value);
    }
  }
  return variables;
}

/** Whether a change concerns what only a new process of the server can see. */
export function needsRestart(event: vscode.ConfigurationChangeEvent): boolean {
  const machine = SETTINGS.filter((row) => row.machine).map((row) => row.key);
  return ["server.path", ...machine].some((key) => event.affectsConfiguration(`optafly.${key}`));
}

/** One JSON value as a TOML value on one line. JSON's strings and numbers are TOML's as well. */
export function toml(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(toml).join(", ")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const pairs = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)} = ${toml(inner)}`);
    return `{ ${pairs.join(", ")} }`;
  }
  return JSON.stringify(value);
}
