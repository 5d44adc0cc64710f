import type { AccountId, Conversation, ConversationId, Event, Message } from "$shared/types/protocol";

/** Something a technician should hear of. */
export type Announcement =
  | { kind: "new_request"; conversation: Conversation }
  | { kind: "message"; conversation: Conversation; message: Message }
  | { kind: "note"; conversation: Conversation; message: Message }
  | { kind: "assigned_to_me"; conversation: Conversation; by: string };

/** Why nothing is announced. */
export type Silence = "own_doing" | "not_mine" | "being_looked_at" | "caught_up" | "nothing_new";

/** What the decision looks at. */
export interface Surroundings {
  me: AccountId;
  /** The chat on screen of a window that has the focus. */
  looking: ConversationId | null;
  /** The server's time when this connection began: what is older was missed, not new. */
  liveSince: number;
}

export type Decision = { announce: Announcement } | { silence: Silence };

/** Whether `event` about `conversation` is announced, and as what. */
export function announcementOf(event: Event, conversation: Conversation, around: Surroundings): Decision {
  if (event.type !== "message_created") return { silence: "nothing_new" };
  const { message } = event;
  if (!message.author || message.author.id === around.me) return { silence: "own_doing" };
  const announcement = worthTelling(message, conversation, around.me);
  if (!announcement) return { silence: "not_mine" };
  if (Date.parse(message.created_at) < around.liveSince) return { silence: "caught_up" };
  if (around.looking === conversation.id) return { silence: "being_looked_at" };
  return { announce: announcement };
}

function worthTelling(message: Message, conversation: Conversation, me: AccountId): Announcement | null {
  // The description becomes the first message, with the conversation's own id.
  if (message.id === message.conversation_id) return { kind: "new_request", conversation };
  const mine = conversation.assignee?.id === me;
  if (message.kind === "update") return assignedToMe(message, conversation, me);
  if (message.kind === "note") return mine ? { kind: "note", conversation, message } : null;
  const waitsForAll = conversation.assignee === null && message.author?.role === "requester";
  return mine || waitsForAll ? { kind: "message", conversation, message } : null;
}

function assignedToMe(message: Message, conversation: Conversation, me: AccountId): Announcement | null {
  const update = message.update;
  if (update?.type !== "assigned" || update.technician.id !== me) return null;
  return { kind: "assigned_to_me", conversation, by: message.author?.name ?? "" };
}
