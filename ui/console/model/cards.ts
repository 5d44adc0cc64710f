import type { Conversation, ConversationId } from "$shared/types/protocol";
import type { Announcement } from "./announcement";
import { mayTake } from "./standing";

/** A notification in the top-right corner; one for each conversation. */
export interface Card {
  conversationId: ConversationId;
  announcement: Announcement;
  /** Announcements it stands for. */
  count: number;
  /** When it goes by itself, in milliseconds; null while it should stay. */
  until: number | null;
}

/** A message's card goes after this; a request's stays until somebody has it. */
export const CARD_MILLIS = 12_000;
/** More would hide the work. */
export const MOST_CARDS = 4;

/** The cards with one for `announcement`, newest first. */
export function withAnnouncement(cards: Card[], announcement: Announcement, now: number): Card[] {
  const id = announcement.conversation.id;
  const before = cards.find((card) => card.conversationId === id);
  const waiting = announcement.kind === "new_request" || before?.announcement.kind === "new_request";
  const card: Card = {
    conversationId: id,
    // A request that nobody has stays a request, whatever is added to it.
    announcement: before?.announcement.kind === "new_request" ? before.announcement : announcement,
    count: (before?.count ?? 0) + 1,
    until: waiting ? null : now + CARD_MILLIS,
  };
  return [card, ...cards.filter((other) => other !== before)].slice(0, MOST_CARDS);
}

export function withoutCard(cards: Card[], id: ConversationId): Card[] {
  return cards.some((card) => card.conversationId === id)
    ? cards.filter((card) => card.conversationId !== id)
    : cards;
}

/** The cards once `changed` is known: a request somebody has needs nobody any more. */
export function withConversation(cards: Card[], changed: Conversation): Card[] {
  const card = cards.find((known) => known.conversationId === changed.id);
  return card?.announcement.kind === "new_request" && !mayTake(changed)
    ? withoutCard(cards, changed.id)
    : cards;
}

/** The cards whose time is not over. */
export function atMoment(cards: Card[], now: number): Card[] {
  return cards.every((card) => card.until === null || card.until > now)
    ? cards
    : cards.filter((card) => card.until === null || card.until > now);
}
