// Quick double clicks: what lies under the mouse at the second click may be another thing by then.

/** How long after a click another one may still belong to it; the usual setting of desktops is 500 ms. */
const SAME_GESTURE_MS = 500;
/** How far the mouse may move between the two, in CSS pixels. */
const SAME_PLACE_PX = 8;

/**
 * Let the second click of a double click count only on the very element that the first one hit.
 *
 * Without this, refusing an offer or taking out a piece by a double click would hit what moves into its place. Keys are
 * not concerned: a button that a key presses says that it was clicked zero times, and who pressed a key between two
 * clicks, to undo the first, meant both.
 */
export function guardDoubleClicks(
  page: Window & typeof globalThis,
  now: () => number = () => page.performance.now(),
): void {
  let last: { readonly at: number; readonly x: number; readonly y: number; readonly on: Element | null } | null = null;
  page.addEventListener("keydown", () => (last = null), { capture: true });
  page.addEventListener(
    "click",
    (event) => {
      if (event.detail === 0) {
        return;
      }
      const on = event.target instanceof page.Element ? event.target.closest("button, summary, label, a") : null;
      const [at, x, y] = [now(), event.clientX, event.clientY];
      const second =
        last !== null &&
        at - last.at < SAME_GESTURE_MS &&
        Math.abs(x - last.x) <= SAME_PLACE_PX &&
        Math.abs(y - last.y) <= SAME_PLACE_PX;
      if (second && on !== null && on !== last?.on) {
        event.preventDefault();
        event.stopImmediatePropagation();
      } else {
        last = { at, x, y, on };
      }
    },
    { capture: true },
  );
}
