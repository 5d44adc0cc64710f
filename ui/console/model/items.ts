import type {
  AccountId,
  Conversation,
  ConversationId,
  ConversationItem,
  Event,
  Message,
  Person,
  Preview,
  Timestamp,
} from "$shared/types/protocol";
import type { Items, KnownItem } from "./list";

/**
 * Items with those of an answer put in. An answer may have been made before an event that came
 * first: what is newer stays. What has not changed since `before` gives way in any case, because a
 * restored server knows less than it did.
 */
export function withItems(items: Items, fresh: ConversationItem[], before: Items = {}): Items {
  if (fresh.length === 0) return items;
  const next = { ...items };
  for (const item of fresh) {
    const { id } = item.conversation;
    const known = next[id];
    next[id] = known && known !== before[id] ? newer(known, item) : item;
  }
  return next;
}

function newer(known: KnownItem, fresh: ConversationItem): KnownItem {
  if (fresh.conversation.last_activity_at < known.conversation.last_activity_at) return known;
  const { read_seq, unread_count } = known;
  return fresh.read_seq < read_seq ? { ...fresh, read_seq, unread_count } : fresh;
}

/** Items without those that are neither named nor changed since `before`. */
export function withOnly(items: Items, ids: Iterable<ConversationId>, before: Items): Items {
  const named = new Set(ids);
  return Object.fromEntries(
    Object.entries(items).filter(([id, item]) => named.has(id) || item !== before[id]),
  );
}

/** Items after an answer that carries a conversation alone. */
export function withConversation(items: Items, conversation: Conversation): Items {
  const known = items[conversation.id];
  return { ...items, [conversation.id]: known ? { ...known, conversation } : unread(conversation) };
}

/** Items after a feed event, for the technician `me`. */
export function withEvent(items: Items, event: Event, me: AccountId): Items {
  if (event.type === "conversation_changed") return withConversation(items, event.conversation);
  if (event.type === "message_created") return withMessage(items, event.message, me);
  if (event.type === "read" && event.account_id === me) return withRead(items, event);
  return items;
}

function unread(conversation: Conversation): ConversationItem {
  return { conversation, unread_count: 0, read_seq: 0, preview: null };
}

function withMessage(items: Items, message: Message, me: AccountId): Items {
  const item = items[message.conversation_id];
  if (!item) return items;
  const conversation = atLeast(item.conversation, message.created_at);
  return { ...items, [message.conversation_id]: { ...counted(item, message, me), conversation } };
}

/** The item with the message counted and shown, unless it is nobody's or was counted before. */
function counted(item: KnownItem, message: Message, me: AccountId): KnownItem {
  const author = message.author;
  if (!author || message.kind === "update" || alreadyCounted(item, message)) return item;
  const added = author.id === me || message.seq <= item.read_seq ? 0 : 1;
  return {
    ...item,
    unread_count: item.unread_count + added,
    preview: previewOf(message, author),
    told: true,
  };
}

/** A line is an activity; no event of its own says so. */
function atLeast(conversation: Conversation, at: Timestamp): Conversation {
  return conversation.last_activity_at < at ? { ...conversation, last_activity_at: at } : conversation;
}

/** An answer made after the message was written has counted it; the feed itself tells nothing twice. */
function alreadyCounted(item: KnownItem, message: Message): boolean {
  return !item.told && item.preview !== null && message.created_at <= item.preview.created_at;
}

function previewOf(message: Message, author: Person): Preview {
  const text = message.body.replace(/\s+/gu, " ").trim();
  return { author, text: [...text].slice(0, 160).join(""), created_at: message.created_at };
}

function withRead(items: Items, read: Extract<Event, { type: "read" }>): Items {
  const item = items[read.conversation_id];
  if (!item || read.seq < item.read_seq) return items;
  return {
    ...items,
    [read.conversation_id]: { ...item, read_seq: read.seq, unread_count: read.unread_count },
  };
}
