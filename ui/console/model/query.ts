import type { AccountId, Conversation, OrganizationId, Status } from "$shared/types/protocol";

/** The parts of the side menu. */
export const SECTIONS = ["unassigned", "mine", "open", "closed"] as const;
export type Section = (typeof SECTIONS)[number];

/** What the list shows. */
export interface ListQuery {
  section: Section;
  organization: OrganizationId | null;
  text: string;
}

const LIVE: Status[] = ["new", "open", "waiting"];

/** The query as the server wants it. */
export function queryParams(query: ListQuery, after: string | null, limit: number): URLSearchParams {
  const params = new URLSearchParams({ limit: String(limit) });
  params.set("status", (query.section === "closed" ? ["closed"] : LIVE).join(","));
  if (query.section === "unassigned") params.set("assignee", "none");
  if (query.section === "mine") params.set("assignee", "me");
  if (query.organization) params.set("organization", query.organization);
  if (query.text.trim() !== "") params.set("text", query.text.trim());
  if (after !== null) params.set("after", after);
  return params;
}

/**
 * Whether a changed conversation belongs into the list now. `null` when only the server can
 * say: it searches texts this page has not loaded.
 */
export function belongs(query: ListQuery, conversation: Conversation, me: AccountId): boolean | null {
  if (!inSection(query.section, conversation, me)) return false;
  if (query.organization && conversation.organization.id !== query.organization) return false;
  return query.text.trim() === "" ? true : null;
}

function inSection(section: Section, conversation: Conversation, me: AccountId): boolean {
  const closed = conversation.status === "closed";
  if (section === "closed") return closed;
  if (section === "unassigned") return !closed && conversation.assignee === null;
  if (section === "mine") return !closed && conversation.assignee?.id === me;
  return !closed;
}

export function sameQuery(a: ListQuery, b: ListQuery): boolean {
  return a.section === b.section && a.organization === b.organization && a.text.trim() === b.text.trim();
}
