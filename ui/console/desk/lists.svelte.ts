import type {
  AccountId,
  Conversation,
  ConversationId,
  ConversationItem,
  Event,
} from "$shared/types/protocol";
import { withConversation, withEvent, withItems, withOnly } from "../model/items";
import {
  emptyList,
  withChange,
  withFirstPage,
  withNextPage,
  type Items,
  type ListState,
} from "../model/list";
import { queryParams, sameQuery, type ListQuery } from "../model/query";
import { asFailure, type FailureCode } from "../server/failure";
import type { Surroundings } from "./surroundings";

const PAGE = 50;
/** The badges count up to 99; the watched lists hold enough for that. */
const WATCHED = 200;

const watched = (section: "unassigned" | "mine") => emptyList({ section, organization: null, text: "" });

/** The conversations known here: the list on screen, and two that are always watched for their badges. */
export class Lists {
  items = $state.raw<Items>({});
  shown = $state.raw<ListState>(emptyList({ section: "unassigned", organization: null, text: "" }));
  unassigned = $state.raw<ListState>(watched("unassigned"));
  mine = $state.raw<ListState>(watched("mine"));
  failure = $state.raw<FailureCode | null>(null);
  loadingMore = $state(false);
  #kept: ConversationId | null = null;
  /** For each answer on its way: what has happened since it was asked for. */
  readonly #watching = new Set<Set<ConversationId>>();
  /** Answers to an earlier load than this are too old. */
  #load = 0;
  #refreshing = new Map<ConversationId, boolean>();
  readonly #around: Surroundings;
  readonly #me: AccountId;

  constructor(around: Surroundings, me: AccountId) {
    this.#around = around;
    this.#me = me;
  }

  /** Unread messages in what is mine and in what nobody has. */
  unreadIn(list: ListState): number {
    return list.ids.reduce((sum, id) => sum + (this.items[id]?.unread_count ?? 0), 0);
  }

  /** The open conversation stays in the list it was opened from; the one before it goes where it belongs. */
  keep(id: ConversationId | null): void {
    const before = this.#kept ? this.items[this.#kept] : undefined;
    this.#kept = id;
    if (before) this.#relist(before.conversation);
  }

  async show(query: ListQuery): Promise<void> {
    if (this.shown.loaded && sameQuery(query, this.shown.query)) {
      this.shown = { ...this.shown, query };
      return;
    }
    this.shown = emptyList(query);
    await this.#loadShown();
  }

