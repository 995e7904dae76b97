// The statistics page: totals, each with how it is measured, and the same by day and by project.
import type { Stats, Tally } from "../src/protocol";
import type { Day } from "../src/statistics/days";
import { counted, percent, seconds, usd } from "../src/shared/words";
import { h, icon, type Child } from "./dom";

export const PERIODS = [7, 30, 90] as const;

/** The whole page. `days` are those of the chart. */
export function statistics(stats: Stats, days: readonly Day[], choose: (days: number) => void): readonly Child[] {
  return [
    h("header", { class: "stats-head" }, h("h1", {}, "Statistics"), period(stats.days, choose)),
    stats.answers === 0 ? nothingYet(stats) : null,
    stats.answers === 0 ? null : totals(stats),
    stats.answers === 0 ? null : byDay(stats.byDay, days),
    stats.byProject.length === 0 ? null : byProject(stats.byProject),
    h("p", { class: "muted" }, "Everything is counted on this machine and stays here."),
  ];
}

function period(chosen: number, choose: (days: number) => void): HTMLElement {
  const known: readonly number[] = PERIODS;
  const options = known.includes(chosen) ? known : [...known, chosen];
  return h(
    "label",
    { class: "period" },
    "Over the last ",
    h(
      "select",
      { id: "period", onchange: (event) => choose(Number((event.target as HTMLSelectElement).value)) },
      ...options.map((days) => h("option", { value: days, selected: days === chosen }, `${days} days`)),
    ),
  );
}

function nothingYet({ proposals, days }: Stats): HTMLElement {
  return h(
    "section",
    { class: "card note", id: "nothing-yet" },
    h(
      "div",
      { class: "words" },
      h("h2", {}, "No answers yet"),
      h("p", {}, `${counted(proposals, "prompt")} refined in the last ${days} days, none answered.`),
      h("p", {}, "Refine a prompt and send it: what your cache saves from then on is counted here."),
    ),
  );
}

/** The totals; each says below it how it is measured. */
export function totals(stats: Stats): HTMLElement {
  const { answers, hits, hitRate, offersShown, offersTaken, offersRefused } = stats;
  return h(
    "dl",
    { class: "totals" },
    total(
      "From the cache",
      hitRate === null ? "none" : percent(hitRate),
      `${hits.toLocaleString("en-US")} of ${counted(answers, "answer")}: served by itself, or taken when it was offered.`,
    ),
    total(
      "Money saved",
      usd(stats.savedUsd),
      "What the reused answers cost when they were first given, added up; without a known price, nothing.",
    ),
    total(
      "Time saved",
      seconds(stats.savedS),
      "How long the reused answers took when they were first given, added up.",
    ),
    total(
      "Offers taken",
      `${offersTaken.toLocaleString("en-US")} of ${offersShown.toLocaleString("en-US")}`,
      `Proposals beside which earlier answers were shown, and how many of those you took. Refused: ${offersRefused.toLocaleString("en-US")}.`,
    ),
    total(
      "Reported wrong",
      stats.wrongReports.toLocaleString("en-US"),
      "Answers from the cache that you called wrong. They are not given for that prompt again.",
    ),
    total(
      "Money spent",
      usd(stats.costUsd),
      "What the other answers cost: the tokens that were billed, at the prices in your settings.",
    ),
    total(
      "Prompts refined",
      stats.proposals.toLocaleString("en-US"),
      `${stats.discarded.toLocaleString("en-US")} of them discarded: nothing of those was sent.`,
    ),
    total("Answers kept", stats.entries.toLocaleString("en-US"), "In the database on this machine now, however old."),
  );
}

function total(name: string, value: string, measured: string): HTMLElement {
  return h(
    "div",
    { class: "total" },
    h("dt", {}, name),
    h("dd", { class: "value" }, value),
    h("dd", { class: "muted" }, measured),
  );
}

/** A bar per day, for the eye; the table below it has the same and more. */
export function byDay(tallies: readonly Tally[], days: readonly Day[]): HTMLElement {
  const most = Math.max(1, ...days.map((day) => day.answers));
  const ends = [days[0], days[Math.floor((days.length - 1) / 2)], days.at(-1)];
  return section(
    "by-day",
    "By day",
    h(
      "div",
      { class: "chart", "aria-hidden": "true" },
      h(
        "p",
        { class: "legend muted" },
        h("span", { class: "key hits" }),
        "from the cache",
        h("span", { class: "key paid" }),
        "from the model",
        h("span", { class: "grow" }),
        `most in a day: ${counted(most, "answer")}`,
      ),
      h("div", { class: "bars" }, ...days.map((day) => bar(day, most))),
      h("p", { class: "axis muted" }, ...ends.map((day) => h("span", {}, day?.date ?? ""))),
    ),
    h(
      "details",
      { id: "day-table" },
      h("summary", { id: "day-table-summary" }, icon("chevron"), "The same as a table"),
      table("Answers by day", "Day", tallies.toReversed(), (name) => h("span", {}, name)),
    ),
  );
}

function bar({ date, answers, hits }: Day, most: number): HTMLElement {
  const piece = (name: string, share: number): HTMLElement => {
    const element = h("span", { class: name });
    element.style.setProperty("height", `${(100 * share) / most}%`);
    return element;
  };
  const title = `${date}: ${counted(answers, "answer")}, ${hits} from the cache`;
  return h("span", { class: "bar", title }, piece("paid", answers - hits), piece("hits", hits));
}

function byProject(tallies: readonly Tally[]): HTMLElement {
  const named = (folder: string): HTMLElement =>
    h("span", { title: folder, dir: "auto" }, folder === "" ? "No folder" : (folder.split(/[\\/]/).at(-1) ?? folder));
  return section("by-project", "By project", table("Answers by project", "Project", tallies, named));
}

const COLUMNS: readonly (readonly [name: string, value: (tally: Tally) => string])[] = [
  ["Answers", ({ answers }) => answers.toLocaleString("en-US")],
  ["From the cache", ({ hits, answers }) => (answers === 0 ? "0" : `${hits} (${percent(hits / answers)})`)],
  ["Offers taken", ({ offersTaken, offersShown }) => `${offersTaken} of ${offersShown}`],
  ["Reported wrong", ({ wrongReports }) => wrongReports.toLocaleString("en-US")],
  ["Saved", ({ savedUsd }) => usd(savedUsd)],
  ["Time saved", ({ savedS }) => seconds(savedS)],
  ["Spent", ({ costUsd }) => usd(costUsd)],
];

function table(
  caption: string,
  first: string,
  tallies: readonly Tally[],
  named: (name: string) => HTMLElement,
): HTMLElement {
  const head = [first, ...COLUMNS.map(([name]) => name)];
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "group", "aria-label": caption },
    h(
      "table",
      {},
      h("caption", { class: "hidden" }, caption),
      h("thead", {}, h("tr", {}, ...head.map((name) => h("th", { scope: "col" }, name)))),
      h(
        "tbody",
        {},
        ...tallies.map((tally) =>
          h(
            "tr",
            {},
            h("th", { scope: "row" }, named(tally.name)),
            ...COLUMNS.map(([, value]) => h("td", {}, value(tally))),
          ),
        ),
      ),
    ),
  );
}

function section(name: string, title: string, ...children: readonly Child[]): HTMLElement {
  return h(
    "section",
    { class: name, "aria-labelledby": `${name}-title` },
    h("h2", { id: `${name}-title` }, title),
    ...children,
  );
}
