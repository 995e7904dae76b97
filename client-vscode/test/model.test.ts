import { describe, expect, test } from "vitest";
import { loading, undecided, withEvent, withProblem, withProposal, withSent } from "../src/shared/model";
import { answer, event, problem, proposal } from "./samples";

const review = withProposal(loading("fix this"), proposal());

describe("the panel's model", () => {
  test("a proposal that asks a question shows the question", () => {
    const asked = withProposal(loading("fix it"), proposal({ question: "Which file?" }));
    expect(asked.phase).toBe("question");
    expect(undecided(asked)).toBe(true);
  });

  test("why an approved proposal was not sent stays to be read, and goes with the next revision", () => {
    const failed = withEvent(withSent(review, proposal()), event("failed", { problem }));
    const kept = withProposal(failed, proposal({ state: "accepted" }));
    expect([kept.phase, kept.problem]).toEqual(["review", problem]);
    expect(withProposal(failed, proposal({ revision: 5 })).problem).toBeNull();
  });

  test("an older revision never replaces a newer one", () => {
    const newer = withProposal(review, proposal({ revision: 2, refined: "newer" }));
    expect(withProposal(newer, proposal({ revision: 1, refined: "older" })).proposal?.refined).toBe("newer");
  });

  test("deltas add up and the final answer replaces them", () => {
    const first = withEvent(review, event("delta", { text: "Divide " }));
    const second = withEvent(first, event("delta", { text: "by" }));
    expect(second).toMatchObject({ phase: "sending", answerText: "Divide by" });
    expect(withEvent(second, event("done", { answer }))).toMatchObject({ phase: "answered", answerText: answer.text });
  });

  test("a second answer does not go on where a failed one ended", () => {
    const failed = withEvent(withEvent(review, event("delta", { text: "half" })), event("failed", { problem }));
    expect(failed).toMatchObject({ phase: "failed", answerText: "half", problem });
    expect(withEvent(failed, event("delta", { text: "whole" })).answerText).toBe("whole");
  });

  test("the reason of a failure stays when the failed proposal arrives after it", () => {
    const failed = withEvent(withProposal(review, proposal({ state: "sent" })), event("failed", { problem }));
    expect(withProposal(failed, proposal({ state: "failed" })).problem).toEqual(problem);
  });

  test("a problem while reviewing keeps the review, a problem while sending is a failure", () => {
    expect(withProblem(review, problem).phase).toBe("review");
    expect(withProblem(withSent(review, proposal()), problem).phase).toBe("failed");
  });

  test("nothing can be decided on what was answered, discarded or is being sent", () => {
    for (const state of ["answered", "discarded", "sent"] as const) {
      expect(undecided(withProposal(review, proposal({ state })))).toBe(false);
    }
  });
});
