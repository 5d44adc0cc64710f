import { describe, expect, it } from "vitest";
import { clockText, opening, weekdayName } from "./hours";
import type { Hours } from "./types/protocol";

const weekdays = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, opens: "08:00", closes: "18:00" }));
const berlin: Hours = { time_zone: "Europe/Berlin", weekly: weekdays };
const at = (text: string) => Date.parse(text);

describe("opening hours", () => {
  it("are told in the organization's time zone, not the reader's", () => {
    expect(opening(berlin, at("2026-11-23T07:30:00Z"))).toEqual({ type: "open", closes: "18:00" });
    expect(opening(berlin, at("2026-11-23T06:59:00Z"))).toEqual({
      type: "opens",
      at: "08:00",
      weekday: 1,
      inDays: 0,
    });
  });

  it("keep to local time over daylight saving", () => {
    expect(opening(berlin, at("2026-07-06T06:00:00Z"))?.type).toBe("open");
    expect(opening(berlin, at("2026-12-07T06:30:00Z"))?.type).toBe("opens");
  });

  it("name Monday on a Friday evening and over the weekend", () => {
    expect(opening(berlin, at("2026-11-20T17:00:00Z"))).toEqual({
      type: "opens",
      at: "08:00",
      weekday: 1,
      inDays: 3,
    });
    expect(opening(berlin, at("2026-11-22T12:00:00Z"))).toEqual({
      type: "opens",
      at: "08:00",
      weekday: 1,
      inDays: 1,
    });
  });

  it("close on the minute, and 24:00 is the day's end", () => {
    expect(opening(berlin, at("2026-11-23T17:00:00Z"))?.type).toBe("opens");
    const late: Hours = { time_zone: "UTC", weekly: [{ weekday: 1, opens: "22:00", closes: "24:00" }] };
    expect(opening(late, at("2026-11-23T23:59:00Z"))).toEqual({ type: "open", closes: "24:00" });
    expect(opening(late, at("2026-11-24T00:00:00Z"))).toEqual({
      type: "opens",
      at: "22:00",
      weekday: 1,
      inDays: 6,
    });
  });

  it("name the same day next week when that is the next time", () => {
    const once: Hours = { time_zone: "UTC", weekly: [{ weekday: 1, opens: "09:00", closes: "10:00" }] };
    expect(opening(once, at("2026-11-23T12:00:00Z"))).toEqual({
      type: "opens",
      at: "09:00",
      weekday: 1,
      inDays: 7,
    });
  });

  it("say closed when never open, and nothing for a zone nobody knows", () => {
    expect(opening({ time_zone: "UTC", weekly: [] }, 0)).toEqual({ type: "closed" });
    expect(opening({ time_zone: "Mars/Base", weekly: weekdays }, 0)).toBeNull();
  });

  it("are written as the language does", () => {
    expect(weekdayName("de", 1)).toBe("Montag");
    expect(clockText("de", "08:00")).toBe("08:00");
    expect(clockText("en", "18:00")).toMatch(/6:00\sPM/);
  });
});
