// The statistics page: asks the host for counts and draws what comes.
import { daysUpTo } from "../src/statistics/days";
import type { FromPage, ToPage } from "../src/statistics/messages";
import { fill, h, prose } from "./dom";
import { statistics } from "./statistics";

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): { readonly days?: number } | undefined;
  setState(state: { readonly days: number }): void;
};

const host = acquireVsCodeApi();
const root = document.getElementById("root") ?? document.body;

function count(days: number): void {
  host.setState({ days });
  host.postMessage({ type: "count", days });
}

window.addEventListener("message", ({ data }: MessageEvent<ToPage>) => {
  if (data.type === "stats") {
    const days = daysUpTo(data.today, data.stats.days, data.stats.byDay);
    fill(root, h("div", { class: "page statistics" }, ...statistics(data.stats, days, count)));
    document.body.dataset.phase = "statistics";
  } else {
    const { what, why, todo } = data.problem;
    const words = h("div", { class: "words" }, h("p", {}, ...prose([what, why, todo].join(" "))));
    fill(root, h("div", { class: "page" }, h("section", { class: "card problem", role: "alert" }, words)));
  }
});

count(host.getState()?.days ?? 30);
