// @vitest-environment happy-dom
import { describe, expect, test } from "vitest";
import { dateOf, daysUpTo } from "../src/statistics/days";
import { h } from "../view/dom";
import { statistics } from "../view/statistics";
import type { StatusParams } from "../src/protocol";
import type { ToPage } from "../src/statistics/messages";
import { StatisticsPage } from "../src/statistics/page";
import { Uri, window } from "./vscode";
import { stats, tally } from "./samples";

const TODAY = "2026-03-01";
const used = stats({
  answers: 1204,
  hits: 301,
  hitRate: 0.25,
  offersShown: 9,
  offersTaken: 4,
  wrongReports: 2,
  savedUsd: 1.5,
  savedS: 7200,
  costUsd: 4,
  entries: 800,
  proposals: 1300,
  discarded: 20,
  byDay: [tally("2026-02-27", 4, 1), tally(TODAY, 8, 6)],
  byProject: [tally("/home/ada/till", 8, 2), tally("", 4, 0)],
});

function page(of = used, choose: (days: number) => void = () => undefined): HTMLElement {
  return h("div", {}, ...statistics(of, daysUpTo(TODAY, of.days, of.byDay), choose));
}

describe("the statistics page", () => {
  test("says what to do while there are no answers", () => {
    const shown = page(stats());
    expect(shown.textContent).toContain("No answers yet");
    expect(shown.textContent).toContain("1 prompt refined in the last 30 days");
    expect(shown.querySelectorAll(".total, .chart, table")).toHaveLength(0);
  });

  test("has every total with how it is measured", () => {
    const totals = [...page().querySelectorAll(".total")];
    expect(totals.map((each) => each.querySelector("dt")?.textContent)).toEqual([
      "From the cache",
      "Money saved",
      "Time saved",
      "Offers taken",
      "Reported wrong",
      "Money spent",
      "Prompts refined",
      "Answers kept",
    ]);
    expect(totals.map((each) => each.querySelector(".value")?.textContent)).toEqual([
      "25%",
      "$1.50",
      "2 h",
      "4 of 9",
      "2",
      "$4.00",
      "1,300",
      "800",
    ]);
    expect(totals.every((each) => (each.querySelector(".muted")?.textContent ?? "").length > 20)).toBe(true);
    expect(totals[0]?.textContent).toContain("301 of 1,204 answers");
  });

  test("has a bar for each day, with the hits in it, and hides them from screen readers", () => {
    const shown = page();
    const bars = [...shown.querySelectorAll<HTMLElement>(".bar")];
    expect(bars).toHaveLength(30);
    expect(bars.at(-1)?.title).toBe("2026-03-01: 8 answers, 6 from the cache");
    expect(bars.at(-1)?.querySelector<HTMLElement>(".hits")?.style.height).toBe("75%");
    expect(bars.at(-3)?.querySelector<HTMLElement>(".paid")?.style.height).toBe("37.5%");
    expect(shown.querySelector(".chart")?.getAttribute("aria-hidden")).toBe("true");
  });

  test("has the same by day and by project as tables, whose rows are named", () => {
    const tables = [...page().querySelectorAll("table")];
    const rows = tables.map((each) => [...each.querySelectorAll("tbody th")].map((cell) => cell.textContent));
    expect(rows).toEqual([
      [TODAY, "2026-02-27"],
      ["till", "No folder"],
    ]);
    expect(tables[1]?.querySelector("tbody tr")?.textContent).toContain("2 (25%)");
    expect(tables[1]?.querySelector("tbody th span")?.getAttribute("title")).toBe("/home/ada/till");
    expect(tables.map((each) => each.querySelector("caption")?.textContent)).toEqual([
      "Answers by day",
      "Answers by project",
    ]);
  });

  test("counts over another time when asked", () => {
    const asked: number[] = [];
    const select = page(used, (days) => asked.push(days)).querySelector("select");
    expect([...(select?.options ?? [])].map((each) => each.value)).toEqual(["7", "30", "90"]);
    expect(select?.value).toBe("30");
    select!.value = "7";
    select!.dispatchEvent(new Event("change"));
    expect(asked).toEqual([7]);
  });
});

describe("the statistics page's host", () => {
  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
  const status = { answers: 1, hits: 0, offersTaken: 0, wrongReports: 0 } as StatusParams;
  const last = (): ToPage => window.panel.posted.at(-1) as ToPage;

  test("fills the page again after a problem, though nothing was counted meanwhile", async () => {
    let fails = false;
    const host = new StatisticsPage(Uri.parse("file:///ext") as never, async (_command, { days }) =>
      fails ? Promise.reject(new Error("gone")) : Promise.resolve({ stats: stats({ days: days ?? 30 }) }),
    );
    await host.show();
    await host.follow(status);
    fails = true;
    await host.show();
    expect(last().type).toBe("problem");
    fails = false;
    await host.follow(status);
    expect(last().type).toBe("stats");
  });

  test("shows the days that were chosen last, whichever were counted first", async () => {
    const waiting = new Map<number, () => void>();
    const host = new StatisticsPage(Uri.parse("file:///ext") as never, (_command, { days = 30 }) => {
      return new Promise((resolve) => waiting.set(days, () => resolve({ stats: stats({ days }) })));
    });
    await host.show();
    window.panel.post({ days: 90 });
    window.panel.post({ days: 7 });
    waiting.get(7)?.();
    waiting.get(90)?.();
    await settled();
    expect(last()).toMatchObject({ type: "stats", stats: { days: 7 } });
  });
});

test("the days of a chart go on over the end of a month, days without an answer included", () => {
  const days = daysUpTo(TODAY, 3, [tally("2026-02-27", 4, 1), tally("2026-01-01", 9, 9)]);
  expect(days).toEqual([
    { date: "2026-02-27", answers: 4, hits: 1 },
    { date: "2026-02-28", answers: 0, hits: 0 },
    { date: TODAY, answers: 0, hits: 0 },
  ]);
  expect(dateOf(new Date(2026, 2, 1, 23, 59))).toBe(TODAY);
});
