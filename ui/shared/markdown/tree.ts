import { withoutDirection, type Link } from "../link";
import { parseBlocks } from "./blocks";

/** What a text is shown as. Nothing else exists: no markup, no image, no heading. */
export type Block =
  | { type: "p"; children: Inline[] }
  | { type: "pre"; text: string }
  | { type: "ul"; items: Block[][] }
  | { type: "ol"; start: number; items: Block[][] }
  | { type: "blockquote"; children: Block[] };

/** What stands inside a paragraph. */
export type Inline =
  | { type: "text"; text: string }
  | { type: "code"; text: string }
  | { type: "strong"; children: Inline[] }
  | { type: "em"; children: Inline[] }
  | { type: "a"; link: Link; misleading: boolean; children: Inline[] }
  | { type: "br" };

/** Deeper nesting than this is shown as it was typed. */
export const DEPTH = 8;

/**
 * The tree of a Markdown text, without direction marks. The time it takes grows with the length only,
 * whatever comes; what has no place in the tree (raw HTML, images, headings) is shown as it was typed.
 */
export function parseMarkdown(source: string): Block[] {
  const lines = withoutDirection(source)
    .replace(/\r\n?/g, "\n")
    .split("\n")
    .map((line) => line.trimEnd());
  return parseBlocks(lines, 0);
}

/** The text of a piece of a tree. */
export function inlineText(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => (node.type === "br" ? " " : "children" in node ? inlineText(node.children) : node.text))
    .join("");
}

/** A text on one line without its marks, for lists, titles and reading aloud. */
export function plainLine(source: string, longest = 200): string {
  const blocks = parseMarkdown(source.slice(0, 4 * longest));
  const line = blocks.map(blockText).join(" ").replace(/\s+/g, " ").trim();
  return line.length > longest ? `${line.slice(0, longest - 1).trimEnd()}…` : line;
}

function blockText(block: Block): string {
  if (block.type === "p") return inlineText(block.children);
  if (block.type === "pre") return block.text;
  return (block.type === "blockquote" ? block.children : block.items.flat()).map(blockText).join(" ");
}
