import { sameDay } from "../age";
import type { MessageView } from "../types/messenger";

/** What a chat is drawn from, top to bottom. */
export type Row =
  | { type: "day"; key: string; at: string }
  | { type: "unread"; key: string }
  | { type: "line"; key: string; line: MessageView; first: boolean; last: boolean };

/** Lines of one author within this are one group, with the name above the first. */
const GROUP_MILLIS = 5 * 60_000;

/** The rows of some lines: a heading for each day, one red line above the first unread, groups by author. */
export function rows(lines: readonly MessageView[], firstUnread: string | null): Row[] {
  const found: Row[] = [];
  lines.forEach((line, at) => {
    const before = lines[at - 1];
    const newDay = !before || !sameDay(before.created_at, line.created_at);
    if (newDay) found.push({ type: "day", key: `day-${line.id}`, at: line.created_at });
    if (line.id === firstUnread) found.push({ type: "unread", key: "unread" });
    const first = newDay || line.id === firstUnread || !together(before, line);
    const after = lines[at + 1];
    const last =
      !after ||
      after.id === firstUnread ||
      !together(line, after) ||
      !sameDay(line.created_at, after.created_at);
    found.push({ type: "line", key: line.id, line, first, last });
  });
  return found;
}

function together(one: MessageView, other: MessageView): boolean {
  if (one.kind === "update" || one.kind !== other.kind || one.mine !== other.mine) return false;
  if (one.author?.name !== other.author?.name || one.author?.role !== other.author?.role) return false;
  return Date.parse(other.created_at) - Date.parse(one.created_at) < GROUP_MILLIS;
}

/** How many lines are new at the end since a line was the last; 0 when that line is gone. */
export function addedAfter(lines: readonly MessageView[], lastId: string | undefined): number {
  const at = lines.findLastIndex((line) => line.id === lastId);
  return at < 0 ? 0 : lines.length - 1 - at;
}

/** The lines with one put in or replaced: by id, in order of place, what waits in the outbox last. */
export function withLine(lines: readonly MessageView[], line: MessageView): MessageView[] {
  const others = lines.filter((one) => one.id !== line.id);
  const after = others.findLastIndex((one) => isBefore(one, line)) + 1;
  return [...others.slice(0, after), line, ...others.slice(after)];
}

function isBefore(one: MessageView, other: MessageView): boolean {
  if (one.seq !== null && other.seq !== null) return one.seq < other.seq;
  if (one.seq === null && other.seq === null) return one.id < other.id;
  return one.seq !== null;
}
