import { describe, expect, it } from "vitest";
import { parseMarkdown } from "$shared/markdown/parse";
import { LIMIT_BYTES, bytesLeft, requestText } from "./request";

describe("a request's text", () => {
  it("is what was written when nothing is attached", () => {
    expect(requestText("  My screen flickers.\n", null)).toBe("My screen flickers.");
  });

  it("has the check as a block of its own, whatever is in it", () => {
    const report = "Fine: Server. help.example answers.\n```\n# not a heading ````";
    const tree = parseMarkdown(requestText("It is slow.", report));
    expect(tree.map((block) => block.type)).toEqual(["p", "pre"]);
    expect(tree[1]).toEqual({ type: "pre", text: report });
  });

  it("is measured in bytes, as the server does", () => {
    expect(bytesLeft("ä".repeat(10))).toBe(LIMIT_BYTES - 20);
  });
});
