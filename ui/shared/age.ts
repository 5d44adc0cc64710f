import { dateFormat } from "./dates";
import type { Say } from "./text/texts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago, shortly: "now", "5 min", "3 h", "2 d", then the date. */
export function age(say: Say, at: string, now: number): string {
  const passed = now - Date.parse(at);
  if (passed < MINUTE) return say("age-now");
  if (passed < HOUR) return say("age-minutes", { count: Math.floor(passed / MINUTE) });
  if (passed < DAY) return say("age-hours", { count: Math.floor(passed / HOUR) });
  if (passed < 7 * DAY) return say("age-days", { count: Math.floor(passed / DAY) });
  return shortDate(say.locale, at, now);
}

/** How long ago in words: "5 minutes ago", "yesterday". */
export function agoInWords(locale: string, at: string, now: number): string {
  const passed = Math.max(0, now - Date.parse(at));
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  if (passed < HOUR) return words.format(-Math.floor(passed / MINUTE), "minute");
  if (passed < DAY) return words.format(-Math.floor(passed / HOUR), "hour");
  return words.format(-Math.floor(passed / DAY), "day");
}

/** So many minutes in the largest unit that fits: "90 minutes" is "2 hours". */
export function duration(locale: string, minutes: number): string {
  const [value, unit] =
    minutes < 60 ? [minutes, "minute"] : minutes < 24 * 60 ? [minutes / 60, "hour"] : [minutes / 1440, "day"];
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit,
    unitDisplay: "long",
    maximumFractionDigits: 0,
  }).format(value);
}

/** The date as people write it, with the year only when it is another one. */
export function shortDate(locale: string, at: string, now: number): string {
  const date = new Date(at);
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  return format(locale, sameYear ? { day: "numeric", month: "short" } : { dateStyle: "medium" }, date);
}

/** Date and time in full, for tooltips. */
export function moment(locale: string, at: string): string {
  return format(locale, { dateStyle: "full", timeStyle: "short" }, new Date(at));
}

/** Date and time, shortly, for facts beside a chat. */
export function shortMoment(locale: string, at: string): string {
  return format(locale, { dateStyle: "medium", timeStyle: "short" }, new Date(at));
}

/** The time of day. */
export function clockTime(locale: string, at: string): string {
  return format(locale, { timeStyle: "short" }, new Date(at));
}

/** The heading above a day's lines: today, yesterday, or the date. */
export function dayName(say: Say, at: string, now: number): string {
  const days = Math.round((startOfDay(now) - startOfDay(Date.parse(at))) / DAY);
  if (days === 0) return say("day-today");
  if (days === 1) return say("day-yesterday");
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  const style: Intl.DateTimeFormatOptions = { weekday: "long", day: "numeric", month: "long" };
  return format(say.locale, sameYear ? style : { ...style, year: "numeric" }, new Date(at));
}

/** Whether two moments lie on the same day here. */
export function sameDay(one: string, other: string): boolean {
  return startOfDay(Date.parse(one)) === startOfDay(Date.parse(other));
}

/** Minutes and seconds left until a moment, `9:07`; `0:00` when it is past. */
export function countdown(until: string, now: number): string {
  const seconds = Math.max(0, Math.ceil((Date.parse(until) - now) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

function format(locale: string, options: Intl.DateTimeFormatOptions, date: Date): string {
  return Number.isNaN(date.getTime()) ? "" : dateFormat(locale, options).format(date);
}
