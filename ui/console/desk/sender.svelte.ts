import type { AccountId, ConversationId, Message, MessageId } from "$shared/types/protocol";
import {
  nextToSend,
  outboxFrom,
  outboxText,
  without,
  withRefused,
  withRetry,
  withWritten,
  type Outbox,
  type Unsent,
} from "../model/outbox";
import { uuidV7 } from "../model/uuid";
import { backoffMillis } from "../server/backoff";
import { asFailure, isPassing, isSignedOut, ServerFailure } from "../server/failure";
import type { Surroundings } from "./surroundings";

const KEPT = "deskbell.outbox";

/** What the sender tells. */
export interface SenderListener {
  stored(message: Message): void;
  refused(unsent: Unsent, failure: ServerFailure): void;
}

/** Sends what was written, in order, until the server has it. A retry carries the same id, so nothing is sent twice. */
export class Sender {
  outbox = $state.raw<Outbox>([]);
  #sending = false;
  #failures = 0;
  #cancelRetry: (() => void) | null = null;
  readonly #around: Surroundings;
  readonly #owner: AccountId;
  readonly #listener: SenderListener;

  constructor(around: Surroundings, owner: AccountId, listener: SenderListener) {
    this.#around = around;
    this.#owner = owner;
    this.#listener = listener;
    this.outbox = outboxFrom(around.tab.getItem(KEPT), owner);
  }

  write(conversationId: ConversationId, kind: Unsent["kind"], body: string): void {
    const now = this.#around.now();
    const id = uuidV7(now, this.#around.randomBytes(10));
    const createdAt = new Date(now).toISOString();
    this.#keep(withWritten(this.outbox, { id, conversationId, kind, body, createdAt, failed: null }));
    void this.flush();
  }

  retry(id: MessageId): void {
    this.#keep(withRetry(this.outbox, id));
    void this.flush();
  }

  discard(id: MessageId): void {
    this.#keep(without(this.outbox, id));
  }

  /** The feed shows it stored, whether or not the answer arrived. */
  arrived(id: MessageId): void {
    this.#keep(without(this.outbox, id));
  }

  forget(): void {
    this.#cancelRetry?.();
    this.outbox = [];
    this.#around.tab.removeItem(KEPT);
  }

  /** Sends what waits, now. */
  async flush(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    this.#cancelRetry?.();
    try {
      for (let next = nextToSend(this.outbox); next; next = nextToSend(this.outbox)) {
        if (!(await this.#send(next))) break;
      }
    } finally {
      this.#sending = false;
    }
  }

  /** Sends one; says whether to go on with the next. */
  async #send(unsent: Unsent): Promise<boolean> {
    const { id, body, kind } = unsent;
    try {
      const stored = await this.#around.api.send(unsent.conversationId, { id, body, kind, attachments: [] });
      // Something between us and the server may answer in its place.
      if (stored?.id !== id) throw new ServerFailure("not_deskbell");
      this.#failures = 0;
      this.#listener.stored(stored);
      this.#keep(without(this.outbox, id));
      return true;
    } catch (thrown) {
      return this.#failed(unsent, asFailure(thrown));
    }
  }

  #failed(unsent: Unsent, failure: ServerFailure): boolean {
    // Whoever signs in again goes on here.
    if (isSignedOut(failure.code)) return false;
    if (isPassing(failure.code)) this.#later(failure);
    else {
      this.#keep(withRefused(this.outbox, unsent.id, failure.code));
      this.#listener.refused(unsent, failure);
      return true;
    }
    return false;
  }

  #later(failure: ServerFailure): void {
    this.#failures += 1;
    const asked = (failure.retryAfterSeconds ?? 0) * 1000;
    const millis = asked + backoffMillis(this.#failures, this.#around.chance());
    this.#cancelRetry = this.#around.after(millis, () => void this.flush());
  }

  #keep(outbox: Outbox): void {
    if (outbox === this.outbox) return;
    this.outbox = outbox;
    if (outbox.length === 0) this.#around.tab.removeItem(KEPT);
    else this.#around.tab.setItem(KEPT, outboxText(this.#owner, outbox));
  }
}
