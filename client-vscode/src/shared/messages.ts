// What the panel's two sides say to each other.
import type { CompleteItem, IndexStatus, MentionKind } from "../protocol";
import type { PanelModel } from "./model";

export type ToView =
  | { readonly type: "model"; readonly model: PanelModel }
  | { readonly type: "delta"; readonly text: string }
  | { readonly type: "edit" }
  | { readonly type: "index"; readonly index: IndexStatus | null }
  | { readonly type: "completions"; readonly request: number; readonly found: Completions };

/** What may be meant by the beginning of a name; `problem` says why nothing could be asked. */
export interface Completions {
  readonly items: readonly CompleteItem[];
  readonly complete: boolean;
  readonly problem: string | null;
}

/** What becomes of a bit of code: `unpin` takes back a pin, `back` puts back what was taken out. */
export type CodeChange = "pin" | "unpin" | "remove" | "back";

export type ToHost =
  | { readonly type: "ready" }
  | { readonly type: "focused" }
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
  | { readonly type: "lookAgain" }
  | { readonly type: "answerQuestion"; readonly text: string }
  | { readonly type: "cancel" }
  | { readonly type: "again" }
  | { readonly type: "follow" }
  | { readonly type: "rewrite" }
  | { readonly type: "setKey" }
  | { readonly type: "showLogs" }
  | { readonly type: "resumeIndexing" }
  | { readonly type: "code"; readonly change: CodeChange; readonly name: string; readonly label: string }
  | {
      readonly type: "complete";
      readonly request: number;
      readonly kinds: readonly MentionKind[];
      readonly text: string;
    }
  | { readonly type: "addOpen" }
  | { readonly type: "openPiece"; readonly index: number }
  | { readonly type: "openPath"; readonly path: string; readonly line: number | null }
  | { readonly type: "copy"; readonly text: string }
  | { readonly type: "insert"; readonly text: string }
  | { readonly type: "apply"; readonly text: string }
  | { readonly type: "link"; readonly href: string };
