import { describe, expect, test } from "vitest";
import { commentText } from "../src/prompt/comment";
import type { StatusParams } from "../src/protocol";
import {
  ago,
  counted,
  howOften,
  lowerFirst,
  milliseconds,
  saving,
  seconds,
  signedTokens,
  usd,
} from "../src/shared/words";
import { workOf } from "../src/shared/indexing";
import { statusDetail, statusText } from "../src/status";
import { index } from "./samples";

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

test.each([
  ["nothing is known", null, "none", ""],
  ["no folder is open", index(), "none", ""],
  ["everything is done", index({}), "none", ""],
  ["it failed", index({ state: "failed" }), "none", ""],
  ["files are looked for", index({ state: "waiting" }), "running", "Looking for files to index"],
  ["files are read", index({ state: "reading", done: 3, total: 9 }, {}), "running", "Indexing 3 of 9 files"],
  [
    "texts are compared",
    index({ state: "lexical", done: 1200, total: 7818 }),
    "running",
    "Found by words; by meaning after 1,200 of 7,818 texts",
  ],
  [
    "it was stopped in both folders",
    index({ state: "cancelled", done: 3, total: 9 }, { state: "cancelled", done: 1, total: 1 }),
    "stopped",
    "4 of 10 files can be found",
  ],
  [
    "one folder does not hear of it yet",
    index({ state: "cancelled", done: 3, total: 9 }, { state: "reading", done: 1, total: 2 }),
    "running",
    "Indexing 1 of 2 files",
  ],
])("where %s, a person can stop or resume the indexing accordingly", (_where, said, kind, words) => {
  expect(workOf(said)).toEqual({ kind, words });
});

test("a probability reads as a count of answers", () => {
  expect([0.02, 0.31, 0.84, 0.95, 1].map(howOften)).toEqual([
    "Fewer than 1 in 10 such answers were right",
    "About 3 in 10 such answers were right",
    "About 8 in 10 such answers were right",
    "More than 9 in 10 such answers were right",
    "More than 9 in 10 such answers were right",
  ]);
});

test("what is saved is said without money where no price is known", () => {
  expect([saving(0.004, 2.1), saving(null, 0.04)]).toEqual(["$0.0040 and 2.1 s", "40 ms"]);
});

test("a sentence goes on after a colon, and a name at its start stays a name", () => {
  expect(
    ["The same text.", "You chose it.", "A word.", "`Foo` became `Bar`.", "GPT is named."].map(lowerFirst),
  ).toEqual(["the same text.", "you chose it.", "a word.", "`Foo` became `Bar`.", "GPT is named."]);
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
    offersTaken: 0,
    wrongReports: 0,
    index: null,
  };

  test("shows no rate before the first answer", () => {
    expect(statusText(status)).toBe("$(sparkle) OptaFly");
    expect(statusDetail(status)).toBe("No answers yet. Savings appear here after the first one.");
  });

  test("shows hit rate and savings, and says how they were measured", () => {
    const used = { ...status, hitRate: 0.5, hits: 1, answers: 2, savedUsd: 0.0042, savedS: 3.2, costUsd: 0.0042 };
    expect(statusText(used)).toBe("$(sparkle) OptaFly · 50% hits · $0.0042 saved");
    expect(statusDetail(used)).toContain("when they were first given");
    expect(statusDetail({ ...used, offersTaken: 1, wrongReports: 2 })).toContain(
      "1 offer taken, 2 answers reported wrong.",
    );
  });

  test("is quiet while the workspace is indexed, and has the counts in its hover, once", () => {
    const making = { ...status, message: "reading 1,240 of 9,800 files" };
    const shown = { ...making, index: index({ state: "reading", done: 1240, total: 9800 }) };
    expect(statusText(shown)).toBe("$(sparkle) OptaFly · indexing");
    expect(statusDetail(shown)).toContain("Indexing 1,240 of 9,800 files.");
    expect(statusDetail(shown)).not.toContain("reading 1,240");
    const after = { ...shown, answers: 2, hits: 1, hitRate: 0.5, index: index({ files: 9800, symbols: 41_203 }) };
    expect(statusText(after)).toBe("$(sparkle) OptaFly · 50% hits · $0 saved");
    expect(statusDetail(after)).toContain("Index: 9,800 files, 41,203 symbols.");
  });

  test("says that indexing is stopped, and how far it came", () => {
    const stopped = index({ state: "cancelled", files: 812, done: 812, total: 3001 }, { state: "cancelled" });
    expect(statusText({ ...status, index: stopped })).toBe("$(sparkle) OptaFly · indexing stopped");
    expect(statusDetail({ ...status, index: stopped })).toContain(
      "Indexing is stopped: 812 of 3,001 files can be found.",
    );
    const late = index({ state: "cancelled", done: 9, total: 9 });
    expect(statusDetail({ ...status, index: late })).toContain("Indexing is stopped: changes are not looked at.");
  });

  test("says that an index finds by words alone, and what is wrong with one that can be asked all the same", () => {
    const alone = { ...status, index: index({ vectors: 0 }) };
    expect(statusDetail(alone)).toContain("It finds by words alone: `optafly doctor` says");
    const trouble = "the index is in memory only and will be made again: disk full";
    const both = { ...status, index: index({ vectors: 9, message: trouble }, { message: trouble }) };
    expect(statusDetail(both)).toContain(
      "18 symbols. The index is in memory only and will be made again: disk full.\n",
    );
  });

  test("says what the server says where there is no index", () => {
    const failed = index({ state: "failed", message: "The disk is full." });
    const shown = {
      ...status,
      state: "degraded",
      message: "the workspace is not searched. The disk is full.",
    } as const;
    expect(statusText({ ...shown, index: failed })).toBe("$(info) OptaFly");
    expect(statusDetail({ ...shown, index: failed }).match(/disk is full/g)).toHaveLength(1);
  });

  test("says when the server does not run, and when it does not run yet", () => {
    expect([statusText(null), statusDetail(null)]).toEqual([
      "$(circle-slash) OptaFly",
      expect.stringContaining("not running"),
    ]);
    expect([statusText("starting"), statusDetail("starting")]).toEqual([
      "$(loading~spin) OptaFly",
      "The OptaFly server is starting.",
    ]);
  });
});
