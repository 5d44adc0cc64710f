import type { ConversationId, Person, ServerFrame } from "$shared/types/protocol";

/** Who types and who looks, as far as told. Nothing of it is stored. */
export interface Company {
  typing: { conversationId: ConversationId; person: Person; until: number }[];
  viewing: Record<ConversationId, Person[]>;
}

/** "Types" is forgotten after this. */
export const TYPING_MILLIS = 6_000;

export const NO_COMPANY: Company = { typing: [], viewing: {} };

/** The company after a frame that came at `now`, in milliseconds. */
export function withAside(
  company: Company,
  frame: Extract<ServerFrame, { type: "typing" | "viewing" }>,
  now: number,
): Company {
  if (frame.type === "viewing") {
    return { ...company, viewing: { ...company.viewing, [frame.conversation_id]: frame.technicians } };
  }
  const others = withoutTyping(company, frame.conversation_id, frame.person.id).typing;
  const typing = { conversationId: frame.conversation_id, person: frame.person, until: now + TYPING_MILLIS };
  return { ...company, typing: [...others, typing] };
}

/** Whoever has written no longer types. */
export function withoutTyping(company: Company, conversation: ConversationId, person: string): Company {
  const typing = company.typing.filter(
    (one) => one.conversationId !== conversation || one.person.id !== person,
  );
  return { ...company, typing };
}

/** Without those whose last sign is too old. */
export function atMoment(company: Company, now: number): Company {
  const typing = company.typing.filter((one) => one.until > now);
  return typing.length === company.typing.length ? company : { ...company, typing };
}

export function typistsIn(company: Company, conversation: ConversationId): Person[] {
  return company.typing.filter((one) => one.conversationId === conversation).map((one) => one.person);
}

/** Who else looks at a conversation. */
export function othersLooking(company: Company, conversation: ConversationId, me: string): Person[] {
  return (company.viewing[conversation] ?? []).filter((person) => person.id !== me);
}
