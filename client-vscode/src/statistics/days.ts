// The days of a chart: those without an answer are there as well. Pure, and shared by both sides of the webview.
import type { Tally } from "../protocol";

export interface Day {
  readonly date: string;
  readonly answers: number;
  readonly hits: number;
}

const DAY_MS = 86_400_000;

/** The last `count` days up to `today` (both ISO 8601 dates), oldest first. */
export function daysUpTo(today: string, count: number, tallies: readonly Tally[]): readonly Day[] {
  const known = new Map(tallies.map((tally) => [tally.name, tally]));
  const last = Date.parse(`${today}T00:00:00Z`);
  return Array.from({ length: count }, (_, index) => {
    const date = new Date(last - (count - 1 - index) * DAY_MS).toISOString().slice(0, 10);
    return { date, answers: known.get(date)?.answers ?? 0, hits: known.get(date)?.hits ?? 0 };
  });
}

/** A moment's date where the person is, as the server names days. */
export function dateOf(moment: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}
