// How a bit of code is called, by the server and by a person.
import type { CompleteItem, FileHit, LeftOut, Piece } from "../protocol";

type Place = Pick<Piece, "path" | "kind" | "symbol" | "startLine" | "endLine">;

/** The name of a piece, as `RefineParams.pin` and `remove` take it. */
export function nameOf({ path, kind, symbol, startLine, endLine }: Place): string {
  if (kind === "file" || kind === "skeleton") {
    return path;
  }
  return kind === "symbol" && symbol !== null ? `${path}#${symbol}` : `${path}:${startLine}-${endLine}`;
}

/** What takes a piece out: its own name, or where there is no room for all of a pin, the pin's: else its rest would come. */
export function removalOf(piece: Piece, leftOut: readonly LeftOut[]): string {
  const { pin } = piece;
  return pin && leftOut.some((each) => each.pin === pin) ? pin : nameOf(piece);
}

/** What takes a pin back. */
export function pinOf(piece: Piece): string {
  return piece.pin ?? nameOf(piece);
}

/** The name of what was left out. */
export function nameOfLeftOut({ path, symbol }: LeftOut): string {
  return symbol === null ? path : `${path}#${symbol}`;
}

/** The name of one that words may mean: its definition, or the whole file where none is named. */
export function nameOfCandidate({ path, symbols: [first] }: FileHit): string {
  return first === undefined ? path : `${path}#${first.name}`;
}

/** The places of pieces in the order in which a person is shown them: what matters most first, each file's together. */
export function byRank(pieces: readonly Piece[]): readonly number[] {
  const best = new Map<string, number>();
  for (const { uri, rank } of pieces) {
    best.set(uri, Math.min(rank, best.get(uri) ?? rank));
  }
  const rankOf = (at: number): number => best.get(pieces[at]?.uri ?? "") ?? 0;
  return [...pieces.keys()].sort((one, other) => rankOf(one) - rankOf(other));
}

/** The folder of a path with its last slash, and the file in it. */
export function partsOf(path: string): readonly [folder: string, file: string] {
  const end = path.lastIndexOf("/") + 1;
  return [path.slice(0, end), path.slice(end)];
}

/** `:12` or `:12–40`, to stand after a path. */
export function linesOf({ startLine, endLine }: Pick<Piece, "startLine" | "endLine">): string {
  return startLine === endLine ? `:${startLine}` : `:${startLine}–${endLine}`;
}

/** The name of a root, by its path. */
export function nameOfRoot(root: string): string {
  return partsOf(root.replaceAll("\\", "/"))[1];
}

/** What there is to say of each of some names, with its folder of the workspace where they are in several. */
export function detailsOf(items: readonly Pick<CompleteItem, "root" | "detail">[]): readonly string[] {
  const several = new Set(items.map((each) => each.root)).size > 1;
  return items.map(({ root, detail }) => (several ? `${detail} · ${nameOfRoot(root)}` : detail));
}

/** The name of the file that a prompt is about, where it is in the workspace; null where there is none. */
export function openFile(uri: string | null, folders: readonly string[]): string | null {
  const place = decoded(uri ?? "");
  return folders.some((each) => place.startsWith(`${decoded(each)}/`)) ? partsOf(place)[1] : null;
}

/** The name of the workspace folder that a piece is in; "" where its address does not say. */
export function folderOf({ uri, path }: Pick<Piece, "uri" | "path">, folders: readonly string[] = []): string {
  const place = decoded(uri);
  const holding = folders.map(decoded).filter((each) => place === each || place.startsWith(`${each}/`));
  if (holding.length > 0) {
    return partsOf(holding.reduce((one, other) => (other.length > one.length ? other : one)))[1]; // the innermost
  }
  if (path === LIST) {
    return partsOf(place)[1]; // its address is the folder's
  }
  const root = place.endsWith(`/${path}`) ? place.slice(0, -path.length - 1) : "";
  return partsOf(root)[1];
}

const LIST = ".";

/** Whether a piece only lists the paths of more files: the server calls it so. */
export function isList({ path, kind }: Pick<Piece, "path" | "kind">): boolean {
  return kind === "skeleton" && path === LIST;
}

function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}
