import type { AccountId, Conversation, Person } from "$shared/types/protocol";

/** Who answers for a conversation: what colour, icon and word show. */
export type Standing =
  | { kind: "unassigned" }
  | { kind: "assigned"; technician: Person; mine: boolean; waiting: boolean }
  | { kind: "closed"; by: Person | null };

/** Where `conversation` stands for the technician `me`. */
export function standingOf(conversation: Conversation, me: AccountId): Standing {
  if (conversation.status === "closed") return { kind: "closed", by: conversation.closed_by };
  const technician = conversation.assignee;
  if (!technician) return { kind: "unassigned" };
  return {
    kind: "assigned",
    technician,
    mine: technician.id === me,
    waiting: conversation.status === "waiting",
  };
}

/** Whether `me` may write a reply or a note: only in what they have. */
export function mayWrite(conversation: Conversation, me: AccountId): boolean {
  return conversation.status !== "closed" && conversation.assignee?.id === me;
}

/** Whether `me` may close: only what nobody or they themselves have. */
export function mayClose(conversation: Conversation, me: AccountId): boolean {
  if (conversation.status === "closed") return false;
  return conversation.assignee === null || conversation.assignee.id === me;
}

/** Whether `me` may take it without taking it from somebody. */
export function mayTake(conversation: Conversation): boolean {
  return conversation.status !== "closed" && conversation.assignee === null;
}
