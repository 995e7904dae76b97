// What a change to a proposal asks of the server, and what the panel remembers of it.
import type { RefineParams } from "../protocol";
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
  // what was taken out of a pin comes back by itself, the pin does not
  const { pieces = [], leftOut = [] } = before.proposal ?? {};
  const pinned = [...pieces, ...leftOut].some((each) => each.pin === name && !each.mentioned);
  return (after) =>
    change === "remove" || change === "unpin"
      ? withRemoved(after, { name, label, unpinned: change === "unpin", undo: pinned ? "pin" : "back" })
      : withoutRemoved(after, name);
}
