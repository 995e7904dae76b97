import { describe, expect, test } from "vitest";
import { commentText } from "../src/prompt/comment";
import type { StatusParams } from "../src/protocol";
import { ago, counted, milliseconds, seconds, signedTokens, usd } from "../src/shared/words";
import { statLines } from "../src/stats";
import { statusDetail, statusText } from "../src/status";

describe("a prompt in a comment", () => {
  test.each([
    ["# sort these by name", "sort these by name"],
    ["  // sort these\n  // by name", "sort these\nby name"],
    ["/**\n * Sort these\n * by name.\n */", "Sort these\nby name."],
    ["<!-- say this more plainly -->", "say this more plainly"],
    ['"""Explain\nthis."""', "Explain\nthis."],
    ["-- 並べ替えて", "並べ替えて"],
  ])("%j is %j", (text, words) => {
    expect(commentText(text)).toBe(words);
  });

  test.each(["x = 1  # one", "def f():\n    # a comment\n    return 1", "//", "/* a */ x = 1", "return -1"])(
    "%j is code",
    (text) => {
      expect(commentText(text)).toBeNull();
    },
  );
});

test("numbers read as a person says them", () => {
  expect([0, 0.00001, 0.0042, 0.5, 12].map(usd)).toEqual(["$0", "<$0.0001", "$0.0042", "$0.50", "$12.00"]);
  expect([0.84, 12.4, 200, 8000].map(seconds)).toEqual(["0.8 s", "12 s", "3 min", "2 h"]);
  expect([0.4, 12.4, 3120].map(milliseconds)).toEqual(["under 1 ms", "12 ms", "3.1 s"]);
  expect([5, 60, 7300, 200_000].map(ago)).toEqual(["just now", "1 minute ago", "2 hours ago", "2 days ago"]);
  expect([counted(1, "token"), counted(2048, "token")]).toEqual(["1 token", "2,048 tokens"]);
  expect([24, -3].map(signedTokens)).toEqual(["+24 tokens", "−3 tokens"]);
});

describe("the status bar", () => {
  const status: StatusParams = {
    state: "ready",
    message: "ready",
    hitRate: null,
    hits: 0,
    answers: 0,
    savedUsd: 0,
    savedS: 0,
    costUsd: 0,
  };

  test("shows no rate before the first answer", () => {
    expect(statusText(status)).toBe("$(sparkle) OptaFly");
    expect(statusDetail(status)).toContain("No answers yet");
  });

  test("shows hit rate and savings, and says how they were measured", () => {
    const used = { ...status, hitRate: 0.5, hits: 1, answers: 2, savedUsd: 0.0042, savedS: 3.2, costUsd: 0.0042 };
    expect(statusText(used)).toBe("$(sparkle) OptaFly · 50% hits · $0.0042 saved");
    expect(statusDetail(used)).toContain("when they were first given");
  });

  test("says when the server does not run", () => {
    expect(statusDetail(null)).toContain("not running");
  });
});

test("the stats begin with what to do while there are none", () => {
  const none = {
    days: 30,
    answers: 0,
    hits: 0,
    offersShown: 0,
    offersTaken: 0,
    hitRate: null,
    costUsd: 0,
    savedUsd: 0,
    savedS: 0,
    entries: 0,
    proposals: 1,
    discarded: 0,
  };
  expect(statLines(none)[0]?.detail).toContain("1 prompt refined");
  expect(statLines({ ...none, answers: 3, hits: 1, hitRate: 1 / 3 })[0]?.label).toContain("1 of 3 answers");
});
