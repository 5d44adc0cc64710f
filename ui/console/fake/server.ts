import type {
  AccountId,
  Assign,
  Conversation,
  ConversationId,
  ConversationItem,
  ErrorCode,
  Event,
  Me,
  Message,
  MessageKind,
  Person,
  Problem,
  SendMessage,
  ServerFrame,
  Update,
} from "$shared/types/protocol";
import type { Socket } from "../server/feed";
import { FakeSocket } from "./socket";
import { fakeId, HARBOUR, KITE, OMAR, TECHNICIANS, TESS_ACCOUNT, type FakeRequester } from "./people";

/** The code and the authenticator's digits that the fake takes. */
export const FAKE_CODE = "123456";

interface Request {
  method: string;
  path: string;
  query: URLSearchParams;
  body: never;
}

class Refused extends Error {
  readonly status: number;
  readonly code: ErrorCode;
  readonly more: Partial<Problem>;
  constructor(status: number, code: ErrorCode, more: Partial<Problem> = {}) {
    super(code);
    this.status = status;
    this.code = code;
    this.more = more;
  }
}

/** A server in memory that keeps the wire's promises: what the console is shown and tested with. */
export class FakeServer {
  signedIn = true;
  /** Nothing is heard while it is down. */
  down = false;
  /** Calls answered so far, as `POST /v1/…`. */
  readonly heard: string[] = [];
  readonly sockets: FakeSocket[] = [];
  /** What was refused next to nothing: the coming answers to a path that ends like this get lost. */
  loseAnswersTo: string | null = null;
  /** Answers are made at once and arrive when this is done. */
  late: Promise<void> | null = null;
  readonly me = TESS_ACCOUNT;
  readonly conversations = new Map<ConversationId, Conversation>();
  readonly messages = new Map<ConversationId, Message[]>();
  readonly read = new Map<string, number>();
  readonly log: Event[] = [];
  readonly now: () => number;
  #numbers = 0;
  #viewing: ConversationId | null = null;

  constructor(now: () => number) {
    this.now = now;
  }

  /** Plays `fetch`. */
  readonly fetch = async (path: string, init: RequestInit): Promise<Response> => {
    await Promise.resolve();
    if (this.down) throw new TypeError("network");
    const url = new URL(path, "https://fake.example");
    const method = init.method ?? "GET";
    this.heard.push(`${method} ${url.pathname}`);
    try {
      if (method !== "GET" && !new Headers(init.headers).has("X-Deskbell-Request"))
        throw new Refused(403, "foreign_origin");
      const body = JSON.parse(String(init.body ?? "null")) as never;
      const answer = this.#answer({ method, path: url.pathname, query: url.searchParams, body });
      await this.late;
      if (this.loseAnswersTo && url.pathname.endsWith(this.loseAnswersTo)) throw new TypeError("network");
      return answer === null ? new Response(null, { status: 204 }) : Response.json(answer);
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown;
      return problemResponse(thrown);
    }
  };

  /** Plays `new WebSocket`. */
  readonly openSocket = (): Socket => {
    const socket = new FakeSocket((frame) => this.#hello(socket, frame));
    if (this.down || !this.signedIn) socket.fail(1006);
    else {
      this.sockets.push(socket);
      socket.opened();
    }
    return socket;
  };

  // What happens on the other side.

  /** Somebody asks for help. */
  ask(requester: FakeRequester, description: string, at = this.now()): Conversation {
    const id = fakeId("c", ++this.#numbers);
    const time = new Date(at).toISOString();
    const conversation: Conversation = {
      id,
      ticket: { number: `T-${1000 + this.#numbers}` },
      status: "new",
      label: null,
      subject: description.split("\n")[0]?.slice(0, 80) ?? "",
      requester: requester.person,
      organization: requester.organization,
      device: requester.device,
      assignee: null,
      created_at: time,
      last_activity_at: time,
      closed_at: null,
      closed_by: null,
    };
    this.#change(conversation);
    this.#line(conversation, { id, kind: "message", author: requester.person, body: description, at });
    this.#line(conversation, {
      kind: "update",
      author: null,
      update: { type: "ticket_created", ticket: { number: `T-${1000 + this.#numbers}` } },
      at,
    });
    return conversation;
  }

