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

  private typingTimer: ReturnType<typeof setTimeout> | undefined;
  private toldTypingAt = 0;

  constructor(
    private readonly client: Client,
    readonly id: string,
  ) {}

  /** Opens it, or opens it anew; what is typed meanwhile stays. */
  async open(): Promise<void> {
    try {
      const view: ChatView = await this.client.ask({ type: "open_chat", id: this.id });
      const again = this.conversation !== null;
      this.conversation = view.conversation;
      this.lines = view.messages;
      this.more = view.more;
      if (!again) {
        this.firstUnread = view.first_unread;
        this.draft = view.draft;
      }
      this.failure = null;
    } catch (thrown) {
      this.failure = asFailure(thrown);
    }
  }

  /** The window goes elsewhere. */
  close(): void {
    clearTimeout(this.typingTimer);
    this.client.tell({ type: "close_chat" });
  }

  /** Something happened; `seen` tells whether the reader looks at the newest line. */
  heard(event: WindowEvent, seen: boolean): void {
    if (event.type === "lists_reset") void this.open();
    else if (event.type === "conversation_changed" && event.conversation.id === this.id)
      this.conversation = event.conversation;
    else if (event.type === "typing" && event.conversation_id === this.id)
      this.someoneTypes(event.person.name);
    else if (event.type === "message_changed" && event.conversation_id === this.id)
      this.changed(event.message, seen);
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

  /** Into the outbox. The text is taken from the draft only once it is there. */
  async send(body: string): Promise<void> {
    await this.client.ask({ type: "send_message", conversation_id: this.id, body });
    this.firstUnread = null;
    if (this.draft.trim() === body) this.draft = "";
    this.save();
  }

  /** Keeps what is typed. */
  save(): void {
    this.client.tell({ type: "save_draft", conversation_id: this.id, text: this.draft });
  }

  /** The user types. */
  typed(now: number): void {
    if (this.draft === "" || now - this.toldTypingAt < TELL_TYPING_MILLIS) return;
    this.toldTypingAt = now;
    this.client.tell({ type: "typing", conversation_id: this.id });
  }

  private changed(message: MessageView, seen: boolean): void {
    const isNew = !this.lines.some((line) => line.id === message.id);
    if (isNew && !message.mine && message.kind === "message") {
      this.stopTyping();
      if (!seen && this.firstUnread === null) this.firstUnread = message.id;
    }
    this.lines = withLine(this.lines, message);
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
