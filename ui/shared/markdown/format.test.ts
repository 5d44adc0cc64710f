import { describe, expect, it } from "vitest";
import { type Selected, putLink, toggleMarks } from "./format";

/** `a [b] c` means: b is selected. */
const selected = (text: string): Selected => {
  const start = text.indexOf("[");
  const end = text.indexOf("]") - 1;
  return { text: text.replace("[", "").replace("]", ""), start, end };
};
const shown = ({ text, start, end }: Selected) =>
  `${text.slice(0, start)}[${text.slice(start, end)}]${text.slice(end)}`;

describe("bold and italic", () => {
  it.each([
    ["a [b] c", "**", "a **[b]** c"],
    ["a **[b]** c", "**", "a [b] c"],
    ["a [b ]c", "**", "a **[b]** c"],
    ["[]", "**", "**[]**"],
    ["**[]**", "**", "[]"],
    ["a **[b]** c", "*", "a ***[b]*** c"],
    ["a ***[b]*** c", "*", "a **[b]** c"],
    ["a ***[b]*** c", "**", "a *[b]* c"],
  ])("%s with %s is %s", (before, marks, after) =>
    expect(shown(toggleMarks(selected(before), marks))).toBe(after),
  );
});

describe("a link", () => {
  it("takes the place of the selection", () => {
    expect(putLink(selected("see [here] now"), "here", "https://host.example/").text).toBe(
      "see [here](https://host.example/) now",
    );
  });
  it("without a text is its address", () => {
    expect(putLink(selected("see []"), "", "https://host.example/").text).toBe("see https://host.example/");
  });
  it("keeps its form whatever is in text and address", () => {
    expect(putLink(selected("[]"), "a]b[c", "https://host.example/a)b").text).toBe(
      "[a b c](https://host.example/a%29b)",
    );
  });
});
