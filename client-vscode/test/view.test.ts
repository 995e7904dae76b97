// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from "vitest";
import { loading } from "../src/shared/model";
import { answerHead } from "../view/answer";
import { h } from "../view/dom";
import { ariaKey, focusAt, hint, hintOf, pressed } from "../view/keys";
import { blocksOf, Growing, nodesOf, type MarkdownActions } from "../view/markdown";
import { changeList, columns, facts, type ReviewActions } from "../view/review";
import { proposal } from "./samples";

let followed: string[] = [];
const actions: MarkdownActions = {
  link: (href) => followed.push(href),
  codeButtons: (code) => [h("button", {}, `Copy ${code}`)],
};

function rendered(text: string): HTMLElement {
  return h("div", {}, ...blocksOf(text).flatMap(({ tokens }) => nodesOf(tokens, actions)));
}

beforeEach(() => {
  followed = [];
});

describe("an answer's Markdown", () => {
  test("HTML in it stays text", () => {
    const shown = rendered(
      'Hello <img src=x onerror="alert(1)"> <script>alert(2)</script>\n\n<iframe src="//x"></iframe>',
    );
    expect(shown.querySelectorAll("img, script, iframe")).toHaveLength(0);
    expect(shown.textContent).toContain('<img src=x onerror="alert(1)">');
  });

  test("only http and https links can be followed, and only through the host", () => {
    const shown = rendered("[a](https://a.example) [b](javascript:alert(1)) [c](command:x) [d](file:///etc/passwd)");
    const links = [...shown.querySelectorAll("a")];
    expect(links.map((each) => each.getAttribute("href"))).toEqual(["https://a.example"]);
    const click = new Event("click", { cancelable: true });
    links[0]!.dispatchEvent(click);
    expect(click.defaultPrevented).toBe(true);
    expect(followed).toEqual(["https://a.example"]);
  });

  test("an image is its words, so that nothing is fetched", () => {
    const shown = rendered("![a chart](https://tracker.example/x.png)");
    expect(shown.querySelectorAll("img")).toHaveLength(0);
    expect(shown.textContent).toContain("a chart");
  });

  test("code keeps every character, and its buttons get exactly it", () => {
    const shown = rendered("```html\n<b>\t&amp;</b>\n\n  x\n```");
    expect(shown.querySelector("pre")?.textContent).toBe("<b>\t&amp;</b>\n\n  x");
    expect(shown.querySelector("button")?.textContent).toBe("Copy <b>\t&amp;</b>\n\n  x");
  });

  test("lists, tables and emphasis are elements", () => {
    const shown = rendered("2. **a**\n3. b\n\n| x | y |\n|---|---|\n| 1 | `2` |");
    expect(shown.querySelector("ol")?.getAttribute("start")).toBe("2");
    expect(shown.querySelectorAll("ol > li")).toHaveLength(2);
    expect(shown.querySelector("strong")?.textContent).toBe("a");
    expect(shown.querySelector("td code")?.textContent).toBe("2");
  });

  test("while it grows, finished blocks keep their nodes and are told once", () => {
    const parent = h("div");
    const growing = new Growing(parent, actions);
    const text = "One.\n\nTwo **words**.\n\n```py\nx = 1\n```\n\nEnd.";
    const told: string[] = [];
    let first: ChildNode | null = null;
    for (let end = 1; end <= text.length; end += 1) {
      told.push(...growing.show(text.slice(0, end), end === text.length));
      if (end === 8) {
        first = parent.firstChild;
      }
    }
    expect(parent.firstChild).toBe(first);
    expect(told).toEqual(["One.", "Two **words**.", "```py\nx = 1\n```", "End."]);
    expect(parent.textContent).toBe(rendered(text).textContent);
  });
});

