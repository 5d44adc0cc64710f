import { asFailure } from "$shared/failure";
import type { ConversationPage, ConversationView, Failure } from "$shared/types/messenger";
import type { Client } from "../client";

/** The user's conversations as far as they are loaded: what waits to be sent first, then by last activity. */
export class Conversations {
  items = $state.raw<ConversationView[]>([]);
  loaded = $state(false);
  loading = $state(false);
  failure = $state<Failure | null>(null);
  private next = $state<string | null>(null);
  /** How often it was asked for: only the newest answer counts. */
  private round = 0;
  /** What changed since the question; the answer may be older than it. */
  private meanwhile: ConversationView[] = [];

  constructor(private readonly client: Client) {}

  /** There are more to ask for. */
  get more(): boolean {
    return this.next !== null;
  }

  /** Loads the first page anew. */
  load(): Promise<void> {
    return this.page(null);
  }

  /** Loads the first page unless it has been asked for. */
  loadOnce(): void {
    if (!this.loaded && !this.loading && !this.failure) void this.load();
  }

  /** Loads the next page. */
  async loadMore(): Promise<void> {
    if (this.next !== null && !this.loading) await this.page(this.next);
  }

  /** One is new or different. */
  changed(conversation: ConversationView): void {
    if (this.loading) this.meanwhile.push(conversation);
    if (this.loaded) this.put(conversation);
  }

  private put(conversation: ConversationView): void {
    this.items = sorted([conversation, ...this.items.filter((one) => one.id !== conversation.id)]);
  }

  /** Nobody is signed in any more. */
  clear(): void {
    this.round += 1;
    this.loading = false;
    this.failure = null;
    this.items = [];
    this.next = null;
    this.loaded = false;
  }

  private async page(after: string | null): Promise<void> {
    const round = (this.round += 1);
    this.loading = true;
    this.meanwhile = [];
    this.failure = null;
    try {
      const page = await this.client.ask({ type: "conversations", after });
      if (round === this.round) this.show(page, after === null ? [] : this.items);
    } catch (thrown) {
      if (round === this.round) this.failure = asFailure(thrown);
    } finally {
      if (round === this.round) this.loading = false;
    }
  }

  private show(page: ConversationPage, known: ConversationView[]): void {
    const fresh = page.items.filter((item) => !known.some((one) => one.id === item.id));
    this.items = sorted([...known, ...fresh]);
    this.next = page.next;
    this.loaded = true;
    for (const conversation of this.meanwhile) this.put(conversation);
  }
}

/** What is not with the server yet comes first, the rest by last activity, newest first. */
export function sorted(items: readonly ConversationView[]): ConversationView[] {
  const unsent = (item: ConversationView) =>
    item.delivery.type === "waiting" || item.delivery.type === "failed" ? 1 : 0;
  return [...items].sort(
    (one, other) =>
      unsent(other) - unsent(one) || Date.parse(other.last_activity_at) - Date.parse(one.last_activity_at),
  );
}
