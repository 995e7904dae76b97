// The counts of the last 30 days, each with how it was measured.
import * as vscode from "vscode";
import type { Stats } from "./protocol";
import { counted, percent, seconds, usd } from "./shared/words";

/** One line per number: what it is, its value, where it comes from. */
export function statLines(stats: Stats): readonly vscode.QuickPickItem[] {
  if (stats.answers === 0) {
    return [
      {
        label: "$(info) No answers yet",
        detail: `${counted(stats.proposals, "prompt")} refined in the last ${stats.days} days. Send one to begin.`,
      },
    ];
  }
  return [
    {
      label: `$(check) ${stats.hits} of ${counted(stats.answers, "answer")} from the cache`,
      description: stats.hitRate === null ? "" : percent(stats.hitRate),
      detail: "Served by itself, or taken when it was offered",
    },
    {
      label: `$(graph) ${usd(stats.savedUsd)} saved`,
      description: `${usd(stats.costUsd)} spent`,
      detail: "What the reused answers cost when they were first given",
    },
    {
      label: `$(watch) ${seconds(stats.savedS)} saved`,
      detail: "How long the reused answers took when they were first given",
    },
    ...(stats.offersShown === 0
      ? []
      : [
          {
            label: `$(lightbulb) ${stats.offersTaken} of ${counted(stats.offersShown, "offer")} taken`,
            detail: "Earlier answers to a similar prompt that were shown beside a proposal",
          },
        ]),
    {
      label: `$(sparkle) ${counted(stats.proposals, "prompt")} refined`,
      description: `${stats.discarded} discarded`,
      detail: "Nothing of a discarded prompt was sent",
    },
    { label: `$(database) ${counted(stats.entries, "answer")} remembered`, detail: "In the database on this machine" },
  ];
}

export async function showStats(stats: Stats): Promise<void> {
  await vscode.window.showQuickPick(statLines(stats), {
    title: `OptaFly: the last ${stats.days} days`,
    placeHolder: "Everything is counted on this machine and stays here",
    matchOnDetail: true,
  });
}
