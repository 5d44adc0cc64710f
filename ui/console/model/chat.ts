import type { AccountId, ConversationId, Event, Message, MessageId, Page } from "$shared/types/protocol";

/** The loaded part of one chat. */
export interface ChatState {
  id: ConversationId;
  /** Oldest first, by `seq`. */
  lines: Message[];
  /** What to ask for to get older lines; null at the beginning. */
  before: number | null;
  loaded: boolean;
  /** The line above which "New messages" stands; fixed when the chat is opened. */
  firstUnread: MessageId | null;
}

export function emptyChat(id: ConversationId): ChatState {
  return { id, lines: [], before: null, loaded: false, firstUnread: null };
}

/**
 * The chat after its newest page. Lines that came by the feed since `before` stay; older ones go,
 * for what lies between them and the page is not known.
 */
export function withNewestPage(
  chat: ChatState,
  page: Page<Message>,
  readSeq: number,
  me: AccountId,
  before: Message[] = [],
): ChatState {
  const old = new Set(before.map((line) => line.id));
  const since = chat.lines.filter((line) => !old.has(line.id));
  const known = new Map(chat.lines.map((line) => [line.id, line]));
  const fresh = page.items.map((line) => withTicksOf(line, known.get(line.id)));
  const lines = since.reduce(withLine, fresh.reduce(withLine, []));
  const firstUnread = chat.loaded ? chat.firstUnread : firstUnreadIn(lines, readSeq, me);
  return { ...chat, lines, before: beforeOf(page), loaded: true, firstUnread };
}

/** A receipt may have come before the page that was made without it. */
function withTicksOf(line: Message, known: Message | undefined): Message {
  if (!known) return line;
  const { received_at, read_at } = known;
  return { ...line, received_at: line.received_at ?? received_at, read_at: line.read_at ?? read_at };
}

/** The chat after an older page. */
export function withOlderPage(chat: ChatState, page: Page<Message>): ChatState {
  return { ...chat, lines: page.items.reduce(withLine, chat.lines), before: beforeOf(page) };
}

/** The chat after a feed event. */
export function withEvent(chat: ChatState, event: Event): ChatState {
  if (event.type === "message_created" && event.message.conversation_id === chat.id) {
    return { ...chat, lines: withLine(chat.lines, event.message) };
  }
  if (event.type === "receipt" && event.conversation_id === chat.id) return withReceipt(chat, event);
  return chat;
}

/** Lines with `line` in its place; the same id replaces. */
export function withLine(lines: Message[], line: Message): Message[] {
  const others = lines.filter((known) => known.id !== line.id);
  const place = others.findLastIndex((known) => known.seq < line.seq) + 1;
  return [...others.slice(0, place), line, ...others.slice(place)];
}

/** The newest thing somebody else wrote, which "read up to here" names; 0 for none. */
export function newestSeqOfOthers(chat: ChatState, me: AccountId): number {
  return chat.lines.findLast((line) => isOthers(line, me))?.seq ?? 0;
}

/** The divider moves to what came while nobody looked. */
export function withDivider(chat: ChatState, readSeq: number, me: AccountId): ChatState {
  return { ...chat, firstUnread: firstUnreadIn(chat.lines, readSeq, me) };
}

function firstUnreadIn(lines: Message[], readSeq: number, me: AccountId): MessageId | null {
  return lines.find((line) => line.seq > readSeq && isOthers(line, me))?.id ?? null;
}

function isOthers(line: Message, me: AccountId): boolean {
  return line.kind !== "update" && line.author?.id !== me;
}

function beforeOf(page: Page<Message>): number | null {
  return page.next === null ? null : Number(page.next);
}

/** A receipt tells of what the technicians wrote to the requester: never of notes. */
function withReceipt(chat: ChatState, receipt: Extract<Event, { type: "receipt" }>): ChatState {
  const lines = chat.lines.map((line) => {
    if (line.seq > receipt.seq || line.kind !== "message" || line.author?.role === "requester") return line;
    const received_at = line.received_at ?? receipt.at;
    return {
      ...line,
      received_at,
      read_at: receipt.state === "read" ? (line.read_at ?? receipt.at) : line.read_at,
    };
  });
  return { ...chat, lines };
}