  /** Somebody writes. */
  write(
    id: ConversationId,
    author: Person,
    body: string,
    kind: MessageKind = "message",
    at = this.now(),
  ): Message {
    const before = this.#conversation(id);
    const status =
      kind === "note" || !before.assignee ? before.status : author.role === "requester" ? "open" : "waiting";
    const conversation = { ...before, status, last_activity_at: new Date(at).toISOString() };
    this.#change(conversation);
    return this.#line(conversation, { kind, author, body, at });
  }

  /** Somebody is given it. */
  assign(id: ConversationId, technician: Person, by: Person = technician, at = this.now()): Conversation {
    const conversation = {
      ...this.#conversation(id),
      assignee: technician,
      status: "open" as const,
      last_activity_at: new Date(at).toISOString(),
    };
    this.#change(conversation);
    this.#line(conversation, { kind: "update", author: by, update: { type: "assigned", technician }, at });
    return conversation;
  }

  close(id: ConversationId, by: Person, at = this.now()): Conversation {
    const time = new Date(at).toISOString();
    const conversation = {
      ...this.#conversation(id),
      status: "closed" as const,
      closed_at: time,
      closed_by: by,
      last_activity_at: time,
    };
    this.#change(conversation);
    this.#line(conversation, { kind: "update", author: by, update: { type: "closed" }, at });
    return conversation;
  }

  /** The requester's client has shown everything up to now. */
  seenBy(id: ConversationId, state: "received" | "read"): void {
    const at = new Date(this.now()).toISOString();
    const lines = this.messages.get(id) ?? [];
    const seen = (line: Message) => line.kind === "message" && line.author?.role !== "requester";
    const ticked = { received_at: at, ...(state === "read" ? { read_at: at } : {}) };
    this.messages.set(
      id,
      lines.map((line) => (seen(line) ? { ...line, ...ticked } : line)),
    );
    this.#tell({ type: "receipt", conversation_id: id, state, seq: this.log.length, at });
  }

  typing(id: ConversationId, person: Person): void {
    this.#aside({ type: "typing", conversation_id: id, person });
  }

  viewing(id: ConversationId, technicians: Person[]): void {
    this.#aside({ type: "viewing", conversation_id: id, technicians });
  }

  /** Every websocket breaks; with a code, the server closed it. */
  cut(code = 1006): void {
    for (const socket of this.sockets.splice(0)) socket.fail(code);
  }

  endSession(code: 4401 | 4403 = 4403): void {
    this.signedIn = false;
    this.cut(code);
  }

  // The wire.

  #answer(request: Request): unknown {
    const { method, path } = request;
    if (path.startsWith("/v1/sign-in")) return this.#signIn(path, request.body);
    if (!this.signedIn) throw new Refused(401, "not_signed_in");
    if (method === "DELETE" && path === "/v1/session") return this.#signOut();
    if (path === "/v1/me") return this.#me();
    if (path === "/v1/technicians") return { items: TECHNICIANS, next: null };
    if (path === "/v1/organizations") return { items: [KITE, HARBOUR], next: null };
    if (path === "/v1/articles") return { items: [], next: null };
    if (path === "/v1/sessions") return { items: this.#sessions(), next: null };
    if (path.startsWith("/v1/sessions/")) return null;
    if (path === "/v1/conversations") return this.#list(request.query);
    const [, , , id = "", what = ""] = path.split("/");
    return this.#one(id, what, request);
  }

