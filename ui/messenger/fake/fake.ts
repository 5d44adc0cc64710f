import type {
  Answer,
  AppView,
  Command,
  ConversationView,
  DevicesView,
  Failure,
  MessageView,
  Phase,
  SettingsView,
  WindowEvent,
} from "$shared/types/messenger";
import type { Transport } from "../client";
import * as data from "./data";

/** An imitation of the headless client, for development in a browser and for tests. No build for people has it. */
export class Fake implements Transport {
  app: AppView = data.appView();
  conversations: ConversationView[];
  messages = new Map<string, MessageView[]>();
  devices: DevicesView = { devices: data.devices, this_device: data.devices[1]?.id ?? null, draft: "" };
  drafts = new Map<string, string>();
  /** Every command, for tests to look at. */
  asked: Command[] = [];
  /** What the next command of a type fails with. */
  failures = new Map<Command["type"], Failure>();
  private readonly held = new Map<Command["type"], Promise<void>>();
  /** A technician answers by themselves. */
  lively = false;
  private readonly listeners = new Set<(event: WindowEvent) => void>();

  constructor(readonly now: () => number = Date.now) {
    this.conversations = data.conversations(now());
  }

  async listen(heard: (event: WindowEvent) => void): Promise<() => void> {
    this.listeners.add(heard);
    return () => this.listeners.delete(heard);
  }

  /** Tells the window. */
  send(event: WindowEvent): void {
    for (const heard of [...this.listeners]) heard(event);
  }

  /** Changes the app view and tells. */
  set(part: Partial<AppView>): void {
    this.app = { ...this.app, ...part };
    this.send({ type: "app_changed", app: this.app });
  }

  /** The next command of this type fails. */
  fail(type: Command["type"], code: Failure["code"], more: Partial<Failure> = {}): void {
    this.failures.set(type, { code, attempts_left: null, retry_after_seconds: null, ...more });
  }

  /** The next command of this type is answered only when the returned function is called. */
  hold(type: Command["type"]): () => void {
    let release = () => {};
    this.held.set(type, new Promise((resolve) => (release = resolve)));
    return release;
  }

  /** Puts a line into a chat and tells. */
  put(id: string, message: MessageView): void {
    const lines = this.lines(id);
    this.messages.set(id, [...lines.filter((line) => line.id !== message.id), message]);
    this.send({ type: "message_changed", conversation_id: id, message });
  }

  /** Changes a conversation and tells. */
  change(id: string, part: Partial<ConversationView>): void {
    this.conversations = this.conversations.map((one) => (one.id === id ? { ...one, ...part } : one));
    const conversation = this.conversations.find((one) => one.id === id);
    if (conversation) this.send({ type: "conversation_changed", conversation });
  }

  lines(id: string): MessageView[] {
    const known = this.messages.get(id) ?? data.messages(this.now(), id);
    this.messages.set(id, known);
    return known;
  }

  async command(command: Command): Promise<Answer> {
    this.asked.push(command);
    const held = this.held.get(command.type);
    this.held.delete(command.type);
    await held;
    const failure = this.failures.get(command.type);
    if (failure) {
      this.failures.delete(command.type);
      throw failure;
    }
    return this.answer(command);
  }

  private answer(command: Command): Answer {
    switch (command.type) {
      case "app":
        return { type: "app", value: this.app };
      case "conversations":
        return this.page(Number(command.after ?? 0));
      case "open_chat":
        return this.chat(command.id);
      case "older_messages":
        return this.older(command.id, command.before_seq);
      case "devices":
        return {
          type: "devices",
          value: { ...this.devices, draft: this.drafts.get("new") ?? this.devices.draft },
        };
      case "articles":
        return { type: "articles", value: { articles: data.articles } };
      case "sessions":
        return { type: "sessions", value: { sessions: data.sessions(this.now()) } };
      case "start_conversation":
        return this.start(command.description, command.device_id);
      case "check_computer":
        return { type: "check", value: data.checked() };
      case "open_link":
        return this.link(command.url, command.confirmed);
      default:
        this.act(command);
        return { type: "done", value: {} };
    }
  }

  private act(command: Command): void {
    const again = (seconds: number) => new Date(this.now() + seconds * 1000).toISOString();
    const entering = (by_sms: boolean, sent_to: string): Phase => ({
      type: "entering_code",
      email: "ana.silva@harbourfinch.example",
      sent_to,
      by_sms,
      sms: true,
      resend_at: again(60),
      expires_at: again(by_sms ? 300 : 600),
    });
    if (command.type === "set_server") this.set({ phase: { type: "signed_out", reason: null } });
    if (command.type === "start_sign_in")
      this.set({ phase: { type: "choosing_method", email: command.email, sms: true } });
    if (command.type === "send_code_by_email")
      this.set({ phase: entering(false, "ana.silva@harbourfinch.example") });
    if (command.type === "send_code_by_sms") this.set({ phase: entering(true, "•••• 601") });
    if (command.type === "verify_code") this.set({ phase: data.appView().phase });
    if (command.type === "cancel_sign_in" || command.type === "sign_out")
      this.set({ phase: { type: "signed_out", reason: null } });
    if (command.type === "enlarge") this.set({ enlarged: command.enlarged });
    if (command.type === "connect_now") this.set({ connection: { type: "online" } });
    if (command.type === "save_draft") this.drafts.set(command.conversation_id ?? "new", command.text);
    if (command.type === "change_setting") this.setting(command.change.name, command.change.value);
    if (command.type === "mark_read") this.read(command.id);
    if (command.type === "send_message") this.say(command.conversation_id, command.body);
    if (command.type === "discard") this.discard(command.id);
  }

