import type { MessageView, PersonView } from "$shared/types/messenger";
import type { AccountId, Message, Person } from "$shared/types/protocol";
import { withoutDirection } from "$shared/link";
import type { Unsent } from "./outbox";

/** A stored line as the chat draws it. Delivery is of meaning for what technicians wrote. */
export function lineView(message: Message, me: AccountId): MessageView {
  return {
    id: message.id,
    seq: message.seq,
    kind: message.kind,
    author: message.author && personView(message.author),
    mine: message.author?.id === me,
    body: message.body,
    update: message.update,
    created_at: message.created_at,
    delivery: deliveryOf(message),
  };
}

/** Something that waits, as the chat draws it. */
export function unsentView(unsent: Unsent, me: PersonView): MessageView {
  return {
    id: unsent.id,
    seq: null,
    kind: unsent.kind,
    author: me,
    mine: true,
    body: unsent.body,
    update: null,
    created_at: unsent.createdAt,
    delivery:
      unsent.failed === null ? { type: "waiting" } : { type: "failed", code: failedCode(unsent.failed) },
  };
}

function personView(person: Person): PersonView {
  return { name: withoutDirection(person.name), role: person.role };
}

function deliveryOf(message: Message): MessageView["delivery"] {
  if (message.read_at) return { type: "read", at: message.read_at };
  return message.received_at ? { type: "delivered" } : { type: "sent" };
}

function failedCode(code: NonNullable<Unsent["failed"]>) {
  return code === "unreachable" || code === "not_deskbell" ? "unavailable" : code;
}
