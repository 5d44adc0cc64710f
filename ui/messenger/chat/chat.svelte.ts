import { withLine } from "$shared/chat/rows";
import { asFailure } from "$shared/failure";
import type { ChatView, ConversationView, Failure, MessageView, WindowEvent } from "$shared/types/messenger";
import type { Client } from "../client";

/** A technician who types is forgotten after this. */
const TYPING_MILLIS = 6000;
/** The other side is told at most this often. */
const TELL_TYPING_MILLIS = 3000;

/** One open chat: what the client told about it, kept up by its events. */
export class OpenChat {
  conversation = $state.raw<ConversationView | null>(null);
  lines = $state.raw<MessageView[]>([]);
  more = $state(false);
  firstUnread = $state<string | null>(null);
  failure = $state.raw<Failure | null>(null);
  typing = $state<string | null>(null);
  draft = $state("");
  sendFailure = $state.raw<Failure | null>(null);

  private typingTimer: ReturnType<typeof setTimeout> | undefined;
  private toldTypingAt = 0;
  /** What was sent and is not in the outbox yet, oldest first. */
  private underway: string[] = [];
  private sending: Promise<void> = Promise.resolve();
  /** How often it was opened: only the newest answer counts. */
  private round = 0;
  /** What was heard since the question; the answer may be older than it. */
  private meanwhile: WindowEvent[] | null = null;

  constructor(
    private readonly client: Client,
    readonly id: string,
  ) {}

  /** Opens it, or opens it anew; what is typed and what is heard meanwhile stays. */
  async open(): Promise<void> {
    const round = (this.round += 1);
    this.meanwhile = [];
    try {
      const view = await this.client.ask({ type: "open_chat", id: this.id });
      if (round !== this.round) return;
      this.show(view);
      for (const event of this.meanwhile) this.apply(event);
      this.failure = null;
    } catch (thrown) {
      if (round === this.round) this.failure = asFailure(thrown);
    } finally {
      if (round === this.round) this.meanwhile = null;
    }
  }

  private show(view: ChatView): void {
    const again = this.conversation !== null;
    this.conversation = view.conversation;
    this.lines = view.messages;
    this.more = view.more;
    if (again) return;
    this.firstUnread = view.first_unread;
    this.draft = view.draft;
  }

  /** The window goes elsewhere. */
  close(): void {
    clearTimeout(this.typingTimer);
  }

  /** Something happened; `seen` tells whether the reader looks at the newest line. */
  heard(event: WindowEvent, seen: boolean): void {
    if (event.type === "lists_reset") return void this.open();
    if (event.type === "typing" && event.conversation_id === this.id) this.someoneTypes(event.person.name);
    if (event.type === "message_changed" && event.conversation_id === this.id)
      this.notice(event.message, seen);
    this.meanwhile?.push(event);
    this.apply(event);
  }

  /** Puts what an event tells into what is shown. */
  private apply(event: WindowEvent): void {
    if (event.type === "conversation_changed" && event.conversation.id === this.id)
      this.conversation = event.conversation;
    else if (event.type === "message_changed" && event.conversation_id === this.id)
      this.lines = withLine(this.lines, event.message);
    else if (event.type === "message_removed" && event.conversation_id === this.id) {
      this.lines = this.lines.filter((line) => line.id !== event.message_id);
    }
  }

  /** Asks for older lines and puts them above. */
  async older(): Promise<void> {
    const before = this.lines.find((line) => line.seq !== null)?.seq;
    if (before === undefined || before === null) return;
    const page = await this.client
      .ask({ type: "older_messages", id: this.id, before_seq: before })
      .catch(() => null);
    if (!page) return;
    const known = new Set(this.lines.map((line) => line.id));
    this.lines = [...page.messages.filter((line) => !known.has(line.id)), ...this.lines];
    this.more = page.more;
  }

  /** Into the outbox, one after the other. The field is free at once; what fails is put back into it. */
  async send(body: string): Promise<void> {
    this.draft = "";
    this.firstUnread = null;
    this.sendFailure = null;
    this.underway = [...this.underway, body];
    const before = this.sending;
    this.sending = (async () => {
      await before;
      const failure = await this.put(body);
      this.underway = this.underway.slice(1);
      if (failure) this.draft = [body, this.draft].filter((text) => text !== "").join("\n");
      this.sendFailure ??= failure;
      this.save();
    })();
    await this.sending;
  }

  private async put(body: string): Promise<Failure | null> {
    try {
      await this.client.ask({ type: "send_message", conversation_id: this.id, body });
      return null;
    } catch (thrown) {
      return asFailure(thrown);
    }
  }

  /** Keeps what is typed, and what is on its way into the outbox. */
  save(): void {
    const text = [...this.underway, this.draft].filter((part) => part !== "").join("\n");
    this.client.tell({ type: "save_draft", conversation_id: this.id, text });
  }

  /** The user types. */
  typed(now: number): void {
    if (this.draft === "" || now - this.toldTypingAt < TELL_TYPING_MILLIS) return;
    this.toldTypingAt = now;
    this.client.tell({ type: "typing", conversation_id: this.id });
  }

  /** A new line of another ends their typing, and begins what is unread when nobody looks. */
  private notice(message: MessageView, seen: boolean): void {
    const isNew = !this.lines.some((line) => line.id === message.id);
    if (!isNew || message.mine || message.kind !== "message") return;
    this.stopTyping();
    if (!seen && this.firstUnread === null) this.firstUnread = message.id;
  }

  private someoneTypes(name: string): void {
    this.typing = name;
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.stopTyping(), TYPING_MILLIS);
  }

  private stopTyping(): void {
    clearTimeout(this.typingTimer);
    this.typing = null;
  }
}
