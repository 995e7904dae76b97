// The server's commands, typed.
import {
  APPROVE,
  CANCEL,
  FEEDBACK,
  REFINE,
  type ApproveResult,
  type CancelParams,
  type CancelResult,
  type FeedbackResult,
  type RefineResult,
} from "../protocol";
import type { Server } from "../panel/desk";
import type { Connection } from "./connection";

export function serverOf(connection: Connection): Server {
  return {
    get running() {
      return connection.running;
    },
    refine: async (params) => (await connection.command<RefineResult>(REFINE, params)).proposal,
    approve: (params) => connection.command<ApproveResult>(APPROVE, params),
    feedback: (params) => connection.command<FeedbackResult>(FEEDBACK, params),
    cancel: (proposalId) => connection.command<CancelResult>(CANCEL, { proposalId } satisfies CancelParams),
  };
}
