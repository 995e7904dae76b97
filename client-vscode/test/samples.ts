// A proposal and an answer as the server sends them.
import type {
  Answer,
  AnswerEvent,
  CompleteItem,
  IndexStatus,
  LeftOut,
  Piece,
  Problem,
  Proposal,
  ReuseCandidate,
  RootStatus,
  Stats,
  Tally,
} from "../src/protocol";

const quality = (score: number): Proposal["qualityBefore"] => ({
  score,
  features: [{ name: "place", value: score, weight: 1, meaning: "It says where." }],
});

export function proposal(changed: Partial<Proposal> = {}): Proposal {
  return {
    id: "p1",
    revision: 0,
    state: "proposed",
    original: "fix this",
    refined: "fix this (`mean`)",
    intent: "debug",
    language: "en",
    question: null,
    changes: [
      {
        id: "a",
        kind: "locate",
        start: 8,
        before: "",
        after: " (`mean`)",
        reason: "Says where.",
        tokens: 4,
        enabled: true,
      },
      {
        id: "b",
        kind: "goal",
        start: 8,
        before: "",
        after: "\n\nWhy?",
        reason: "Asks why.",
        tokens: 2,
        enabled: false,
      },
    ],
    pieces: [],
    diff: [
      { op: "equal", text: "fix this" },
      { op: "insert", text: " (`mean`)" },
    ],
    qualityBefore: quality(0.2),
    qualityAfter: quality(0.8),
    estimate: {
      inputTokens: 40,
      maxOutputTokens: 4096,
      inputCostUsd: 0.0001,
      maxCostUsd: 0.041,
      method: "local estimate",
      pricesAsOf: "2026-11-01",
    },
    reuse: [],
    masked: [],
    route: {
      provider: "anthropic",
      model: "claude-sonnet-5-5",
      keyName: "ANTHROPIC_API_KEY",
      breakpoints: [],
      inputTokens: 40,
      maxTokens: 4096,
      reason: "`claude-sonnet-5-5` is the model in your settings.",
    },
    digest: "refined-digest",
    originalDigest: "original-digest",
    createdAtS: 0,
    edited: false,
    uri: "file:///w/stats.py",
    range: null,
    notes: [],
    reuseBefore: null,
    reuseAfter: null,
    leftOut: [],
    choices: [],
    maxCodeTokens: 8000,
    unfinished: false,
    ...changed,
  };
}

export const answer: Answer = {
  traceId: "t1",
  proposalId: "p1",
  text: "Divide by one more.",
  source: "provider",
  model: "claude-sonnet-5-5",
  usage: {
    inputTokens: 40,
    outputTokens: 5,
    cacheWrite5MTokens: 0,
    cacheWrite1HTokens: 0,
    cacheReadTokens: 0,
  },
  costUsd: 0.001,
  savedUsd: 0,
  savedS: 0,
  latencyMs: 900,
  firstTokenMs: 200,
  stopReason: "end_turn",
  evidence: "Answered by the provider.",
  entryId: null,
  ageS: null,
};

export const problem: Problem = {
  code: "provider.no_key",
  what: "No key.",
  why: "None found.",
  todo: "Set one.",
  traceId: "t1",
};

export function event(kind: AnswerEvent["kind"], changed: Partial<AnswerEvent> = {}): AnswerEvent {
  return { proposalId: "p1", traceId: "t1", sequence: 0, kind, text: null, answer: null, problem: null, ...changed };
}

export function offer(changed: Partial<ReuseCandidate> = {}): ReuseCandidate {
  return {
    entryId: "e1",
    prompt: "mend this",
    answerPreview: "Divide.",
    cosine: 0.9,
    ageS: 3 * 86_400,
    savedUsd: 0.004,
    savedS: 2.1,
    evidence: "Alike, but `mend` became `fix`.",
    diff: [
      { op: "delete", text: "mend" },
      { op: "insert", text: "fix" },
      { op: "equal", text: " this" },
    ],
    probability: 0.84,
    code: [],
    ...changed,
  };
}

/** The same answer, from the cache. */
export const served: Answer = {
  ...answer,
  source: "cache",
  entryId: "e1",
  costUsd: 0,
  savedUsd: 0.004,
  savedS: 2.1,
  latencyMs: 3,
  evidence: "The same request in other words about the same code.",
  ageS: 3 * 86_400,
};

export function tally(name: string, answers: number, hits: number): Tally {
  return {
    name,
    answers,
    hits,
    offersShown: 1,
    offersTaken: 0,
    wrongReports: 0,
    costUsd: 0.01,
    savedUsd: 0,
    savedS: 0,
  };
}

export function stats(changed: Partial<Stats> = {}): Stats {
  return {
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
    wrongReports: 0,
    offersRefused: 0,
    byDay: [],
    byProject: [],
    ...changed,
  };
}

export function piece(changed: Partial<Piece> = {}): Piece {
  return {
    path: "till/bill.py",
    uri: "file:///w/till/bill.py",
    kind: "symbol",
    language: "python",
    startLine: 4,
    endLine: 12,
    text: "def shares():\n    return 1\n",
    contentHash: "hash",
    tokens: 80,
    reason: "defines `shares`, mentioned in the prompt",
    symbol: "shares",
    pinned: false,
    mentioned: false,
    pin: null,
    times: 1,
    rank: 0,
    ...changed,
  };
}

export function leftOut(changed: Partial<LeftOut> = {}): LeftOut {
  return { path: "b.py", tokens: 1, reason: "", symbol: null, pin: null, mentioned: false, ...changed };
}

export function index(...roots: readonly Partial<RootStatus>[]): IndexStatus {
  const whole = {
    root: "/w/till",
    state: "ready",
    message: "",
    files: 4,
    symbols: 9,
    vectors: 9,
    done: 0,
    total: 0,
    skipped: 0,
    diskBytes: 0,
    file: "/data/index/till.db",
  } as const;
  return { roots: roots.map((root) => ({ ...whole, ...root })), rssBytes: null };
}

export function item(changed: Partial<CompleteItem> = {}): CompleteItem {
  return {
    label: "bill.py",
    detail: "till",
    insert: "#till/bill.py",
    name: "till/bill.py",
    root: "/w",
    path: "till/bill.py",
    symbol: null,
    range: null,
    ...changed,
  };
}