describe("the keys", () => {
  const press = (key: string, held: Partial<KeyboardEvent> = {}): Parameters<typeof pressed>[0] => ({
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    repeat: false,
    isComposing: false,
    ...held,
  });

  test("decide on a proposal", () => {
    expect(pressed(press("Enter", { ctrlKey: true }), "review", "elsewhere")).toBe("accept");
    expect(pressed(press("Enter", { metaKey: true }), "failed", "text")).toBe("again");
    expect(pressed(press("e"), "review", "buttons")).toBe("modify");
    expect(pressed(press("Escape"), "review", "text")).toBe("discard");
    expect(pressed(press("Escape"), "sending", "elsewhere")).toBe("cancel");
  });

  test("mean nothing where they would surprise", () => {
    expect(pressed(press("o"), "question", "text")).toBeNull();
    expect(pressed(press("o"), "review", "elsewhere")).toBeNull();
    expect(pressed(press("o", { ctrlKey: true }), "review", "buttons")).toBeNull();
    expect(pressed(press("Enter"), "review", "buttons")).toBeNull();
    expect(pressed(press("Escape"), "answered", "buttons")).toBeNull();
  });

  test("decide nothing while they are held down or a word is being composed", () => {
    expect(pressed(press("Enter", { ctrlKey: true, repeat: true }), "review", "buttons")).toBeNull();
    expect(pressed(press("Escape", { isComposing: true }), "question", "text")).toBeNull();
    expect(pressed(press("Escape", { isComposing: true }), "editing", "text")).toBeNull();
  });

  test("that are letters mean something among their buttons alone", () => {
    const page = h(
      "div",
      {},
      h("div", { class: "actions" }, h("button", { id: "in-bar" })),
      h("section", { class: "offer" }, h("summary", { id: "in-offer" })),
      h("section", { class: "pieces" }, h("button", { id: "in-list" }), h("input", { id: "box" })),
    );
    const at = (id: string): string => focusAt(page.querySelector(`#${id}`)!);
    expect([at("in-bar"), at("in-offer"), at("in-list"), at("box")]).toEqual([
      "buttons",
      "buttons",
      "elsewhere",
      "text",
    ]);
  });

  test("are shown only where they mean that button", () => {
    expect([hintOf("again", "failed", false), hintOf("again", "review", false)]).toEqual(["Ctrl+Enter", ""]);
  });

  test("are shown as the keyboard has them", () => {
    expect([hint("mod+enter", false), hint("mod+enter", true), hint("escape", false), hint("e", true)]).toEqual([
      "Ctrl+Enter",
      "⌘Enter",
      "Esc",
      "E",
    ]);
    expect([ariaKey("mod+enter", false), ariaKey("mod+enter", true), ariaKey("o", false)]).toEqual([
      "Control+Enter",
      "Meta+Enter",
      "O",
    ]);
  });
});

describe("the review", () => {
  const nothing: ReviewActions = {
    switch: () => undefined,
    prompt: () => undefined,
    edited: () => undefined,
    draft: () => undefined,
  };

  test("shows both texts whole, whatever is marked in them", () => {
    const refined = "a\nb\n\nc  d\n";
    const diff = [
      { op: "equal", text: "a\n" },
      { op: "delete", text: "x" },
      { op: "insert", text: "b\n\nc  d\n" },
    ] as const;
    const shown = columns(proposal({ original: "a\nx", refined, diff }), null, nothing);
    const lines = (side: string): string =>
      [...shown.querySelectorAll(`#${side}-text > .line`)].map((line) => line.textContent).join("\n");
    expect(lines("original")).toBe("a\nx");
    expect(lines("refined")).toBe(refined);
    expect(shown.querySelector("del")?.textContent).toBe("x");
  });

  test("the reuse probability is there before and after, with what it is measured on, or not at all", () => {
    const shown = facts(proposal({ reuseBefore: 0.12, reuseAfter: 0.84 }));
    const fact = [...shown.querySelectorAll(".fact")].find((each) => each.textContent.startsWith("Reuse"));
    expect(fact?.textContent).toBe("Reuse12% before, 84% after");
    expect(fact?.querySelector("[title]")?.getAttribute("title")).toContain("measured on");
    expect(shown.querySelector("details")?.textContent).toContain("How likely an earlier answer");
    const none = facts(proposal({ reuseBefore: 0, reuseAfter: 0.05 }));
    const words = [...none.querySelectorAll(".fact")].map((each) => each.textContent);
    expect(words).toContain("Reuseunlikely");
    expect(none.querySelector("#measured")?.textContent).toContain("Reuse: 0% before, 5% after.");
    expect(facts(proposal({ reuseBefore: 0.12 })).textContent).not.toContain("Reuse");
    expect(facts(proposal()).textContent).not.toContain("Reuse");
  });

  test("a switch names every change that is to stay off", () => {
    const asked: (readonly string[])[] = [];
    const list = changeList(proposal().changes, true, { ...nothing, switch: (without) => asked.push(without) });
    const switches = [...(list as HTMLElement).querySelectorAll("input")];
    switches[0]!.dispatchEvent(new Event("change"));
    switches[1]!.dispatchEvent(new Event("change"));
    expect(asked).toEqual([["a", "b"], []]);
  });
});

test.each(["stopped", "failed"] as const)("an answer that was %s is called incomplete, once", (phase) => {
  const actions = { copy: () => undefined, again: () => undefined, setKey: () => undefined, showLogs: () => undefined };
  const head = answerHead({ ...loading(""), phase, answerText: "Divide" }, actions);
  expect(head.querySelector("h2")?.textContent).toBe("Incomplete answer");
});
