// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from "vitest";
import type { Proposal } from "../src/protocol";
import { choiceCards } from "../view/choices";
import { codeActions } from "./fakes";

let said: string[] = [];
const actions = codeActions((words) => said.push(words));

beforeEach(() => {
  said = [];
});

describe("words that may mean several things", () => {
  const hit = (path: string, name: string): Proposal["choices"][number]["candidates"][number] => ({
    root: "/w",
    path,
    language: "python",
    score: 1,
    reasons: ["its name is alike"],
    symbols: [{ name, kind: "function", startLine: 7, endLine: 9, signature: `def ${name}()` }],
    parts: [],
  });
  const choices = [
    { words: "the config loader", start: 4, candidates: [hit("a/config.py", "load_config"), hit("b/conf.py", "load")] },
  ];

  test("are a question with a button for each, which adds it", () => {
    const [card] = choiceCards(choices, true, actions) as HTMLElement[];
    expect(card?.querySelector("h3")?.textContent).toBe("Which one is the config loader?");
    const buttons = [...(card?.querySelectorAll("button") ?? [])];
    expect(buttons.map((each) => each.querySelector("code")?.textContent)).toEqual(["load_config", "load"]);
    buttons.forEach((each) => each.click());
    expect(said).toEqual(["pin a/config.py#load_config", "pin b/conf.py#load"]);
  });

  test("say in which folder of the workspace each is, where that is not the same", () => {
    const both = [hit("src/config.ts", "load"), { ...hit("src/config.ts", "load"), root: "/w/mobile" }];
    const places = (candidates: typeof both): string[] => {
      const [card] = choiceCards([{ words: "it", start: 0, candidates }], true, actions) as HTMLElement[];
      const spans = [...(card?.querySelectorAll(".candidate span.muted:not(.place)") ?? [])];
      return spans.map((each) => each.textContent).filter((words) => words.startsWith("in "));
    };
    expect(places(both)).toEqual(["in w", "in mobile"]);
    expect(places([both[0]!, both[0]!])).toEqual([]);
  });

  test("cannot be picked once nothing can be decided", () => {
    const [card] = choiceCards(choices, false, actions) as HTMLElement[];
    card?.querySelectorAll("button").forEach((each) => each.click());
    expect(said).toEqual([]);
  });
});
