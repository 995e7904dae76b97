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
  /** Show what has come of the answer since. */
  streamed(model: PanelModel, text: string): void;
  /** Open the prompt for editing, as soon as the page is there. */
  edit(): void;
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
  const view = new Page(panel, events);
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
  return view;
}

/** What a panel shows. A page that loads, or is covered by another tab, hears nothing: it is told once it says that it is there. */
class Page implements PanelView {
  private shown: PanelModel | null = null;
  private editing = false;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    events: PanelEvents,
  ) {
    panel.webview.onDidReceiveMessage((message: ToHost) => {
      if (message.type === "ready") {
        this.tell();
        return;
      }
      this.editing = this.editing && message.type !== "editing"; // begun, or given up
      events.message(message);
    });
  }

  get active(): boolean {
    return this.panel.active;
  }

  get visible(): boolean {
    return this.panel.visible;
  }

  show(model: PanelModel): void {
    this.shown = model;
    this.panel.title = titleOf(model);
    this.post({ type: "model", model });
  }

  post(message: ToView): void {
    void this.panel.webview.postMessage(message);
  }

  indexed(model: PanelModel): void {
    this.shown = model;
    this.post({ type: "index", index: model.index });
  }

  streamed(model: PanelModel, text: string): void {
    this.shown = model;
    this.post({ type: "delta", text });
  }

  edit(): void {
    this.editing = true;
    this.post({ type: "edit" });
  }

  reveal(focus: boolean): void {
    this.panel.reveal(undefined, !focus);
  }

  private tell(): void {
    if (this.shown !== null) {
      this.post({ type: "model", model: this.shown });
    }
    if (this.editing) {
      this.post({ type: "edit" });
    }
  }
}

function titleOf(model: PanelModel): string {
  const words = model.prompt.replaceAll(/\s+/g, " ").trim();
  const letters = Array.from(new Intl.Segmenter().segment(words.slice(0, 8 * TITLE_LENGTH)), (each) => each.segment);
  const short = letters.length > TITLE_LENGTH ? `${letters.slice(0, TITLE_LENGTH).join("")}…` : words;
  return short === "" ? "OptaFly" : short;
}
