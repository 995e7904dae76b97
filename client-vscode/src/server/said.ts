// What a person asked for outside of a panel, and what they are told where it fails.
import * as vscode from "vscode";
import { inWords, problemOf } from "./problem";

/** Do what a person asked for. Where that fails it is said once, in plain words, and logged; then there is no result. */
export async function orSaid<R>(
  log: Pick<vscode.LogOutputChannel, "error">,
  name: string,
  run: () => R | Promise<R>,
): Promise<R | undefined> {
  try {
    return await run();
  } catch (error) {
    const words = inWords(problemOf(error));
    log.error(`${name}: ${words}`);
    void vscode.window.showErrorMessage(words);
    return undefined;
  }
}
