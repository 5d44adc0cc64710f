import { describe, expect, it } from "vitest";
import { parseMarkdown, plainLine } from "./parse";
import type { Block, Inline } from "./tree";

/** The tree written shortly: `p(a strong(b) a<https://x/>(c))`. */
function brief(nodes: readonly (Block | Inline)[]): string {
  return nodes.map(one).join("");
}
function one(node: Block | Inline): string {
  switch (node.type) {
    case "text":
      return node.text;
    case "br":
      return "⏎";
    case "code":
    case "pre":
      return `${node.type}{${node.text}}`;
    case "a":
      return `a<${node.link.url}>(${brief(node.children)})`;
    case "ul":
      return `ul(${node.items.map((item) => `li(${brief(item)})`).join("")})`;
    case "ol":
      return `ol${node.start}(${node.items.map((item) => `li(${brief(item)})`).join("")})`;
    default:
      return `${node.type}(${brief(node.children)})`;
  }
}
const tree = (text: string) => brief(parseMarkdown(text));

describe("emphasis", () => {
  it.each([
    ["**bold** and *italic*", "p(strong(bold) and em(italic))"],
    ["__bold__ and _italic_", "p(strong(bold) and em(italic))"],
    ["***both***", "p(em(strong(both)))"],
    ["**bold *and italic***", "p(strong(bold em(and italic)))"],
    ["*a **b** c*", "p(em(a strong(b) c))"],
    ["2 * 3 * 4", "p(2 * 3 * 4)"],
    ["file_name_here.txt", "p(file_name_here.txt)"],
    ["**open", "p(**open)"],
    ["a*b*c", "p(aem(b)c)"],
    ["**", "p(**)"],
    ["*a**b*", "p(em(a**b))"],
  ])("%s", (text, wanted) => expect(tree(text)).toBe(wanted));
});

describe("code", () => {
  it.each([
    ["`ipconfig /all`", "p(code{ipconfig /all})"],
    ["`` a ` b ``", "p(code{a ` b})"],
    ["`open", "p(`open)"],
    ["`**not bold**`", "p(code{**not bold**})"],
    ["```\nping 1\n  ping 2\n```\nafter", "pre{ping 1\n  ping 2}p(after)"],
    ["```\nnever closed", "pre{never closed}"],
    ["~~~\na\n~~~", "pre{a}"],
  ])("%j", (text, wanted) => expect(tree(text)).toBe(wanted));
});

describe("blocks", () => {
  it.each([
    ["one\ntwo\n\nthree", "p(one⏎two)p(three)"],
    ["- a\n- b\n  - c\n- d", "ul(li(p(a))li(p(b)ul(li(p(c))))li(p(d)))"],
    ["3. a\n4. b", "ol3(li(p(a))li(p(b)))"],
    ["- a\n1. b", "ul(li(p(a)))ol1(li(p(b)))"],
    ["Do:\n1. this\n2. that", "p(Do:)ol1(li(p(this))li(p(that)))"],
    ["in\n1986. It", "p(in⏎1986. It)"],
    ["> quoted\n> more\nanswer", "blockquote(p(quoted⏎more))p(answer)"],
    ["> > twice", "blockquote(blockquote(p(twice)))"],
    ["", ""],
    ["  \n\n ", ""],
    ["-", "p(-)"],
    ["a\r\nb\rc", "p(a⏎b⏎c)"],
  ])("%j", (text, wanted) => expect(tree(text)).toBe(wanted));
});

describe("what there is no place for is shown as typed", () => {
  it.each([
    ["# Title", "p(# Title)"],
    ["a\n---\nb", "p(a⏎---⏎b)"],
    ["<b>x</b><script>alert(1)</script>", "p(<b>x</b><script>alert(1)</script>)"],
    ["<img src=x onerror=alert(1)>", "p(<img src=x onerror=alert(1)>)"],
    [
      "![alt](https://host.example/x.png)",
      "p(![alt](a<https://host.example/x.png>(https://host.example/x.png)))",
    ],
    ["&lt;&amp;&#x41;", "p(&lt;&amp;&#x41;)"],
    ["\\\\server\\share\\*", "p(\\\\server\\share\\*)"],
    ["|a|b|\n|-|-|", "p(|a|b|⏎|-|-|)"],
    ["[a]: https://host.example\n[a]", "p([a]: a<https://host.example/>(https://host.example)⏎[a])"],
  ])("%j makes nothing of its own", (text, wanted) => expect(tree(text)).toBe(wanted));
});

