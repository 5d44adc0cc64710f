import { DEPTH, type Inline } from "./tree";

/** A run of `*` or `_` that may open or close emphasis. */
interface Delimiter {
  character: "*" | "_";
  length: number;
  opens: boolean;
  closes: boolean;
}

/** A finished node, or a run that is not decided yet. */
interface Piece {
  node: Inline | null;
  delimiter: Delimiter | null;
  depth: number;
}

const SPACE = /^$|\s/;
const MARK = /[\p{P}\p{S}]/u;

/** The pieces of a paragraph in order, and what the runs of `*` and `_` between them mean (CommonMark's rules). */
export class Emphasis {
  private pieces: Piece[] = [];

  /** How many pieces there are. */
  get length(): number {
    return this.pieces.length;
  }

  /** Adds a finished node. */
  add(node: Inline): void {
    this.pieces.push({ node, delimiter: null, depth: 0 });
  }

  /** Adds a run, with the characters on both sides of it. */
  delimiter(character: "*" | "_", length: number, before: string, after: string): void {
    const left = !SPACE.test(after) && (!MARK.test(after) || SPACE.test(before) || MARK.test(before));
    const right = !SPACE.test(before) && (!MARK.test(before) || SPACE.test(after) || MARK.test(after));
    const inWord = character === "_";
    const opens = left && (!inWord || !right || MARK.test(before));
    const closes = right && (!inWord || !left || MARK.test(after));
    this.pieces.push({ node: null, delimiter: { character, length, opens, closes }, depth: 0 });
  }

  /** Forgets the pieces from here on. */
  cut(from: number): void {
    this.pieces.length = from;
  }

  /** The nodes from here on, with every run decided. */
  resolve(from: number): Inline[] {
    const done: Piece[] = [];
    const openers: number[] = [];
    // Below these places there is no opener for a closer of this kind: without them, looking back would take n² steps.
    const bottom = new Map<string, number>();
    for (const piece of this.pieces.slice(from)) {
      const run = piece.delimiter;
      if (run?.closes) closeAll(run, done, openers, bottom);
      if (run && run.length === 0) continue;
      if (run?.opens) openers.push(done.length);
      done.push(piece);
    }
    return joined(done);
  }
}

/** Lets a closing run take as many openers as it can. */
function closeAll(run: Delimiter, done: Piece[], openers: number[], bottom: Map<string, number>): void {
  const kind = `${run.character}${run.opens}${run.length % 3}`;
  while (run.length > 0) {
    const at = openerFor(run, done, openers, bottom.get(kind) ?? -1);
    if (at === null) {
      bottom.set(kind, openers.at(-1) ?? -1);
      return;
    }
    wrap(run, done, openers, at);
  }
}

/** The nearest run before it that this one closes: its place among the openers. */
function openerFor(run: Delimiter, done: Piece[], openers: number[], bottom: number): number | null {
  for (let at = openers.length - 1; at >= 0; at -= 1) {
    const place = openers[at] ?? -1;
    if (place <= bottom) return null;
    const opener = done[place]?.delimiter;
    if (!opener || opener.character !== run.character) continue;
    const odd = (opener.closes || run.opens) && (opener.length + run.length) % 3 === 0;
    if (!odd || (opener.length % 3 === 0 && run.length % 3 === 0)) return at;
  }
  return null;
}

/** Puts everything after the opener into one node, and takes the used marks from both runs. */
function wrap(run: Delimiter, done: Piece[], openers: number[], at: number): void {
  const place = openers[at] ?? 0;
  const opener = done[place]?.delimiter;
  if (!opener) return;
  const used = opener.length >= 2 && run.length >= 2 ? 2 : 1;
  const inner = done.splice(place + 1);
  openers.length = at + 1;
  opener.length -= used;
  run.length -= used;
  const depth = 1 + inner.reduce((deepest, piece) => Math.max(deepest, piece.depth), 0);
  if (opener.length === 0) {
    done.pop();
    openers.pop();
  }
  if (depth > DEPTH) return void done.push(...asTyped(inner, opener.character.repeat(used)));
  done.push({
    node: { type: used === 2 ? "strong" : "em", children: joined(inner) },
    delimiter: null,
    depth,
  });
}

/** Too deep: the marks stay marks. */
function asTyped(inner: readonly Piece[], marks: string): Piece[] {
  const mark: Piece = { node: { type: "text", text: marks }, delimiter: null, depth: 0 };
  const node: Inline[] = joined([mark, ...inner, mark]);
  const depth = inner.reduce((deepest, piece) => Math.max(deepest, piece.depth), 0);
  return node.map((one) => ({ node: one, delimiter: null, depth: "children" in one ? depth : 0 }));
}

/** The pieces as nodes: runs left over are text, texts side by side are one. */
function joined(pieces: readonly Piece[]): Inline[] {
  const nodes: Inline[] = [];
  for (const { node, delimiter } of pieces) {
    const next = node ?? { type: "text", text: delimiter?.character.repeat(delimiter.length) ?? "" };
    const last = nodes.at(-1);
    if (next.type === "text" && last?.type === "text")
      nodes[nodes.length - 1] = { type: "text", text: last.text + next.text };
    else nodes.push(next);
  }
  return nodes;
}
