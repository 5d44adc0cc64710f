import type { Conversation, ConversationId, Event } from "$shared/types/protocol";
import { announcementOf, type Surroundings as Around } from "../model/announcement";
import { atMoment, withAnnouncement, withConversation, withoutCard, type Card } from "../model/cards";
import type { Surroundings } from "./surroundings";

/** Events that were missed come in a burst; it is told once it is over. */
const SETTLED_MILLIS = 600;

/** What was missed while the server was not heard. */
export interface Missed {
  messages: number;
  conversations: ConversationId[];
}

/** Cards in the corner, and what was missed. Sound and the browser's notifications lie outside. */
export class Attention {
  cards = $state.raw<Card[]>([]);
  missed = $state.raw<Missed | null>(null);
  #missing: Missed = { messages: 0, conversations: [] };
  #cancelMissed: (() => void) | null = null;
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Decides whether an event is announced, and does it. */
  consider(event: Event, conversation: Conversation, where: Around): void {
    this.cards = withConversation(this.cards, conversation);
    const decision = announcementOf(event, conversation, where);
    if ("announce" in decision) {
      this.cards = withAnnouncement(this.cards, decision.announce, this.#around.now());
      this.#around.announce(decision.announce);
    } else if (decision.silence === "caught_up") this.#miss(conversation.id);
  }

  /** Somebody reads it: it does not go by itself any more. */
  hold(id: ConversationId): void {
    this.cards = this.cards.map((card) => (card.conversationId === id ? { ...card, until: null } : card));
  }

  dismiss(id: ConversationId): void {
    this.cards = withoutCard(this.cards, id);
  }

  dismissMissed(): void {
    this.missed = null;
  }

  tick(now: number): void {
    this.cards = atMoment(this.cards, now);
  }

  #miss(id: ConversationId): void {
    const { messages, conversations } = this.#missing;
    this.#missing = { messages: messages + 1, conversations: [...new Set([...conversations, id])] };
    this.#cancelMissed?.();
    this.#cancelMissed = this.#around.after(SETTLED_MILLIS, () => {
      this.missed = this.#missing;
      this.#missing = { messages: 0, conversations: [] };
    });
  }
}
