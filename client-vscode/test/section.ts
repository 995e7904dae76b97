// The code of a prompt as a page of its own draws it, and what a person did there.
import type { Proposal } from "../src/protocol";
import { loading, withProposal, type PanelModel } from "../src/shared/model";
import { fill, h } from "../view/dom";
import { PieceGrid } from "../view/grid";
import { codeSection } from "../view/pieces";
import { codeActions } from "./fakes";
import { proposal } from "./samples";

export let said: string[] = [];
export let grid: PieceGrid;
export const root = h("main");
export const add = h("input", { id: "add-code" });
export const actions = codeActions((words) => said.push(words));

/** Begin with an empty page, on which nothing was done. */
export function begin(): void {
  said = [];
  document.body.replaceChildren(root);
  grid = new PieceGrid(actions);
}

export function model(changed: Partial<Proposal> = {}, also: Partial<PanelModel> = {}): PanelModel {
  return { ...withProposal(loading(""), proposal(changed)), ...also };
}

export function draw(shown: PanelModel, live = true): HTMLElement {
  fill(root, codeSection(shown, live, grid, add, actions));
  return root;
}

export const focused = (): string => document.activeElement?.id ?? "";
