import type {
  ConversationId,
  Event,
  Me,
  OrganizationSummary,
  Person,
  ServerFrame,
} from "$shared/types/protocol";
import { atMoment, NO_COMPANY, withAside, withoutTyping, type Company } from "../model/company";
import type { ListQuery } from "../model/query";
import { itemsOf, watched } from "../server/api";
import type { FailureCode } from "../server/failure";
import { Feed } from "../server/feed";
import { Actions } from "./actions.svelte";
import { Attention } from "./attention.svelte";
import { Lists } from "./lists.svelte";
import { OpenChat } from "./openChat.svelte";
import { Sender } from "./sender.svelte";
import type { Surroundings } from "./surroundings";
import { Writing } from "./writing.svelte";

/** Whether the server is heard. `retryAt` in milliseconds. */
export type Connection = { state: "connecting" } | { state: "live" } | { state: "lost"; retryAt: number };

/** While one types, the other side is told this often. */
const TYPING_EVERY_MILLIS = 3_000;
const TICK_MILLIS = 1_000;
/** When ticks were this far apart the computer slept (a hidden tab's come once a minute at the least). */
const SLEPT_MILLIS = 90_000;
/** A session is in use while its person is: the server hears of it this often at most. */
const ACTIVE_EVERY_MILLIS = 60_000;

/** Everything one signed-in technician works with. Made once, handed down by context. */
export class Desk {
  me = $state.raw<Me>() as Me;
  connection = $state.raw<Connection>({ state: "connecting" });
  company = $state.raw<Company>(NO_COMPANY);
  technicians = $state.raw<Person[]>([]);
  organizations = $state.raw<OrganizationSummary[]>([]);
  /** Moves every second, for ages and what passes. Milliseconds. */
  now = $state(0);
  readonly lists: Lists;
  readonly chat: OpenChat;
  readonly sender: Sender;
  readonly writing: Writing;
  readonly actions: Actions;
  readonly attention: Attention;
  readonly around: Surroundings;
  readonly #feed: Feed;
  readonly #onSignedOut: (reason: FailureCode) => void;
  #liveSince = Infinity;
  #typedAt = 0;
  #activeAt = 0;
  #cancelTick: (() => void) | null = null;
  #visible = true;

