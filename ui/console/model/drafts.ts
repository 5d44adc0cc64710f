import type { ConversationId } from "$shared/types/protocol";

/** How what is typed would be sent. */
export type WritingMode = "message" | "note";

/** What is typed and not sent in one chat. */
export interface Draft {
  mode: WritingMode;
  text: string;
}

export type Drafts = Record<ConversationId, Draft>;

export const NO_DRAFT: Draft = { mode: "message", text: "" };

/** Drafts with that of one chat; an empty reply is none. */
export function withDraft(drafts: Drafts, id: ConversationId, draft: Draft): Drafts {
  const others = Object.fromEntries(Object.entries(drafts).filter(([other]) => other !== id));
  return draft.text === "" && draft.mode === "message" ? others : { ...others, [id]: draft };
}

export function draftsText(owner: string, drafts: Drafts): string {
  return JSON.stringify({ owner, drafts });
}

/** What the tab's storage holds for `owner`; nothing when it is another's or unreadable. */
export function draftsFrom(text: string | null, owner: string): Drafts {
  try {
    const kept = JSON.parse(text ?? "null") as { owner?: unknown; drafts?: Record<string, unknown> } | null;
    if (kept?.owner !== owner || !kept.drafts) return {};
    return Object.fromEntries(
      Object.entries(kept.drafts).filter((entry): entry is [string, Draft] => isDraft(entry[1])),
    );
  } catch {
    return {};
  }
}

function isDraft(kept: unknown): kept is Draft {
  const draft = kept as Partial<Draft> | null;
  return typeof draft?.text === "string" && (draft.mode === "message" || draft.mode === "note");
}
