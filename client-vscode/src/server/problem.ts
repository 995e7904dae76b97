// What went wrong, in the shape in which the server says it.
import type { Problem } from "../protocol";

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "code" in value && "what" in value && "todo" in value;
}

/** The Problem inside an error of a request, or one made of its message. */
export function problemOf(error: unknown): Problem {
  const data: unknown = typeof error === "object" && error !== null && "data" in error ? error.data : undefined;
  if (isProblem(data)) {
    return data;
  }
  return {
    code: "client",
    what: "OptaFly could not do that.",
    why: error instanceof Error ? error.message : String(error),
    todo: "Try again. The log says more.",
    traceId: null,
  };
}

export const SERVER_STOPPED: Problem = {
  code: "client.stopped",
  what: "The OptaFly server stopped while it was at work.",
  why: "Nothing unfinished was remembered.",
  todo: "It is being started again: then try once more.",
  traceId: null,
};

export const NO_SERVER: Problem = {
  code: "client.no_server",
  what: "The OptaFly server is not running.",
  why: "It could not be found or started.",
  todo: "Use “OptaFly: Restart Server”, or look at the log.",
  traceId: null,
};

/** A Problem as one paragraph. */
export function inWords(problem: Problem): string {
  return [problem.what, problem.why, problem.todo].filter((part) => part !== "").join(" ");
}
