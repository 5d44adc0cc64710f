import { linkOf, textMisleads } from "../link";
import { Emphasis } from "./emphasis";
import { type Inline, inlineText } from "./tree";

const ADDRESS = /(?:https?:\/\/|www\.)[^\s<>"`|\\^{}[\]\u0000-\u001f]{1,2040}/iy;
const MAIL =
  /[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}@[A-Za-z0-9][A-Za-z0-9-]{0,62}(?:\.[A-Za-z0-9][A-Za-z0-9-]{0,62})+/y;
const WORD = /[\p{L}\p{N}]/u;
/** Parentheses inside an address may nest this deep. */
const PARENTHESES = 4;

/** What stands in a paragraph's text. Each character is looked at a bounded number of times. */
export function parseInlines(text: string): Inline[] {
  return new Scanner(text).inlines();
}

/** An open `[`: where the pieces after it begin. */
interface Bracket {
  piece: number;
  image: boolean;
}

class Scanner {
  private at = 0;
  private typed = "";
  private readonly pieces = new Emphasis();
  private brackets: Bracket[] = [];

  constructor(private readonly text: string) {}

  inlines(): Inline[] {
    while (this.at < this.text.length) this.step();
    this.keep();
    return this.pieces.resolve(0);
  }

  private step(): void {
    const character = this.text.charAt(this.at);
    if (character === "\n") this.add({ type: "br" }, 1);
    else if (character === "`") this.code();
    else if (character === "*" || character === "_") this.emphasis(character);
    else if (character === "[") this.open(false);
    else if (character === "!" && this.text.charAt(this.at + 1) === "[") this.open(true);
    else if (character === "]") this.close();
    else if (!this.address() && !this.mail()) this.take(1);
  }

  /** These characters are text. */
  private take(count: number): void {
    this.typed += this.text.slice(this.at, this.at + count);
    this.at += count;
  }

  private keep(): void {
    if (this.typed !== "") this.pieces.add({ type: "text", text: this.typed });
    this.typed = "";
  }

  private add(node: Inline, length: number): void {
    this.keep();
    this.pieces.add(node);
    this.at += length;
  }

  private run(character: string, from: number): number {
    let to = from;
    while (this.text.charAt(to) === character) to += 1;
    return to - from;
  }

  private code(): void {
    const ticks = this.run("`", this.at);
    const from = this.at + ticks;
    const to = this.closingTicks(ticks, from);
    if (to === null) return this.take(ticks);
    const inside = this.text.slice(from, to).replaceAll("\n", " ");
    const padded = /^ .*[^ ].* $/.test(inside) || /^ [^ ] $/.test(inside);
    this.add({ type: "code", text: padded ? inside.slice(1, -1) : inside }, to + ticks - this.at);
  }

  /** Looks to the end in vain once for each length of a run, of which few fit into a text. */
  private closingTicks(ticks: number, from: number): number | null {
    for (let at = this.text.indexOf("`", from); at >= 0;) {
      const length = this.run("`", at);
      if (length === ticks) return at;
      at = this.text.indexOf("`", at + length);
    }
    return null;
  }

  private emphasis(character: "*" | "_"): void {
    const length = this.run(character, this.at);
    const before = this.text.charAt(this.at - 1);
    const after = this.text.charAt(this.at + length);
    this.keep();
    this.pieces.delimiter(character, length, before, after);
    this.at += length;
  }

  private open(image: boolean): void {
    this.keep();
    this.brackets.push({ piece: this.pieces.length, image });
    this.pieces.add({ type: "text", text: image ? "![" : "[" });
    this.at += image ? 2 : 1;
  }

  /** `](address)` makes a link of everything since the `[`; without an address both are text. */
  private close(): void {
    const bracket = this.brackets.pop();
    const destination = bracket && this.destination(this.at + 1);
    const link = destination && !bracket.image ? linkOf(destination.address) : null;
    if (!bracket || !destination || !link) return this.take(1);
    this.keep();
    const children = withoutLinks(this.pieces.resolve(bracket.piece + 1));
    this.pieces.cut(bracket.piece);
    const shown = inlineText(children).trim() === "" ? [{ type: "text", text: link.url } as const] : children;
    this.add({ type: "a", link, misleading: textMisleads(inlineText(shown), link), children: shown }, 0);
    this.at = destination.end;
    this.brackets = [];
  }

  /** The address in parentheses at this place, and where it ends. */
  private destination(from: number): { address: string; end: number } | null {
    if (this.text.charAt(from) !== "(") return null;
    let depth = 0;
    for (let at = from; at < this.text.length; at += 1) {
      const character = this.text.charAt(at);
      if (/[\s<>]/.test(character)) return null;
      if (character === "(") depth += 1;
      if (character === ")") depth -= 1;
      if (depth > PARENTHESES) return null;
      if (depth === 0) return { address: this.text.slice(from + 1, at), end: at + 1 };
    }
    return null;
  }

  /** `https://…` and `www.…` by themselves. */
  private address(): boolean {
    const first = this.text.charAt(this.at);
    if (!/[hHwW]/.test(first) || WORD.test(this.text.charAt(this.at - 1))) return false;
    ADDRESS.lastIndex = this.at;
    const found = ADDRESS.exec(this.text)?.[0];
    if (found === undefined) return false;
    const shown = withoutTail(found);
    const link = linkOf(/^www\./i.test(shown) ? `https://${shown}` : shown);
    if (!link || !/[.:\]]|localhost/.test(link.host)) this.take(found.length);
    else
      this.add(
        { type: "a", link, misleading: false, children: [{ type: "text", text: shown }] },
        shown.length,
      );
    return true;
  }

  /** `name@host.example` by itself. */
  private mail(): boolean {
    if (/[\p{L}\p{N}.+_@/-]/u.test(this.text.charAt(this.at - 1))) return false;
    MAIL.lastIndex = this.at;
    const shown = MAIL.exec(this.text)?.[0];
    const link = shown ? linkOf(`mailto:${shown}`) : null;
    if (!shown || !link) return false;
    this.add({ type: "a", link, misleading: false, children: [{ type: "text", text: shown }] }, shown.length);
    return true;
  }
}

/** An address without the punctuation of the sentence it stands in. */
function withoutTail(address: string): string {
  let end = address.length;
  let open = count(address, "(") - count(address, ")");
  for (; end > 0; end -= 1) {
    const last = address.charAt(end - 1);
    if (last === ")" && open < 0) open += 1;
    else if (!/[?!.,:;*_~']/.test(last)) break;
  }
  return address.slice(0, end);
}

const count = (text: string, character: string) => text.split(character).length - 1;

/** A link's text: addresses in it are text, so that one link leads to one place. */
function withoutLinks(nodes: readonly Inline[]): Inline[] {
  return nodes.flatMap((node): Inline[] => {
    if (node.type === "a") return withoutLinks(node.children);
    return node.type === "strong" || node.type === "em"
      ? [{ ...node, children: withoutLinks(node.children) }]
      : [node];
  });
}
