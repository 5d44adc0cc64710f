import type { ConversationId, Message, MessageId, Timestamp } from "$shared/types/protocol";
import { isUuid } from "./uuid";
import type { FailureCode } from "../server/failure";

/** Something written and not yet acknowledged. */
export interface Unsent {
  id: MessageId;
  conversationId: ConversationId;
  kind: "message" | "note";
  body: string;
  createdAt: Timestamp;
  /** Why the server refused it for good; null while it waits. */
  failed: FailureCode | null;
}

/** In the order written. */
export type Outbox = Unsent[];

export function withWritten(outbox: Outbox, unsent: Unsent): Outbox {
  return [...outbox, unsent];
}

/** Without what the server has. */
export function without(outbox: Outbox, id: MessageId): Outbox {
  return outbox.some((unsent) => unsent.id === id) ? outbox.filter((unsent) => unsent.id !== id) : outbox;
}

/** One is refused for good; those behind it go on. */
export function withRefused(outbox: Outbox, id: MessageId, code: FailureCode): Outbox {
  return outbox.map((unsent) => (unsent.id === id ? { ...unsent, failed: code } : unsent));
}

/** A refused one is to be tried again, with the same id. */
export function withRetry(outbox: Outbox, id: MessageId): Outbox {
  return outbox.map((unsent) => (unsent.id === id ? { ...unsent, failed: null } : unsent));
}

/** The one to send now: the oldest that is not refused. */
export function nextToSend(outbox: Outbox): Unsent | null {
  return outbox.find((unsent) => unsent.failed === null) ?? null;
}

/** What waits in one chat, and is not yet among its lines. */
export function unsentIn(outbox: Outbox, conversation: ConversationId, lines: Message[]): Outbox {
  const arrived = new Set(lines.map((line) => line.id));
  return outbox.filter((unsent) => unsent.conversationId === conversation && !arrived.has(unsent.id));
}

/** As text for the tab's own storage, with whose it is. */
export function outboxText(owner: string, outbox: Outbox): string {
  return JSON.stringify({ owner, outbox });
}

/** What the tab's storage holds for `owner`; nothing when it is another's or unreadable. */
export function outboxFrom(text: string | null, owner: string): Outbox {
  try {
    const kept = JSON.parse(text ?? "null") as { owner?: unknown; outbox?: unknown } | null;
    if (kept?.owner !== owner || !Array.isArray(kept.outbox)) return [];
    return kept.outbox.filter(isUnsent);
  } catch {
    return [];
  }
}

function isUnsent(kept: unknown): kept is Unsent {
  const unsent = kept as Partial<Unsent> | null;
  if (!unsent || typeof unsent !== "object") return false;
  const kinds: unknown[] = ["message", "note"];
  return (
    [unsent.id, unsent.conversationId].every((id) => isUuid(String(id))) &&
    kinds.includes(unsent.kind) &&
    typeof unsent.body === "string"
  );
}
