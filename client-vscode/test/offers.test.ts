// @vitest-environment happy-dom
import { describe, expect, test } from "vitest";
import { bothSides } from "../view/difference";
import { fill, h } from "../view/dom";
import { offerCards, servedNote, type OfferActions, type ServedActions } from "../view/offers";
import { offer, served } from "./samples";

const nothing: OfferActions & ServedActions = {
  reuse: () => undefined,
  refuse: () => undefined,
  regenerate: () => undefined,
  wrong: () => undefined,
};

function card(changed: Parameters<typeof offer>[0] = {}, live = true): HTMLElement {
  return offerCards([offer(changed)], live, nothing)[0] as HTMLElement;
}

const CODE = [
  {
    path: "till/bill.py",
    symbol: "shares",
    kind: "changed",
    diff: [
      { op: "equal", text: "def shares():\n    a = 1\n    b = 2\n    c = 3\n    return " },
      { op: "delete", text: "1" },
      { op: "insert", text: "2" },
      { op: "equal", text: "\n" },
      { op: "insert", text: "# new\n" },
    ],
  },
  { path: "till/tax.py", symbol: null, kind: "gone", diff: [] },
] as const;

describe("an offer", () => {
  test("says when it was asked, in which words, how sure it is, what it saves, and why it is no more than an offer", () => {
    const shown = card();
    expect(shown.querySelector("h3")?.textContent).toBe("You asked something like this 3 days ago");
    expect([shown.querySelector("del")?.textContent, shown.querySelector("ins")?.textContent]).toEqual(["mend", "fix"]);
    expect(shown.querySelector(".sure")?.textContent).toBe("About 8 in 10 such answers were right.");
    expect(shown.querySelector(".sure")?.getAttribute("title")).toMatch(/^84%: a calibrated probability, measured on/);
    expect(shown.textContent).toContain("Reusing it saves $0.0040 and 2.1 s.");
    expect(shown.textContent).toContain("Alike, but mend became fix.");
    expect(shown.querySelector(".preview")?.textContent).toBe("Divide.");
  });

  test("of the very same words says so, and one that is not measured claims nothing", () => {
    const shown = card({ diff: [{ op: "equal", text: "fix this" }], probability: 0 });
    expect(shown.querySelector("h3")?.textContent).toContain("You asked the same");
    expect(shown.querySelector(".sure")).toBeNull();
  });

  test("is taken or refused by its buttons, which name what they are about, and by a key for the first", () => {
    const said: string[] = [];
    const cards = offerCards([offer(), offer({ entryId: "e2" })], true, {
      reuse: (entryId) => said.push(`reuse ${entryId}`),
      refuse: (entryId) => said.push(`refuse ${entryId}`),
    }) as HTMLElement[];
    const buttons = cards.flatMap((each) => [...each.querySelectorAll("button")]);
    buttons.forEach((button) => button.click());
    expect(said).toEqual(["reuse e1", "refuse e1", "reuse e2", "refuse e2"]);
    expect(buttons.map((button) => button.getAttribute("aria-keyshortcuts"))).toEqual(["R", "N", null, null]);
    for (const [index, each] of cards.entries()) {
      expect(each.getAttribute("aria-labelledby")).toBe(`offer-${index}-title`);
      expect(each.querySelector("button")?.getAttribute("aria-describedby")).toBe(each.querySelector("h3")?.id);
    }
  });

  test("has no buttons once nothing can be decided", () => {
    expect(card({}, false).querySelectorAll("button")).toHaveLength(0);
  });

  test("shows what became of the code, folded, each piece by name with its difference", () => {
    const shown = card({ code: CODE });
    const details = shown.querySelector("details");
    expect(details?.hasAttribute("open")).toBe(false);
    expect(details?.querySelector("summary")?.textContent).toBe(
      "The code since: shares has changed, till/tax.py went along then and does not now",
    );
    expect([...shown.querySelectorAll(".diff ins")].map((each) => each.textContent)).toEqual(["2", "# new"]);
    expect(shown.querySelector(".diff .line.insert")?.textContent).toBe("# new");
    expect(shown.querySelector(".diff .fold")?.textContent).toBe("⋯ 2 lines the same");
    expect(shown.querySelectorAll(".diff")).toHaveLength(1);
    expect(shown.querySelector(".sure")?.textContent).toContain("were right where the code was the same.");
    expect(card().querySelector("details")).toBeNull();
  });

  test("stays unfolded when the panel is drawn again, whatever its files are called", () => {
    const root = h("main");
    document.body.append(root);
    fill(root, card({ code: [{ ...CODE[0], path: 'a "b" \\\\].py' }] }));
    root.querySelector("details")?.setAttribute("open", "");
    fill(root, card({ code: CODE }));
    expect(root.querySelector("details")?.hasAttribute("open")).toBe(true);
  });

  test("is drawn again whatever its entry is called", () => {
    const root = h("main");
    document.body.append(root);
    fill(root, card({ entryId: 'a "b" \\].', code: CODE }));
    fill(root, card({ entryId: 'a "b" \\].', code: CODE }));
    expect(root.querySelectorAll(".offer")).toHaveLength(1);
  });

  test("holds HTML and any script as text", () => {
    const shown = card({ prompt: "<img src=x>", diff: [], answerPreview: "<b>هذا</b>" });
    expect(shown.querySelectorAll("img, b")).toHaveLength(0);
    expect(shown.querySelector(".asked")?.textContent).toBe("<img src=x>");
    expect(shown.querySelector(".preview")?.getAttribute("dir")).toBe("auto");
  });
});