  /** Loads everything anew; what is on screen stays until the answers are there. */
  async reload(): Promise<void> {
    const load = (this.#load += 1);
    const before = this.items;
    const loads = [
      this.#loadShown(before),
      this.#loadWatched("unassigned", before),
      this.#loadWatched("mine", before),
    ];
    if (this.#kept) loads.push(this.#loadKept(this.#kept, before));
    const heard = await Promise.all(loads);
    if (load === this.#load && heard.every(Boolean)) this.items = withOnly(this.items, this.#named(), before);
  }

  async more(): Promise<void> {
    const { query, next } = this.shown;
    if (next === null || this.loadingMore) return;
    this.loadingMore = true;
    await this.#answer(this.#around.api.conversations(queryParams(query, next, PAGE)), (page) => {
      if (this.shown.next !== next || !sameQuery(query, this.shown.query)) return;
      this.#put(page.items);
      this.shown = withNextPage(this.shown, page);
    });
    this.loadingMore = false;
  }

  /** Takes in what the feed says; a conversation not known here is asked for. */
  async take(event: Event, liveSince: number): Promise<Conversation | null> {
    const id = conversationOf(event, this.#me);
    if (id === null) return null;
    const known = this.items[id];
    if (!known && event.type !== "conversation_changed") return this.refresh(id);
    this.items = withEvent(this.items, event, this.#me);
    if (this.#refreshing.has(id)) this.#refreshing.set(id, true);
    const conversation = this.items[id]?.conversation ?? null;
    if (conversation) this.#relist(conversation);
    const old = conversation && Date.parse(conversation.created_at) < liveSince;
    if (!known && old) void this.refresh(id);
    return conversation;
  }

  /** The state an answer to a call carried. */
  changed(conversation: Conversation): void {
    this.items = withConversation(this.items, conversation);
    this.#relist(conversation);
  }

  /** Asks for one conversation; again, when something happened to it meanwhile. Null when there is none. */
  async refresh(id: ConversationId): Promise<Conversation | null> {
    if (this.#refreshing.has(id)) {
      this.#refreshing.set(id, true);
      return this.items[id]?.conversation ?? null;
    }
    try {
      do {
        this.#refreshing.set(id, false);
        this.#put([await this.#around.api.conversation(id)]);
      } while (this.#refreshing.get(id));
    } finally {
      this.#refreshing.delete(id);
    }
    const conversation = this.items[id]?.conversation ?? null;
    if (conversation) this.#relist(conversation);
    return conversation;
  }

  #relist(conversation: Conversation): void {
    for (const touched of this.#watching) touched.add(conversation.id);
    this.shown = withChange(this.shown, this.items, conversation, this.#me, this.#kept);
    this.unassigned = withChange(this.unassigned, this.items, conversation, this.#me);
    this.mine = withChange(this.mine, this.items, conversation, this.#me);
  }

  async #loadShown(before: Items = {}): Promise<boolean> {
    const { query } = this.shown;
    return this.#answer(this.#around.api.conversations(queryParams(query, null, PAGE)), (page) => {
      if (!sameQuery(query, this.shown.query)) return;
      this.#put(page.items, before);
      this.shown = withFirstPage(this.shown, page);
    });
  }

  #loadWatched(which: "unassigned" | "mine", before: Items): Promise<boolean> {
    return this.#answer(
      this.#around.api.conversations(queryParams(this[which].query, null, WATCHED)),
      (page) => {
        this.#put(page.items, before);
        this[which] = withFirstPage(this[which], page);
      },
    );
  }

  /** The open conversation may be in no list; that it is gone is told in its own place. */
  async #loadKept(id: ConversationId, before: Items): Promise<boolean> {
    const load = this.#load;
    const item = await this.#around.api.conversation(id).catch(() => null);
    if (item && load === this.#load) this.#put([item], before);
    return true;
  }

  /** Takes an answer in, unless everything was begun anew meanwhile. Says whether it was heard. */
  async #answer<T>(asked: Promise<T>, take: (answer: T) => void): Promise<boolean> {
    const load = this.#load;
    const touched = new Set<ConversationId>();
    this.#watching.add(touched);
    try {
      const answer = await asked;
      if (load !== this.#load) return false;
      take(answer);
      this.#relistAll(touched);
      this.failure = null;
      return true;
    } catch (thrown) {
      if (load === this.#load) this.failure = asFailure(thrown).code;
      return false;
    } finally {
      this.#watching.delete(touched);
    }
  }

  /** The answer may not know what happened while it was on its way. */
  #relistAll(touched: Iterable<ConversationId>): void {
    for (const id of touched) {
      const item = this.items[id];
      if (item) this.#relist(item.conversation);
    }
  }

  /** What is on screen or watched. */
  #named(): ConversationId[] {
    const kept = this.#kept ? [this.#kept] : [];
    return [...this.shown.ids, ...this.unassigned.ids, ...this.mine.ids, ...kept];
  }

  #put(items: ConversationItem[], before: Items = {}): void {
    this.items = withItems(this.items, items, before);
  }
}

function conversationOf(event: Event, me: AccountId): ConversationId | null {
  if (event.type === "conversation_changed") return event.conversation.id;
  if (event.type === "message_created") return event.message.conversation_id;
  return event.type === "read" && event.account_id === me ? event.conversation_id : null;
}
