// Markdown as nodes, built from markdown-it's tokens: HTML in it stays text, images stay their words, and only http(s)
// links are links.
import MarkdownIt from "markdown-it";
import type Token from "markdown-it/lib/token.mjs";
import { h, type Child } from "./dom";

export interface MarkdownActions {
  link(href: string): void;
  /** The buttons above a block of code. */
  codeButtons(code: string): readonly HTMLElement[];
}

const parser = new MarkdownIt({ html: false, linkify: false, typographer: false });

const TAGS: Readonly<Record<string, string>> = {
  paragraph: "p",
  bullet_list: "ul",
  list_item: "li",
  blockquote: "blockquote",
  table: "table",
  thead: "thead",
  tbody: "tbody",
  tr: "tr",
  th: "th",
  td: "td",
  em: "em",
  strong: "strong",
  s: "s",
};

/** One top-level block: its source, by which an unchanged one is known again, and its tokens. */
export interface Block {
  readonly source: string;
  readonly tokens: readonly Token[];
}

/** Split a text into its top-level blocks. */
export function blocksOf(text: string): readonly Block[] {
  const lines = text.split("\n");
  const blocks: Block[] = [];
  let tokens: Token[] = [];
  for (const token of parser.parse(text, {})) {
    tokens.push(token);
    if (token.level === 0 && token.nesting !== 1) {
      const [from, to] = tokens[0]?.map ?? [0, 0];
      blocks.push({ source: lines.slice(from, to).join("\n"), tokens });
      tokens = [];
    }
  }
  return blocks;
}

/** The nodes of one block. */
export function nodesOf(tokens: readonly Token[], actions: MarkdownActions): readonly Node[] {
  const root = h("div");
  let parent = root;
  for (const token of tokens) {
    if (token.nesting === 1) {
      const child = opened(token, actions);
      parent.append(child);
      parent = child;
    } else if (token.nesting === -1) {
      parent = parent.parentElement ?? root;
    } else {
      const child = leaf(token, actions);
      parent.append(...child);
    }
  }
  return [...root.childNodes];
}

function opened(token: Token, actions: MarkdownActions): HTMLElement {
  const kind = token.type.replace(/_open$/, "");
  if (kind === "heading") {
    return h(`h${Math.min(6, Number(token.tag.slice(1)) + 1)}`, { dir: "auto" });
  }
  if (kind === "ordered_list") {
    return h("ol", { start: token.attrGet("start") ?? undefined });
  }
  if (kind === "link") {
    return link(token.attrGet("href") ?? "", actions);
  }
  if (kind === "paragraph" && token.hidden) {
    return h("span", { dir: "auto" });
  }
  return h(TAGS[kind] ?? "span", kind === "paragraph" || kind === "list_item" ? { dir: "auto" } : {});
}

function link(href: string, actions: MarkdownActions): HTMLElement {
  if (!/^https?:\/\//i.test(href)) {
    return h("span");
  }
  return h("a", {
    href,
    title: href,
    onclick: (event) => {
      event.preventDefault();
      actions.link(href);
    },
  });
}

function leaf(token: Token, actions: MarkdownActions): readonly (Node | string)[] {
  switch (token.type) {
    case "inline":
      return nodesOf(token.children ?? [], actions);
    case "fence":
    case "code_block":
      return [code(token.content.replace(/\n$/, ""), token.info.trim().split(/\s+/)[0] ?? "", actions)];
    case "code_inline":
      return [h("code", {}, token.content)];
    case "softbreak":
      return ["\n"];
    case "hardbreak":
      return [h("br")];
    case "hr":
      return [h("hr")];
    default:
      return token.content === "" ? [] : [token.content];
  }
}

function code(text: string, language: string, actions: MarkdownActions): HTMLElement {
  const buttons: readonly Child[] = actions.codeButtons(text);
  return h(
    "figure",
    { class: "code", "aria-label": language === "" ? "Code" : `Code, ${language}` },
    h("figcaption", {}, h("span", { class: "language" }, language), h("span", { class: "buttons" }, ...buttons)),
    h("pre", { tabindex: 0 }, h("code", {}, text)),
  );
}

/** Shows a text that grows: blocks that did not change keep their nodes, so that a selection and the reader's place stay. */
export class Growing {
  private shown: { source: string; nodes: readonly Node[] }[] = [];

  constructor(
    private readonly parent: HTMLElement,
    private readonly actions: MarkdownActions,
  ) {}

  /** Show `text`. Returns the sources of the blocks that are finished now and were not before. */
  show(text: string, finished: boolean): readonly string[] {
    const blocks = blocksOf(text);
    const before = this.shown;
    let same = 0;
    while (same < before.length && before[same]?.source === blocks[same]?.source) {
      same += 1;
    }
    for (const { nodes } of before.slice(same)) {
      nodes.forEach((node) => node.parentNode?.removeChild(node));
    }
    const added = blocks.slice(same).map(({ source, tokens }) => ({ source, nodes: nodesOf(tokens, this.actions) }));
    added.forEach(({ nodes }) => this.parent.append(...nodes));
    this.shown = [...before.slice(0, same), ...added];
    const done = (list: readonly { source: string }[], all: boolean): number => (all ? list.length : list.length - 1);
    return this.shown
      .slice(Math.max(0, done(before, false)), Math.max(0, done(this.shown, finished)))
      .map((b) => b.source);
  }
}