  constructor(outside: Surroundings, me: Me, onSignedOut: (reason: FailureCode) => void) {
    const around = { ...outside, api: watched(outside.api, (reason) => this.#leave(reason)) };
    this.around = around;
    this.me = me;
    this.now = around.now();
    this.#onSignedOut = onSignedOut;
    this.lists = new Lists(around, me.account.id);
    this.chat = new OpenChat(around, this.lists, me.account.id);
    this.writing = new Writing(around.tab, me.account.id);
    this.actions = new Actions(around, this.lists);
    this.attention = new Attention(around);
    this.sender = new Sender(around, me.account.id, {
      stored: (message) => this.chat.stored(message),
      refused: (unsent) => void this.lists.refresh(unsent.conversationId).catch(() => undefined),
    });
    this.#feed = new Feed(around, this.#listener());
  }

  /** Goes live, also again after signing in anew. */
  start(): void {
    this.#tick();
    this.#feed.connect();
  }

  /** Stops all that runs; what is typed and waits stays. */
  stop(): void {
    this.#cancelTick?.();
    this.#feed.end();
    this.connection = { state: "connecting" };
  }

  /** The network is back or the computer woke: no need to wait. */
  hurry(): void {
    this.#feed.prove();
    void this.sender.flush();
  }

  async show(query: ListQuery): Promise<void> {
    await this.lists.show(query);
  }

  async openChat(id: ConversationId): Promise<void> {
    this.actions.forgive();
    this.attention.dismiss(id);
    this.lists.keep(id);
    this.#tellViewing(id);
    await this.chat.open(id);
  }

  closeChat(): void {
    this.chat.close();
    this.lists.keep(null);
    this.#tellViewing(null);
  }

  /** `visible`: the tab shows. `seen`: it has the focus, and the newest line is in sight. */
  look(visible: boolean, seen: boolean): void {
    this.chat.look(seen);
    if (visible === this.#visible) return;
    this.#visible = visible;
    if (visible) this.#feed.prove();
    this.#tellViewing(this.chat.state?.id ?? null);
  }

  /** Tells the requester that one types; never for a note. */
  typing(id: ConversationId): void {
    const now = this.around.now();
    if (!this.me.features.typing || now - this.#typedAt < TYPING_EVERY_MILLIS) return;
    if (this.#feed.send({ type: "typing", conversation_id: id })) this.#typedAt = now;
  }

  send(id: ConversationId, kind: "message" | "note", body: string): void {
    this.#typedAt = 0;
    this.sender.write(id, kind, body);
  }

  /** Mouse or keys were used. */
  active(): void {
    if (this.around.now() - this.#activeAt >= ACTIVE_EVERY_MILLIS)
      this.#tellViewing(this.chat.state?.id ?? null);
  }

  /** Something would be lost with the tab: typed and not sent, or sent and not stored. */
  get unsaved(): boolean {
    return this.sender.outbox.length > 0 || this.writing.any;
  }

  /** Loads who can be assigned, when it is needed. */
  async loadTechnicians(): Promise<void> {
    this.technicians = itemsOf(await this.around.api.technicians());
  }

  #listener() {
    return {
      live: (resync: boolean, serverTime: number) => this.#live(resync, serverTime),
      event: (frame: { event: Event }) => void this.#take(frame.event),
      aside: (frame: Extract<ServerFrame, { type: "typing" | "viewing" }>) => {
        this.company = withAside(this.company, frame, this.around.now());
      },
      lost: (retryMillis: number) => this.#lost(retryMillis),
      signedOut: (reason: FailureCode) => this.#leave(reason),
    };
  }

  #live(resync: boolean, serverTime: number): void {
    this.#liveSince = serverTime;
    this.connection = { state: "live" };
    this.company = NO_COMPANY;
    this.#tellViewing(this.chat.state?.id ?? null);
    void this.sender.flush();
    if (resync) void this.#load();
  }

  async #load(): Promise<void> {
    await Promise.all([this.lists.reload(), this.chat.load(), this.#loadOrganizations()]);
  }

  async #loadOrganizations(): Promise<void> {
    try {
      this.organizations = itemsOf(await this.around.api.organizations());
    } catch {
      // The filter then offers the organizations of what is loaded.
    }
  }

  async #take(event: Event): Promise<void> {
    if (event.type === "me_changed") return this.#reloadMe();
    if (event.type === "message_created") this.#arrived(event.message);
    this.chat.take(event);
    try {
      const conversation = await this.lists.take(event, this.#liveSince);
      if (conversation) this.#consider(event, conversation);
    } catch {
      // Not visible to us, or not heard: the next load tells.
    }
  }

  #arrived(message: { id: string; conversation_id: string; author: Person | null }): void {
    this.sender.arrived(message.id);
    if (message.author)
      this.company = withoutTyping(this.company, message.conversation_id, message.author.id);
  }

  #consider(event: Event, conversation: Parameters<Attention["consider"]>[1]): void {
    const where = { me: this.me.account.id, looking: this.chat.looking, liveSince: this.#liveSince };
    this.attention.consider(event, conversation, where);
  }

  #lost(retryMillis: number): void {
    this.connection = { state: "lost", retryAt: this.around.now() + retryMillis };
    this.company = NO_COMPANY;
    if (!this.lists.shown.loaded) void this.#load();
    void this.#reloadMe();
  }

  /** Also finds out whether the session is over: a refused websocket does not say why. */
  async #reloadMe(): Promise<void> {
    try {
      this.me = await this.around.api.me();
    } catch {
      // Not heard: the feed tries on.
    }
  }

  #leave(reason: FailureCode): void {
    this.stop();
    this.#onSignedOut(reason);
  }

  #tellViewing(id: ConversationId | null): void {
    this.#activeAt = this.around.now();
    this.#feed.send({ type: "viewing", conversation_id: this.#visible ? id : null });
  }

  #tick(): void {
    this.#cancelTick?.();
    const slept = this.around.now() - this.now > SLEPT_MILLIS;
    this.now = this.around.now();
    if (slept) this.hurry();
    this.company = atMoment(this.company, this.now);
    this.attention.tick(this.now);
    this.#cancelTick = this.around.after(TICK_MILLIS, () => this.#tick());
  }
}
