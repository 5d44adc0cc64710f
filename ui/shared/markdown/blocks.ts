import { parseInlines } from "./inlines";
import { type Block, DEPTH } from "./tree";

const FENCE = /^ {0,3}(`{3,}|~{3,})[^`]*$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,3}(?:[-*+]|(\d{1,9})[.)]) {1,4})(?=\S)/;

/** The blocks of some lines. Nesting is bounded, so every line is looked at a bounded number of times. */
export function parseBlocks(lines: readonly string[], depth: number): Block[] {
  return new Lines(lines, depth).blocks();
}

/** Walks down the lines once. */
class Lines {
  private at = 0;

  constructor(
    private readonly lines: readonly string[],
    private readonly depth: number,
  ) {}

  blocks(): Block[] {
    const found: Block[] = [];
    while (this.at < this.lines.length) {
      const line = this.line();
      if (line === "") this.at += 1;
      else if (FENCE.test(line)) found.push(this.fenced());
      else if (this.depth < DEPTH && QUOTE.test(line)) found.push(this.quote());
      else if (this.depth < DEPTH && ITEM.test(line)) found.push(this.list());
      else found.push(this.paragraph());
    }
    return found;
  }

  private line(): string {
    return this.lines[this.at] ?? "";
  }

  /** From the fence to one at least as long, or to the end. */
  private fenced(): Block {
    const mark = FENCE.exec(this.line())?.[1] ?? "```";
    const from = (this.at += 1);
    const closes = (line: string) => {
      const text = line.trim();
      return text.length >= mark.length && text === mark.charAt(0).repeat(text.length);
    };
    while (this.at < this.lines.length && !closes(this.line())) this.at += 1;
    const text = this.lines.slice(from, this.at).join("\n");
    this.at += 1;
    return { type: "pre", text };
  }

  private quote(): Block {
    const inner: string[] = [];
    for (; this.at < this.lines.length && QUOTE.test(this.line()); this.at += 1)
      inner.push(this.line().replace(QUOTE, ""));
    return { type: "blockquote", children: parseBlocks(inner, this.depth + 1) };
  }

  private list(): Block {
    const number = ITEM.exec(this.line())?.[2];
    const items: Block[][] = [];
    for (let next = ITEM.exec(this.line()); next; next = ITEM.exec(this.line())) {
      if ((next[2] === undefined) !== (number === undefined)) break;
      items.push(this.item(next[1]?.length ?? 2));
    }
    return number === undefined ? { type: "ul", items } : { type: "ol", start: Number(number), items };
  }

  /** The item's own line and what is indented below it. */
  private item(indent: number): Block[] {
    const inner = [this.line().slice(indent)];
    this.at += 1;
    while (this.at < this.lines.length) {
      const belongs = this.isIndented(this.at, 2) || (this.line() === "" && this.isIndented(this.at + 1, 2));
      if (!belongs) break;
      inner.push(unindented(this.line(), indent));
      this.at += 1;
    }
    return parseBlocks(inner, this.depth + 1);
  }

  private isIndented(at: number, by: number): boolean {
    const line = this.lines[at] ?? "";
    return /^[ \t]/.test(line) && (line.startsWith("\t") || line.length - line.trimStart().length >= by);
  }

  private paragraph(): Block {
    const from = this.at;
    do this.at += 1;
    while (this.at < this.lines.length && !this.interrupts());
    return { type: "p", children: parseInlines(this.lines.slice(from, this.at).join("\n")) };
  }

  /** Whether a paragraph ends before this line. A number only begins a list inside a text when it is 1. */
  private interrupts(): boolean {
    const line = this.line();
    if (line === "" || FENCE.test(line)) return true;
    if (this.depth >= DEPTH) return false;
    const item = ITEM.exec(line);
    return QUOTE.test(line) || (item !== null && (item[2] === undefined || item[2] === "1"));
  }
}

/** A line without up to so many columns of indentation. */
function unindented(line: string, columns: number): string {
  if (line.startsWith("\t")) return line.slice(1);
  let at = 0;
  while (at < columns && line.charAt(at) === " ") at += 1;
  return line.slice(at);
}
