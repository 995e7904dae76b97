// What the panel's two sides say to each other.
import type { PanelModel } from "./model";

export type ToView =
  | { readonly type: "model"; readonly model: PanelModel }
  | { readonly type: "delta"; readonly text: string }
  | { readonly type: "edit" };

export type ToHost =
  | { readonly type: "ready" }
  | { readonly type: "accept" }
  | { readonly type: "original" }
  | { readonly type: "discard" }
  | { readonly type: "reuse"; readonly entryId: string }
  | { readonly type: "refuse"; readonly entryId: string }
  | { readonly type: "regenerate" }
  | { readonly type: "wrong" }
  | { readonly type: "switch"; readonly without: readonly string[] }
  | { readonly type: "editing"; readonly on: boolean }
  | { readonly type: "edited"; readonly text: string }
  | { readonly type: "answerQuestion"; readonly text: string }
  | { readonly type: "cancel" }
  | { readonly type: "again" }
  | { readonly type: "setKey" }
  | { readonly type: "showLogs" }
  | { readonly type: "openPiece"; readonly index: number }
  | { readonly type: "copy"; readonly text: string }
  | { readonly type: "insert"; readonly text: string }
  | { readonly type: "apply"; readonly text: string }
  | { readonly type: "link"; readonly href: string };
