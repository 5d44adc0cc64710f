import { withoutDirection } from "../link";
import { parseBlocks } from "./blocks";
import { type Block, inlineText } from "./tree";

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
