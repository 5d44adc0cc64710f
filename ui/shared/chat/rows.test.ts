import { describe, expect, it } from "vitest";
import type { MessageView } from "../types/messenger";
import { addedAfter, rows, withLine } from "./rows";

const at = (minutes: number) => new Date(2026, 10, 21, 10, minutes).toISOString();
const line = (id: string, part: Partial<MessageView> = {}): MessageView => ({
  id,
  seq: null,
  kind: "message",
  author: { name: "Tess Berg", role: "technician" },
  mine: false,
  body: id,
  update: null,
  created_at: at(0),
  delivery: { type: "sent" },
  ...part,
});
/** The rows shortly: a day, the red line, and lines with `(` where a group begins and `)` where it ends. */
const brief = (lines: MessageView[], firstUnread: string | null = null) =>
  rows(lines, firstUnread)
    .map((row) =>
      row.type === "line" ? `${row.first ? "(" : ""}${row.line.id}${row.last ? ")" : ""}` : row.type,
    )
    .join(" ");

describe("the rows of a chat", () => {
  it("have a heading for each day", () => {
    const yesterday = new Date(2026, 10, 20, 23, 59).toISOString();
    expect(brief([line("a", { created_at: yesterday }), line("b")])).toBe("day (a) day (b)");
  });
  it("put what one person writes within five minutes together", () => {
    expect(brief([line("a"), line("b", { created_at: at(4) }), line("c", { created_at: at(10) })])).toBe(
      "day (a b) (c)",
    );
  });
  it("keep people, notes and updates apart", () => {
    const other = { author: { name: "Omar Haddad", role: "technician" as const } };
    expect(
      brief([
        line("a"),
        line("b", other),
        line("n", { kind: "note" }),
        line("u", { kind: "update" }),
        line("v", { kind: "update" }),
      ]),
    ).toBe("day (a) (b) (n) (u) (v)");
  });
  it("keep a requester apart who calls themselves like a technician", () => {
    expect(brief([line("a"), line("b", { author: { name: "Tess Berg", role: "requester" } })])).toBe(
      "day (a) (b)",
    );
  });
  it("begin anew under the red line", () => {
    expect(brief([line("a"), line("b")], "b")).toBe("day (a) unread (b)");
  });
});

describe("a line that comes", () => {
  const ids = (lines: MessageView[]) => lines.map((one) => one.id).join(" ");
  const chat = [line("a", { seq: 1 }), line("c", { seq: 3 }), line("x")];
  it("is put where its number says", () =>
    expect(ids(withLine(chat, line("b", { seq: 2 })))).toBe("a b c x"));
  it("stands behind the numbered ones while it waits", () =>
    expect(ids(withLine(chat, line("y")))).toBe("a c x y"));
  it("takes the place of what it was", () =>
    expect(ids(withLine(chat, line("x", { seq: 4 })))).toBe("a c x"));
  it("is counted when it is new at the end", () => {
    expect(addedAfter(chat, "c")).toBe(1);
    expect(addedAfter(chat, "x")).toBe(0);
    expect(addedAfter(chat, "gone")).toBe(0);
  });
});
