import { dateFormat } from "./dates";
import type { Hours, OpenSpan } from "./types/protocol";

/** Whether somebody answers now, and the next change. Times are the organization's own, `HH:MM`. */
export type Opening =
  | { type: "open"; closes: string }
  | { type: "opens"; at: string; weekday: number; inDays: number }
  | { type: "closed" };

const WEEK_MINUTES = 7 * 24 * 60;

/** Minutes since Monday 00:00 in the time zone; null when the zone is unknown. */
export function weekMinute(timeZone: string, now: number): number | null {
  try {
    const parts = dateFormat("en-GB", {
      timeZone,
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    }).formatToParts(now);
    const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
    const day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(part("weekday"));
    return (day * 24 + Number(part("hour"))) * 60 + Number(part("minute"));
  } catch {
    return null;
  }
}

const minutesOf = (clock: string): number => {
  const [hours, minutes] = clock.split(":").map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
};
const opensAt = (span: OpenSpan) => (span.weekday - 1) * 24 * 60 + minutesOf(span.opens);
const closesAt = (span: OpenSpan) => (span.weekday - 1) * 24 * 60 + minutesOf(span.closes);

/** Whether it is open at this moment and when that changes; null when the hours cannot be told. */
export function opening(hours: Hours, now: number): Opening | null {
  const minute = weekMinute(hours.time_zone, now);
  if (minute === null) return null;
  const current = hours.weekly.find((span) => opensAt(span) <= minute && minute < closesAt(span));
  if (current) return { type: "open", closes: current.closes };
  const next = nextSpan(hours.weekly, minute);
  if (!next) return { type: "closed" };
  const today = Math.floor(minute / (24 * 60)) + 1;
  const sameDayLater = next.weekday === today && opensAt(next) > minute;
  const inDays = sameDayLater ? 0 : (next.weekday - today + 7) % 7 || 7;
  return { type: "opens", at: next.opens, weekday: next.weekday, inDays };
}

function nextSpan(weekly: readonly OpenSpan[], minute: number): OpenSpan | undefined {
  const wait = (span: OpenSpan) => (opensAt(span) - minute + WEEK_MINUTES) % WEEK_MINUTES;
  return [...weekly].sort((one, other) => wait(one) - wait(other))[0];
}

/** The name of an ISO weekday (1 is Monday). */
export function weekdayName(locale: string, weekday: number): string {
  // 2024-01-01 was a Monday.
  return dateFormat(locale, { weekday: "long", timeZone: "UTC" }).format(Date.UTC(2024, 0, weekday));
}

/** `HH:MM` as the locale writes it. */
export function clockText(locale: string, clock: string): string {
  const minutes = minutesOf(clock) % (24 * 60);
  return dateFormat(locale, { timeStyle: "short", timeZone: "UTC" }).format(minutes * 60_000);
}