  #signIn(path: string, body: { code?: string; totp?: string } | null): unknown {
    if (path === "/v1/sign-in") return { challenge_id: fakeId("x", 1) };
    if (path.endsWith("/code")) return null;
    const wrong = new Refused(401, "code_invalid", { attempts_left: 4 });
    if (path.endsWith("/verify"))
      throw body?.code === FAKE_CODE ? new Refused(403, "second_factor_required") : wrong;
    if (body?.totp !== FAKE_CODE) throw wrong;
    this.signedIn = true;
    return {
      token: null,
      session_id: fakeId("s", 1),
      expires_at: new Date(this.now() + 43_200_000).toISOString(),
      account: this.me,
    };
  }

  #signOut(): null {
    this.endSession();
    return null;
  }

  #me(): Me {
    const features = { attachments: false, typing: true };
    return {
      account: this.me,
      session_id: fakeId("s", 1),
      organization: null,
      features,
      limits: { text_bytes: 16_384, upload_bytes: 0 },
    };
  }

  #sessions() {
    const time = (ago: number) => new Date(this.now() - ago).toISOString();
    const session = {
      current: false,
      client: "Firefox 143 on Windows",
      ip: "192.0.2.17",
      created_at: time(7_200_000),
      last_used_at: time(600_000),
      expires_at: time(-36_000_000),
    };
    return [
      {
        ...session,
        id: fakeId("s", 1),
        current: true,
        client: "Chromium 140 on Linux",
        ip: "192.0.2.4",
        last_used_at: time(0),
      },
      { ...session, id: fakeId("s", 2) },
    ];
  }

  #list(query: URLSearchParams) {
    const after = Number(query.get("after") ?? 0);
    const limit = Number(query.get("limit") ?? 50);
    const all = [...this.conversations.values()]
      .filter((conversation) => this.#matches(conversation, query))
      .sort(byActivity);
    const items = all.slice(after, after + limit).map((conversation) => this.#item(conversation));
    return { items, next: after + limit < all.length ? String(after + limit) : null };
  }

  #matches(conversation: Conversation, query: URLSearchParams): boolean {
    const assignee = query.get("assignee");
    const organization = query.get("organization");
    const text = query.get("text")?.toLowerCase() ?? "";
    if (!(query.get("status") ?? conversation.status).split(",").includes(conversation.status)) return false;
    if (assignee === "none" && conversation.assignee) return false;
    if (assignee === "me" && conversation.assignee?.id !== this.me.id) return false;
    if (organization && conversation.organization.id !== organization) return false;
    const words = [conversation.subject, conversation.requester.name, conversation.ticket?.number ?? ""];
    return words.some((word) => word.toLowerCase().includes(text));
  }

  #one(id: ConversationId, what: string, request: Request): unknown {
    const conversation = this.#conversation(id);
    if (what === "") return this.#item(conversation);
    if (what === "messages" && request.method === "GET") return this.#history(id, request.query);
    if (what === "messages") return this.#send(conversation, request.body);
    if (what === "read") return this.#markRead(id, request.body);
    if (what === "assign") return this.#assignCall(conversation, request.body);
    if (conversation.assignee && conversation.assignee.id !== this.me.id)
      throw new Refused(403, "not_assigned");
    return this.close(id, this.#self());
  }

  #history(id: ConversationId, query: URLSearchParams) {
    const before = Number(query.get("before") ?? Infinity);
    const limit = Number(query.get("limit") ?? 50);
    const lines = (this.messages.get(id) ?? []).filter((line) => line.seq < before);
    const items = lines.slice(-limit);
    return { items, next: lines.length > limit ? String(items[0]?.seq) : null };
  }

  #send(conversation: Conversation, wish: SendMessage): Message {
    const known = this.messages.get(conversation.id)?.find((line) => line.id === wish.id);
    if (known) return known;
    if (conversation.status === "closed") throw new Refused(409, "conversation_closed");
    if (conversation.assignee?.id !== this.me.id) throw new Refused(403, "not_assigned");
    const status = wish.kind === "note" ? conversation.status : "waiting";
    this.#change({ ...conversation, status, last_activity_at: new Date(this.now()).toISOString() });
    return this.#line(conversation, {
      id: wish.id,
      kind: wish.kind,
      author: this.#self(),
      body: wish.body,
      at: this.now(),
    });
  }

  #markRead(id: ConversationId, wish: { seq: number }): null {
    this.read.set(id, Math.max(wish.seq, this.read.get(id) ?? 0));
    const item = this.#item(this.#conversation(id));
    this.#tell({
      type: "read",
      conversation_id: id,
      account_id: this.me.id,
      seq: item.read_seq,
      unread_count: item.unread_count,
    });
    return null;
  }

  #assignCall(conversation: Conversation, wish: Assign): Conversation {
    const holder: AccountId | null = conversation.assignee?.id ?? null;
    if (holder !== wish.replaces)
      throw new Refused(409, "already_assigned", { assignee: conversation.assignee ?? OMAR });
    const technician = TECHNICIANS.find((one) => one.id === wish.technician_id) ?? this.#self();
    const assigned = this.assign(conversation.id, technician, this.#self());
    if (wish.note)
      this.#line(assigned, { kind: "note", author: this.#self(), body: wish.note, at: this.now() });
    return assigned;
  }

  #item(conversation: Conversation): ConversationItem {
    const lines = this.messages.get(conversation.id) ?? [];
    const read_seq = this.read.get(conversation.id) ?? 0;
    const written = lines.filter((line) => line.kind !== "update");
    const unread_count = written.filter(
      (line) => line.seq > read_seq && line.author?.id !== this.me.id,
    ).length;
    const last = written.at(-1);
    const preview = last?.author
      ? {
          author: last.author,
          text: last.body.replace(/\s+/g, " ").slice(0, 160),
          created_at: last.created_at,
        }
      : null;
    return { conversation, unread_count, read_seq, preview };
  }

  #conversation(id: ConversationId): Conversation {
    const conversation = this.conversations.get(id);
    if (!conversation) throw new Refused(404, "not_found");
    return conversation;
  }

  #self(): Person {
    const { id, name, role } = this.me;
    return { id, name, role };
  }

  // The feed.

  #change(conversation: Conversation): void {
    const before = this.conversations.get(conversation.id);
    this.conversations.set(conversation.id, conversation);
    // A line alone is no change: its own event tells of the activity.
    const { last_activity_at } = conversation;
    const same = before && JSON.stringify({ ...before, last_activity_at }) === JSON.stringify(conversation);
    if (!same) this.#tell({ type: "conversation_changed", conversation });
  }

  #line(
    conversation: Conversation,
    line: {
      id?: string;
      kind: MessageKind;
      author: Person | null;
      body?: string;
      update?: Update;
      at: number;
    },
  ): Message {
    const seq = this.log.length + 1;
    const message: Message = {
      id: line.id ?? fakeId("m", seq),
      conversation_id: conversation.id,
      seq,
      kind: line.kind,
      author: line.author,
      body: line.body ?? "",
      update: line.update ?? null,
      created_at: new Date(line.at).toISOString(),
      received_at: null,
      read_at: null,
    };
    this.messages.set(conversation.id, [...(this.messages.get(conversation.id) ?? []), message]);
    this.#tell({ type: "message_created", message });
    return message;
  }

  #tell(event: Event): void {
    this.log.push(event);
    const seq = this.log.length;
    for (const socket of this.sockets) socket.receive({ type: "event", seq, cursor: `1:${seq}`, event });
  }

  #aside(frame: ServerFrame): void {
    for (const socket of this.sockets) socket.receive(frame);
  }

  #hello(
    socket: FakeSocket,
    frame: { type: string; cursor?: string | null; conversation_id?: ConversationId | null },
  ): void {
    if (frame.type === "viewing") return this.#looks(frame.conversation_id ?? null);
    if (frame.type !== "hello") return;
    const from = frame.cursor ? Number(frame.cursor.split(":")[1]) : this.log.length;
    socket.receive({ type: "hello", cursor: `1:${from}`, server_time: new Date(this.now()).toISOString() });
    this.log.slice(from).forEach((event, place) => {
      const seq = from + place + 1;
      socket.receive({ type: "event", seq, cursor: `1:${seq}`, event });
    });
  }

  #looks(id: ConversationId | null): void {
    const before = this.#viewing;
    this.#viewing = id;
    if (before && before !== id) this.viewing(before, []);
    if (id) this.viewing(id, [this.#self()]);
  }
}

function byActivity(a: Conversation, b: Conversation): number {
  return b.last_activity_at.localeCompare(a.last_activity_at) || b.id.localeCompare(a.id);
}

function problemResponse({ status, code, more }: Refused): Response {
  const problem: Problem = { type: "about:blank", title: code, status, code, detail: code, ...more };
  return Response.json(problem, { status, headers: { "Content-Type": "application/problem+json" } });
}
