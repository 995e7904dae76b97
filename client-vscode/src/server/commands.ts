// The server's commands, typed.
import {
  APPROVE,
  CANCEL,
  COMPLETE,
  FEEDBACK,
  REFINE,
  SEND,
  type ApproveResult,
  type CancelParams,
  type CancelResult,
  type CompleteResult,
  type FeedbackResult,
  type RefineResult,
  type SendParams,
  type SendResult,
} from "../protocol";
import type { Complete } from "../panel/adding";
import type { Server } from "../panel/card";
import type { Connection } from "./connection";

export function serverOf(connection: Connection): Server {
  return {
    ready: () => connection.ready(),
    refine: async (params) => (await connection.command<RefineResult>(REFINE, params)).proposal,
    approve: (params) => connection.command<ApproveResult>(APPROVE, params),
    feedback: (params) => connection.command<FeedbackResult>(FEEDBACK, params),
    cancel: (proposalId) => connection.command<CancelResult>(CANCEL, { proposalId } satisfies CancelParams),
    follow: (proposalId) => connection.command<SendResult>(SEND, { proposalId } satisfies SendParams),
  };
}

/** Ask for files and symbols by the beginning of their names. */
export function completeOf(connection: Connection): Complete {
  return async (params) => connection.command<CompleteResult>(COMPLETE, params);
}
