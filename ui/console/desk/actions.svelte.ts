import type { AccountId, Conversation, ConversationId, Person } from "$shared/types/protocol";
import { asFailure, isSignedOut, type ServerFailure } from "../server/failure";
import type { Lists } from "./lists.svelte";
import type { Surroundings } from "./surroundings";

/** Why an action did not happen, for the person who wished it. */
export interface Refusal {
  action: "take" | "assign" | "close";
  conversationId: ConversationId;
  failure: ServerFailure;
}

/** Take, assign and close. At most one at a time; the answer is the truth, whoever was first. */
export class Actions {
  running = $state<Refusal["action"] | null>(null);
  refusal = $state.raw<Refusal | null>(null);
  readonly #around: Surroundings;
  readonly #lists: Lists;

  constructor(around: Surroundings, lists: Lists) {
    this.#around = around;
    this.#lists = lists;
  }

  take(id: ConversationId): Promise<boolean> {
    return this.#run("take", id, () =>
      this.#around.api.assign(id, { technician_id: "me", replaces: null, note: null }),
    );
  }

  /** `replaces` is who has it as far as the one who assigns can see. */
  assign(id: ConversationId, technician: Person, replaces: AccountId | null, note: string): Promise<boolean> {
    const wish = { technician_id: technician.id, replaces, note: note.trim() === "" ? null : note };
    return this.#run("assign", id, () => this.#around.api.assign(id, wish));
  }

  close(id: ConversationId): Promise<boolean> {
    return this.#run("close", id, () => this.#around.api.close(id));
  }

  forgive(): void {
    this.refusal = null;
  }

  async #run(
    action: Refusal["action"],
    id: ConversationId,
    ask: () => Promise<Conversation>,
  ): Promise<boolean> {
    if (this.running) return false;
    this.running = action;
    this.refusal = null;
    try {
      this.#lists.changed(await ask());
      return true;
    } catch (thrown) {
      this.#refused(action, id, asFailure(thrown));
      return false;
    } finally {
      this.running = null;
    }
  }

  #refused(action: Refusal["action"], id: ConversationId, failure: ServerFailure): void {
    if (isSignedOut(failure.code)) return;
    this.refusal = { action, conversationId: id, failure };
    // Somebody else was faster: show how it stands now.
    this.#lists.refresh(id).catch(() => undefined);
  }
}