describe("links", () => {
  it.each([
    ["[text](https://host.example/a)", "p(a<https://host.example/a>(text))"],
    ["[**bold** text](https://host.example)", "p(a<https://host.example/>(strong(bold) text))"],
    ["[x](https://host.example/a_(b))", "p(a<https://host.example/a_(b)>(x))"],
    ["[x](javascript:alert(1))", "p([x](javascript:alert(1)))"],
    ["[x](//host/share)", "p([x](//host/share))"],
    [
      "[a [b](https://b.example) c](https://c.example)",
      "p([a a<https://b.example/>(b) c](a<https://c.example/>(https://c.example)))",
    ],
    ["[https://bank.example](https://evil.example)", "p(a<https://evil.example/>(https://bank.example))"],
    ["[](https://host.example)", "p(a<https://host.example/>(https://host.example/))"],
    [
      "see https://host.example/a_b_c?x=1.",
      "p(see a<https://host.example/a_b_c?x=1>(https://host.example/a_b_c?x=1).)",
    ],
    ["(https://host.example/a)", "p((a<https://host.example/a>(https://host.example/a)))"],
    ["www.host.example", "p(a<https://www.host.example/>(www.host.example))"],
    [
      "write to ana.silva_x@host.example, please",
      "p(write to a<mailto:ana.silva_x@host.example>(ana.silva_x@host.example), please)",
    ],
    ["nothttps://host.example", "p(nothttps://host.example)"],
    ["https://user@host.example", "p(https://user@host.example)"],
    ["<https://host.example>", "p(<a<https://host.example/>(https://host.example)>)"],
  ])("%s leads where its address says, or nowhere", (text, wanted) => expect(tree(text)).toBe(wanted));

  it("with a text that names another host is marked", () => {
    const [paragraph] = parseMarkdown("[https://bank.example](https://evil.example)");
    expect(paragraph).toMatchObject({ children: [{ type: "a", misleading: true }] });
  });

  it("are not turned around: direction marks are gone", () => {
    expect(tree("a\u202Eb\u2066c https://host.example/\u202Ex")).toBe(
      "p(abc a<https://host.example/x>(https://host.example/x))",
    );
  });
});

describe("nesting", () => {
  const deepest = (nodes: readonly object[]): number =>
    nodes.reduce<number>((most, node) => {
      const inside =
        "children" in node
          ? (node.children as object[])
          : "items" in node
            ? (node.items as object[][]).flat()
            : [];
      return Math.max(most, 1 + deepest(inside));
    }, 0);

  it.each([
    "> ".repeat(3000) + "x",
    "- ".repeat(3000) + "x",
    "*a ".repeat(3000) + "b*".repeat(3000),
    "**a *b ".repeat(500) + "c* d**".repeat(500),
  ])("stays shallow whatever is typed: %#", (text) => expect(deepest(parseMarkdown(text))).toBeLessThan(32));
});

/** INP-06 */
describe("16 KiB of anything", () => {
  const bytes = 16 * 1024;
  const units = [
    "[",
    "]",
    "*",
    "_",
    ">",
    "> ",
    "`",
    "``a`",
    "![",
    "[a](",
    "](",
    "(",
    "a **a *a ",
    "*a_ ",
    " * a",
    "- a\n",
    "> a\n",
    "1. a\n",
    "a\n",
    "\n",
    "\t",
    " ",
    "http://",
    "https://a.b/((",
    "www.a",
    "a@b.c ",
    "a.",
    "a_",
    "a@",
    "<a ",
    "```\n",
    "|a|b|\n",
    "[[a]] ",
    "\\",
    "&",
    "\u202e",
    "😀*",
    "[a](https://a.b) ",
    "- > ",
    "**a**",
  ];
  it.each(units)("%j is shown without delay", (unit) => {
    expectNoDelay(unit.repeat(Math.ceil(bytes / unit.length)).slice(0, bytes));
  });

  it("backticks, each time one more, are shown without delay", () => {
    const runs = Array.from({ length: 180 }, (_, ticks) => `${"`".repeat(ticks)}a`);
    expectNoDelay(runs.join("").slice(0, bytes));
  });

  function expectNoDelay(text: string) {
    parseMarkdown(text.slice(0, 500));
    const times = [0, 1, 2].map(() => {
      const began = performance.now();
      parseMarkdown(text);
      return performance.now() - began;
    });
    expect(Math.min(...times), `took ${times.map(Math.round).join(", ")} ms`).toBeLessThan(50);
  }
});

describe("a text on one line", () => {
  it("has no marks and no breaks", () => {
    expect(plainLine("**Could** you\nopen\n\n- [this](https://host.example)\n- `that`")).toBe(
      "Could you open this that",
    );
  });
  it("is shortened with an ellipsis", () => {
    expect(plainLine("word ".repeat(100), 20)).toBe("word word word word…");
  });
});
