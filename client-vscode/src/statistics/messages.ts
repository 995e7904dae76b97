// What the statistics page and its host say to each other.
import type { Problem, Stats } from "../protocol";

export type ToPage =
  | { readonly type: "stats"; readonly stats: Stats; readonly today: string }
  | { readonly type: "problem"; readonly problem: Problem };

/** `days`: over how many days to count; the first one says that the page is there. */
export interface FromPage {
  readonly type: "count";
  readonly days: number;
}
