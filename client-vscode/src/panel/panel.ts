// One webview panel: carries messages and titles, decides nothing.
import * as vscode from "vscode";
import type { ToHost, ToView } from "../shared/messages";
import type { PanelModel } from "../shared/model";
import { page } from "./html";

export const VIEW_TYPE = "optafly.proposal";
const TITLE_LENGTH = 32;

/** What the desk needs of a panel. */
export interface PanelView {
  show(model: PanelModel): void;
  post(message: ToView): void;
  /** Show how far the index is by now, and leave everything else on the page as it is. */
  indexed(model: PanelModel): void;
  reveal(focus: boolean): void;
  readonly active: boolean;
  readonly visible: boolean;
}

export interface PanelEvents {
  message(message: ToHost): void;
  active(): void;
  closed(): void;
}

/** Open panels, to put a new one where the others are. */
const open = new Set<vscode.WebviewPanel>();

export function openPanel(extension: vscode.Uri, focus: boolean, events: PanelEvents): PanelView {
  const column = [...open].at(-1)?.viewColumn ?? vscode.ViewColumn.Beside;
  const panel = vscode.window.createWebviewPanel(
    VIEW_TYPE,
    "OptaFly",
    { viewColumn: column, preserveFocus: !focus },
    webviewOptions(extension),
  );
  return attachPanel(panel, extension, events);
}

function webviewOptions(extension: vscode.Uri): vscode.WebviewOptions & vscode.WebviewPanelOptions {
  return {
    enableScripts: true,
    enableFindWidget: true,
    localResourceRoots: [vscode.Uri.joinPath(extension, "out"), vscode.Uri.joinPath(extension, "media")],
  };
}

/** Take over a panel, new or restored by the editor. */
export function attachPanel(panel: vscode.WebviewPanel, extension: vscode.Uri, events: PanelEvents): PanelView {
  open.add(panel);
  panel.webview.options = webviewOptions(extension);
  panel.iconPath = vscode.Uri.joinPath(extension, "media", "panel.svg");
  let shown: PanelModel | null = null;
  const post = (message: ToView): void => void panel.webview.postMessage(message);
  panel.webview.onDidReceiveMessage((message: ToHost) => {
    if (message.type === "ready") {
      if (shown !== null) {
        post({ type: "model", model: shown });
      }
    } else {
      events.message(message);
    }
  });
  panel.onDidChangeViewState(() => {
    if (panel.active) {
      events.active();
    }
  });
  panel.onDidDispose(() => {
    open.delete(panel);
    events.closed();
  });
  panel.webview.html = page(panel.webview, extension, "view", "OptaFly");
  return {
    show(model) {
      shown = model;
      panel.title = titleOf(model);
      post({ type: "model", model });
    },
    post,
    indexed(model) {
      shown = model;
      post({ type: "index", index: model.index });
    },
    reveal: (focus) => panel.reveal(undefined, !focus),
    get active() {
      return panel.active;
    },
    get visible() {
      return panel.visible;
    },
  };
}

function titleOf(model: PanelModel): string {
  const words = model.prompt.replaceAll(/\s+/g, " ").trim();
  const letters = Array.from(new Intl.Segmenter().segment(words.slice(0, 8 * TITLE_LENGTH)), (each) => each.segment);
  const short = letters.length > TITLE_LENGTH ? `${letters.slice(0, TITLE_LENGTH).join("")}…` : words;
  return short === "" ? "OptaFly" : short;
}