  private read(id: string): void {
    this.change(id, { unread_count: 0 });
    this.set({ unread_count: this.conversations.reduce((sum, one) => sum + one.unread_count, 0) });
  }

  private setting(name: keyof SettingsView, value: string | boolean): void {
    const settings = { ...this.app.settings, [name]: data.chosen(value) };
    const locale = name === "language" && typeof value === "string" ? value || "en" : this.app.locale;
    this.set({ settings, locale });
  }

  private page(from: number): Answer {
    const next = from + 20 < this.conversations.length ? String(from + 20) : null;
    return { type: "conversations", value: { items: this.conversations.slice(from, from + 20), next } };
  }

  private chat(id: string): Answer {
    const conversation = this.conversations.find((one) => one.id === id);
    if (!conversation)
      throw { code: "not_found", attempts_left: null, retry_after_seconds: null } satisfies Failure;
    const lines = this.lines(id);
    const unread =
      conversation.unread_count > 0
        ? lines.filter((line) => !line.mine).at(-conversation.unread_count)
        : null;
    return {
      type: "chat",
      value: {
        conversation,
        messages: lines.slice(-50),
        more: lines.length > 50,
        first_unread: unread?.id ?? null,
        draft: this.drafts.get(id) ?? "",
      },
    };
  }

  private older(id: string, before: number): Answer {
    const lines = this.lines(id).filter((line) => line.seq !== null && line.seq < before);
    return { type: "messages", value: { messages: lines.slice(-50), more: lines.length > 50 } };
  }

  private start(description: string, device_id: string | null): Answer {
    const id = `n${this.conversations.length}`;
    const online = this.app.connection.type === "online";
    const device_name = this.devices.devices.find((device) => device.id === device_id)?.name ?? null;
    const delivery = { type: online ? "sent" : "waiting" } as const;
    const made = data.conversation(this.now(), {
      id,
      status: "new",
      assignee: null,
      subject: description.split("\n")[0] ?? "",
      device_name,
      ticket_number: online ? "HF-1044" : null,
      delivery,
      created_at: data.ago(this.now(), 0),
      last_activity_at: data.ago(this.now(), 0),
    });
    this.conversations = [made, ...this.conversations];
    this.drafts.delete("new");
    this.messages.set(id, [
      data.line(this.now(), {
        id,
        seq: online ? 1 : null,
        mine: true,
        body: description,
        delivery,
        created_at: data.ago(this.now(), 0),
      }),
    ]);
    this.send({ type: "conversation_changed", conversation: made });
    return { type: "started", value: { id } };
  }

  private link(url: string, confirmed: boolean): Answer {
    if (confirmed) return { type: "link", value: { type: "opened" } };
    const parsed = new URL(url);
    return {
      type: "link",
      value: {
        type: "confirm",
        host: parsed.host || parsed.pathname,
        url,
        insecure: parsed.protocol === "http:",
      },
    };
  }

  private discard(id: string): void {
    for (const [conversation_id, lines] of this.messages) {
      if (!lines.some((line) => line.id === id)) continue;
      this.messages.set(
        conversation_id,
        lines.filter((line) => line.id !== id),
      );
      this.send({ type: "message_removed", conversation_id, message_id: id });
    }
    this.conversations = this.conversations.filter((one) => one.id !== id);
  }

  private say(id: string, body: string): void {
    const message = data.line(this.now(), {
      id: `s${this.asked.length}`,
      mine: true,
      body,
      created_at: data.ago(this.now(), 0),
      delivery: { type: "waiting" },
    });
    this.put(id, message);
    if (this.lively && this.app.connection.type === "online") this.answerTo(id, message);
  }

  /** Sent, delivered, read, typed, answered: as it goes, within seconds. */
  private answerTo(id: string, message: MessageView): void {
    const seq = Math.max(0, ...this.lines(id).map((line) => line.seq ?? 0)) + 1;
    const steps: [number, () => void][] = [
      [300, () => this.put(id, { ...message, seq, delivery: { type: "sent" } })],
      [900, () => this.put(id, { ...message, seq, delivery: { type: "delivered" } })],
      [
        1800,
        () => this.put(id, { ...message, seq, delivery: { type: "read", at: data.ago(this.now(), 0) } }),
      ],
      [2200, () => this.send({ type: "typing", conversation_id: id, person: data.tess })],
      [
        4200,
        () =>
          this.put(
            id,
            data.line(this.now(), {
              id: `${message.id}-a`,
              seq: seq + 1,
              body: "Thank you, I will have a look.",
              created_at: data.ago(this.now(), 0),
            }),
          ),
      ],
    ];
    for (const [after, step] of steps) setTimeout(step, after);
  }
}
