// What a change to a proposal asks of the server, and what the panel remembers of it.
import type { RefineParams } from "../protocol";
import { nameOf } from "../shared/code";
import type { CodeChange, ToHost } from "../shared/messages";
import { withoutRemoved, withRemoved, type PanelModel } from "../shared/model";

/** The revision that a person asks for by a switch, by what they wrote, or because more may be found by now. */
export function revised(
  proposalId: string,
  message: Extract<ToHost, { type: "switch" | "edited" | "lookAgain" }>,
): RefineParams {
  switch (message.type) {
    case "switch":
      return { proposalId, without: message.without };
    case "edited":
      return { proposalId, edited: message.text };
    case "lookAgain":
      return { proposalId, lookAgain: true };
  }
}

/** The revision in which that has become of some code. */
export function asked(proposalId: string, change: CodeChange, name: string): RefineParams {
  const as = { pin: "pin", unpin: "unpin", remove: "remove", back: "unpin" } as const;
  return { proposalId, [as[change]]: [name] };
}

/** What the panel knows after the change of what it showed `before`: what can be taken back, and how. */
export function noted(
  before: PanelModel,
  change: CodeChange,
  name: string,
  label: string,
): (after: PanelModel) => PanelModel {
  const piece = before.proposal?.pieces.find((each) => nameOf(each) === name);
  const undo = piece?.pinned === true && !piece.mentioned ? "pin" : "back";
  return (after) =>
    change === "remove" || change === "unpin"
      ? withRemoved(after, { name, label, unpinned: change === "unpin", undo })
      : withoutRemoved(after, name);
}
