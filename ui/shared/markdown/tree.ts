import type { Link } from "../link";

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

/** The text of a piece of a tree. */
export function inlineText(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => (node.type === "br" ? " " : "children" in node ? inlineText(node.children) : node.text))
    .join("");
}