test("a difference keeps every line that it does not fold", () => {
  const diff = [
    { op: "equal", text: "one\n" },
    { op: "delete", text: "two\n" },
    { op: "insert", text: "zwei\n\n" },
    { op: "equal", text: "three" },
  ] as const;
  const lines = bothSides(diff).map((each) => (each as HTMLElement).textContent);
  expect(lines).toEqual(["one", "two", "zwei", "", "three"]);
});

test("lines that the server left out are not counted", () => {
  const diff = [
    { op: "equal", text: "…\none\ntwo\nthree\n" },
    { op: "insert", text: "new\n" },
    { op: "equal", text: "one\ntwo\n…\n" },
  ] as const;
  const lines = bothSides(diff).map((each) => (each as HTMLElement).textContent);
  expect(lines).toEqual(["⋯ the same", "two", "three", "new", "one", "two", "…"]);
});

describe("an answer from the cache", () => {
  test("says so before anything else, with how it was found and what it saved", () => {
    const shown = servedNote(served, false, nothing);
    expect(shown.textContent).toContain("From the cache: the same request in other words about the same code.");
    expect(shown.textContent).toContain("Asked 3 days ago. Saved $0.0040 and 2.1 s.");
  });

  test("that saved nothing, as what another window was given, says no sum", () => {
    const shown = servedNote({ ...served, savedUsd: 0, savedS: 0 }, false, nothing);
    expect(shown.querySelector(".muted")?.textContent).toBe("Asked 3 days ago. ");
  });

  test("has Regenerate and Wrong Answer, and thanks for the second where it stood", () => {
    const said: string[] = [];
    const actions = { regenerate: () => said.push("regenerate"), wrong: () => said.push("wrong") };
    const shown = servedNote(served, false, actions);
    shown.querySelectorAll("button").forEach((button) => button.click());
    expect(said).toEqual(["regenerate", "wrong"]);
    const after = servedNote(served, true, actions);
    expect(after.querySelector("#wrong")?.textContent).toBe("Thanks");
    expect(after.querySelector("#wrong")?.getAttribute("aria-disabled")).toBe("true");
    expect(after.textContent).toContain("not given for this prompt again");
    expect(after.querySelector("#regenerate")).not.toBeNull();
  });

  test("that is not remembered can only be read", () => {
    expect(servedNote({ ...served, entryId: null }, false, nothing).querySelectorAll("button")).toHaveLength(0);
  });
});
