import { describe, expect, it } from "vitest";
import { age, agoInWords, countdown, dayName, duration, sameDay } from "./age";
import { texts } from "./text/texts";

const say = texts("en");
const now = new Date(2026, 10, 21, 14, 30).getTime();
const before = (minutes: number) => new Date(now - minutes * 60_000).toISOString();

describe("the age of a request", () => {
  it.each([
    [0.5, "now"],
    [1, "1 min"],
    [59, "59 min"],
    [60, "1 h"],
    [23 * 60 + 59, "23 h"],
    [24 * 60, "1 d"],
    [6 * 24 * 60, "6 d"],
  ])("%d minutes old is %s", (minutes, wanted) => expect(age(say, before(minutes), now)).toBe(wanted));
  it("is a date after a week", () => expect(age(say, before(8 * 24 * 60), now)).toMatch(/13/));
  it("is now when clocks disagree", () => expect(age(say, before(-5), now)).toBe("now"));
  it("is nothing rather than an error when the time is not one", () => expect(age(say, "?", now)).toBe(""));
});

describe("days", () => {
  it("have names people use", () => {
    expect(dayName(say, before(60), now)).toBe("Today");
    expect(dayName(say, before(15 * 60), now)).toBe("Yesterday");
    expect(dayName(texts("de"), before(24 * 60), now)).toBe("Gestern");
  });
  it("end at midnight here", () => {
    expect(sameDay(before(14 * 60), before(0))).toBe(true);
    expect(sameDay(before(15 * 60), before(0))).toBe(false);
  });
});

describe("spans", () => {
  it("count down to zero and no further", () => {
    expect(countdown(new Date(now + 61_000).toISOString(), now)).toBe("1:01");
    expect(countdown(before(1), now)).toBe("0:00");
  });
  it("are told in words", () => {
    expect(agoInWords("en", before(120), now)).toBe("2 hours ago");
    expect(duration("de", 1440)).toBe("1 Tag");
    expect(duration("en", 90)).toBe("2 hours");
  });
});
