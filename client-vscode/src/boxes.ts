// The boxes that our commands open: they stay, with the focus, until a person has done with them.
import type * as vscode from "vscode";

/** Gives the focus to the box that is open; null where none is. */
let focusOpen: (() => void) | null = null;

/** Newer versions of VS Code than we ask for let a quick pick select in its field. */
interface Selecting {
  valueSelection?: readonly [number, number];
}

/**
 * Show `box` until a person closes it, whatever else gets the focus; `closed` is then called. Returns what gives its field
 * the focus: VS Code has no command for that which does it (1.139: `focusQuickOpen` takes the rows), so it is shown anew.
 */
export function showBox<T extends vscode.QuickPickItem>(box: vscode.QuickPick<T>, closed: () => void): () => void {
  let shownAnew = 0;
  const focus = (): void => {
    const active = box.activeItems.filter((each) => box.items.includes(each));
    shownAnew += 1;
    box.hide();
    box.items = [...box.items]; // what is hidden loses them
    if (active.length > 0) {
      box.activeItems = active; // else the first, wherever the arrow keys have gone
    }
    (box as Selecting).valueSelection = [box.value.length, box.value.length]; // else what is typed replaces it
    box.show();
  };
  box.ignoreFocusOut = true;
  box.onDidHide(() => {
    if (shownAnew > 0) {
      shownAnew -= 1;
      return;
    }
    focusOpen = focusOpen === focus ? null : focusOpen;
    closed();
    box.dispose();
  });
  focusOpen = focus;
  box.show();
  return focus;
}

/** Put other rows into `box`: the one that the arrow keys have reached stays so where it is among them, by its `name`. */
export function renew<T extends vscode.QuickPickItem>(
  box: vscode.QuickPick<T>,
  rows: readonly T[],
  name: (row: T) => string | null,
): void {
  const [active] = box.activeItems;
  const reached = active === undefined ? undefined : rows.find((row) => name(row) === name(active));
  box.items = rows;
  if (reached !== undefined) {
    box.activeItems = [reached]; // else the first
  }
}

/**
 * Give the open box the focus back that a panel has got though nobody went there.
 *
 * Where the palette was opened from a panel, VS Code gives that the focus when the palette closes, and once more a moment
 * later. By then the box that the command opened may have it, and what is typed would press the panel's buttons.
 */
export function refocus(): void {
  focusOpen?.();
}
