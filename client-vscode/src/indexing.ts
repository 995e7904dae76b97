// Says once that a workspace could not be indexed.
import * as vscode from "vscode";
import type { IndexStatus } from "./protocol";
import { whyNot } from "./shared/indexing";

export class IndexNotices {
  private readonly said = new Set<string>();

  /** Tell of each root that failed and was not told of before; one that works again may be told of anew. */
  take(index: IndexStatus | null): void {
    const roots = index?.roots ?? [];
    const others = roots.some(({ state }) => state !== "failed" && state !== "closed");
    for (const root of roots) {
      if (root.state !== "failed") {
        this.said.delete(root.root);
      } else if (!this.said.has(root.root)) {
        this.said.add(root.root);
        const rest = others ? "the other folders" : "what is open in the editor";
        void this.tell(`${whyNot(root)} Prompts are refined with ${rest}.`);
      }
    }
  }

  private async tell(words: string): Promise<void> {
    if ((await vscode.window.showWarningMessage(words, "Show Logs")) !== undefined) {
      await vscode.commands.executeCommand("optafly.showLogs");
    }
  }
}
