import type { AccountId, ConversationId } from "$shared/types/protocol";
import { draftsFrom, draftsText, NO_DRAFT, withDraft, type Draft, type Drafts } from "../model/drafts";
import type { Kept } from "./surroundings";

const KEPT = "deskbell.drafts";

/** What is typed and not sent, in every chat; survives a reload of the tab and the end of a session. */
export class Writing {
  #drafts = $state.raw<Drafts>({});
  readonly #tab: Kept;
  readonly #owner: AccountId;

  constructor(tab: Kept, owner: AccountId) {
    this.#tab = tab;
    this.#owner = owner;
    this.#drafts = draftsFrom(tab.getItem(KEPT), owner);
  }

  in(id: ConversationId): Draft {
    return this.#drafts[id] ?? NO_DRAFT;
  }

  /** Something is typed somewhere. */
  get any(): boolean {
    return Object.values(this.#drafts).some((draft) => draft.text.trim() !== "");
  }

  set(id: ConversationId, draft: Draft): void {
    this.#drafts = withDraft(this.#drafts, id, draft);
    this.#tab.setItem(KEPT, draftsText(this.#owner, this.#drafts));
  }

  forget(): void {
    this.#drafts = {};
    this.#tab.removeItem(KEPT);
  }
}
