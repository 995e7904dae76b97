// What a change to a proposal asks of the server, and what the panel remembers of it.
import type { RefineParams } from "../protocol";
import type { CodeChange, ToHost } from "../shared/messages";
import { withoutRemoved, withRemoved, type PanelModel } from "../shared/model";

/** The revision that a person asks for by a switch or by what they wrote. */
export function revised(proposalId: string, message: Extract<ToHost, { type: "switch" | "edited" }>): RefineParams {
  return message.type === "switch" ? { proposalId, without: message.without } : { proposalId, edited: message.text };
}

/** The revision in which that has become of some code. */
export function asked(proposalId: string, change: CodeChange, name: string): RefineParams {
  const as = { pin: "pin", remove: "remove", back: "unpin" } as const;
  return { proposalId, [as[change]]: [name] };
}

/** The panel after the change: it knows what can be put back. */
export function noted(model: PanelModel, change: CodeChange, name: string, label: string): PanelModel {
  return change === "remove" ? withRemoved(model, { name, label }) : withoutRemoved(model, name);
}
