import type { AccountId, ConversationId, Event, Message } from "$shared/types/protocol";
import {
  emptyChat,
  newestSeqOfOthers,
  withDivider,
  withEvent,
  withLine,
  withNewestPage,
  withOlderPage,
  type ChatState,
} from "../model/chat";
import { asFailure, type FailureCode } from "../server/failure";
import type { Lists } from "./lists.svelte";
import type { Surroundings } from "./surroundings";

const PAGE = 50;
/** Reading is told once things have settled. */
const READ_MILLIS = 250;

/** The chat on screen: its lines, older ones, and how far it is read. */
export class OpenChat {
  state = $state.raw<ChatState | null>(null);
  failure = $state.raw<FailureCode | null>(null);
  loadingOlder = $state(false);
  /** The window has the focus and the end of the chat is in sight. */
  #looking = false;
  /** Answers to an earlier load than this are too old. */
  #load = 0;
  #cancelRead: (() => void) | null = null;
  #toldSeq = 0;
  readonly #around: Surroundings;
  readonly #lists: Lists;
  readonly #me: AccountId;

  constructor(around: Surroundings, lists: Lists, me: AccountId) {
    this.#around = around;
    this.#lists = lists;
    this.#me = me;
  }

  async open(id: ConversationId): Promise<void> {
    if (this.state?.id === id) return;
    this.state = emptyChat(id);
    this.#toldSeq = 0;
    await this.load();
  }

  close(): void {
    this.state = null;
    this.failure = null;
  }

  /** Loads the newest lines, and the conversation when it is not known. */
  async load(): Promise<void> {
    const id = this.state?.id;
    if (!id) return;
    const before = this.state?.lines ?? [];
    const load = (this.#load += 1);
    this.failure = null;
    try {
      if (!this.#lists.items[id]) await this.#lists.refresh(id);
      const readSeq = this.#lists.items[id]?.read_seq ?? 0;
      const page = await this.#around.api.messages(id, null, PAGE);
      if (this.state?.id !== id || load !== this.#load) return;
      this.state = withNewestPage(this.state, page, readSeq, this.#me, before);
      this.#readSoon();
    } catch (thrown) {
      if (this.state?.id === id) this.failure = asFailure(thrown).code;
    }
  }

  async older(): Promise<void> {
    const chat = this.state;
    if (!chat || chat.before === null || this.loadingOlder) return;
    this.loadingOlder = true;
    try {
      const page = await this.#around.api.messages(chat.id, chat.before, PAGE);
      if (this.state?.id === chat.id && this.state.before === chat.before)
        this.state = withOlderPage(this.state, page);
    } catch {
      // Scrolling up again asks again.
    } finally {
      this.loadingOlder = false;
    }
  }

  take(event: Event): void {
    if (!this.state) return;
    this.#moveDivider(event);
    this.state = withEvent(this.state, event);
    if (event.type === "message_created") this.#readSoon();
  }

  /** What this technician wrote is stored: whoever answers has read what was new. */
  stored(message: Message): void {
    if (this.state?.id !== message.conversation_id) return;
    this.state = { ...this.state, lines: withLine(this.state.lines, message), firstUnread: null };
  }

  look(looking: boolean): void {
    this.#looking = looking;
    if (looking) this.#readSoon();
  }

  get looking(): ConversationId | null {
    return this.#looking && this.state ? this.state.id : null;
  }

  /** The first thing that comes while nobody looks gets the line; what comes while looking does not move it. */
  #moveDivider(event: Event): void {
    const chat = this.state;
    if (
      !chat ||
      this.#looking ||
      event.type !== "message_created" ||
      event.message.conversation_id !== chat.id
    )
      return;
    if (event.message.author?.id === this.#me || event.message.kind === "update") return;
    const lines = withLine(chat.lines, event.message);
    const unread = withDivider({ ...chat, lines }, this.#readSeq(chat.id), this.#me).firstUnread;
    this.state = { ...chat, firstUnread: unread };
  }

  #readSeq(id: ConversationId): number {
    return Math.max(this.#toldSeq, this.#lists.items[id]?.read_seq ?? 0);
  }

  #readSoon(): void {
    if (this.#cancelRead) return;
    this.#cancelRead = this.#around.after(READ_MILLIS, () => {
      this.#cancelRead = null;
      void this.#tellRead();
    });
  }

  async #tellRead(): Promise<void> {
    const chat = this.state;
    if (!chat?.loaded || !this.#looking) return;
    const seq = newestSeqOfOthers(chat, this.#me);
    if (seq <= this.#readSeq(chat.id)) return;
    const before = this.#toldSeq;
    this.#toldSeq = seq;
    try {
      await this.#around.api.markRead(chat.id, seq);
    } catch {
      // Told again at the next look or line.
      this.#toldSeq = before;
    }
  }
}
