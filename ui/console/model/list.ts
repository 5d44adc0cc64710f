import type { AccountId, Conversation, ConversationId, ConversationItem, Page } from "$shared/types/protocol";
import { belongs, type ListQuery } from "./query";

/** The loaded part of one list, newest activity first. */
export interface ListState {
  query: ListQuery;
  ids: ConversationId[];
  /** For the page after the loaded ones; null when all is loaded. */
  next: string | null;
  /** `false` until the first page has come. */
  loaded: boolean;
}

/** Everything known about conversations, by id. */
export type Items = Record<ConversationId, KnownItem>;

/** An item as the server answered, or as the feed has told since. */
export interface KnownItem extends ConversationItem {
  /** The feed told of its newest message; what it tells next is new for certain. */
  told?: true;
}

export function emptyList(query: ListQuery): ListState {
  return { query, ids: [], next: null, loaded: false };
}

/** The list after its first page. */
export function withFirstPage(list: ListState, page: Page<ConversationItem>): ListState {
  return { ...list, ids: page.items.map((item) => item.conversation.id), next: page.next, loaded: true };
}

/** The list after a further page. What moved meanwhile is not listed twice. */
export function withNextPage(list: ListState, page: Page<ConversationItem>): ListState {
  const known = new Set(list.ids);
  const fresh = page.items.map((item) => item.conversation.id).filter((id) => !known.has(id));
  return { ...list, ids: [...list.ids, ...fresh], next: page.next };
}

/**
 * The list after `changed`, which `items` already holds. `kept` stays listed, though it may belong
 * elsewhere now: it is open, and must not vanish under its reader's hands.
 */
export function withChange(
  list: ListState,
  items: Items,
  changed: Conversation,
  me: AccountId,
  kept: ConversationId | null = null,
): ListState {
  if (!list.loaded) return list;
  const listed = list.ids.includes(changed.id);
  const place = (listed && changed.id === kept) || (belongs(list.query, changed, me) ?? listed);
  if (!place && !listed) return list;
  const others = list.ids.filter((id) => id !== changed.id);
  return { ...list, ids: place ? placed(others, items, changed, list.next !== null) : others };
}

/** Puts `changed` where its last activity says. Beyond the loaded part it comes with its page. */
function placed(ids: ConversationId[], items: Items, changed: Conversation, more: boolean): ConversationId[] {
  const before = ids.findIndex((id) => isOlder(items[id]?.conversation, changed));
  if (before >= 0) return [...ids.slice(0, before), changed.id, ...ids.slice(before)];
  return more ? ids : [...ids, changed.id];
}

function isOlder(listed: Conversation | undefined, changed: Conversation): boolean {
  if (!listed) return true;
  if (listed.last_activity_at !== changed.last_activity_at)
    return listed.last_activity_at < changed.last_activity_at;
  return listed.id < changed.id;
}
