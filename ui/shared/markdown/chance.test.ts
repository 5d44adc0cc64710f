import { expect, it } from "vitest";
import { parseMarkdown, plainLine } from "./parse";
import { type Block, DEPTH, type Inline } from "./tree";

/** Tries, and how `cargo xtask prove` asks for more and for a run once more. */
const tries = process.env.DESKBELL_EFFORT === "long" ? 200_000 : 2_000;
const seed = BigInt(process.env.DESKBELL_SEED ?? Date.now());

const PIECES = [
  ..."*_`~[]()<>!#>-+.1 \n\t\\|&@:/",
  "**",
  "__",
  "```\n",
  "> ",
  "- ",
  "1. ",
  "  ",
  "[a](",
  "https://host.example/a_(b)",
  "http://",
  "www.",
  "a@b.example",
  "javascript:alert(1)",
  "data:text/html,x",
  "//host/share",
  "https://user@host.example",
  "[https://bank.example](https://evil.example)",
  "<img src=x onerror=alert(1)>",
  "<script>",
  "&lt;",
  "\u202e",
  "\u2066",
  "\0",
  "\u2028",
  "😀",
  "word",
  "ſ",
];

/** SplitMix64, as `crates/testing/src/random.rs` has it. */
function numbers(from: bigint): (below: number) => number {
  let state = from;
  const whole = (value: bigint) => BigInt.asUintN(64, value);
  return (below) => {
    state = whole(state + 0x9e3779b97f4a7c15n);
    let mixed = state;
    mixed = whole((mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n);
    mixed = whole((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
    return Number((mixed ^ (mixed >> 31n)) % BigInt(below));
  };
}

const BLOCKS = ["p", "pre", "ul", "ol", "blockquote"];
const INLINES = ["text", "code", "strong", "em", "a", "br"];

function check(nodes: readonly (Block | Inline)[], known: readonly string[], depth: number): void {
  expect(depth).toBeLessThan(4 * DEPTH);
  for (const node of nodes) {
    expect(known).toContain(node.type);
    if (node.type === "a") expect(node.link.url).toMatch(/^(https?:\/\/[^/@\s]+|mailto:[^?\s]+@)/);
    if ("items" in node) for (const item of node.items) check(item, BLOCKS, depth + 1);
    if ("children" in node) check(node.children, node.type === "blockquote" ? BLOCKS : INLINES, depth + 1);
  }
}

/** INP-02, INP-03, INP-07 */
it("whatever is typed becomes one of the known nodes, and links lead to the web or a mailbox", () => {
  const below = numbers(BigInt.asUintN(64, seed));
  for (let tried = 0; tried < tries; tried += 1) {
    const text = Array.from({ length: below(40) }, () => PIECES[below(PIECES.length)]).join("");
    try {
      check(parseMarkdown(text), BLOCKS, 0);
      expect(plainLine(text)).not.toMatch(/[\n\u202a-\u202e\u2066-\u2069]/);
    } catch (cause) {
      throw new Error(`DESKBELL_SEED=${seed}, ${JSON.stringify(text)}`, { cause });
    }
  }
}, 600_000);
