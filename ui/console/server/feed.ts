import type { ClientFrame, ServerFrame } from "$shared/types/protocol";
import { backoffMillis } from "./backoff";
import { verdict, type Place } from "./feedOrder";

type EventFrame = Extract<ServerFrame, { type: "event" }>;
type AsideFrame = Extract<ServerFrame, { type: "typing" | "viewing" }>;

/** The part of a browser's WebSocket that is used. */
export interface Socket {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

/** What the feed tells. */
export interface FeedListener {
  /** A connection is live. `resync`: load everything anew. `serverTime` in milliseconds. */
  live(resync: boolean, serverTime: number): void;
  event(frame: EventFrame): void;
  aside(frame: AsideFrame): void;
  /** The connection is gone; the next try is in `retryMillis`. */
  lost(retryMillis: number): void;
  /** The server closed the session. */
  signedOut(reason: "session_expired" | "session_ended"): void;
}

/** What the feed needs from its surroundings. */
export interface FeedSurroundings {
  openSocket(): Socket;
  /** Milliseconds since 1970. */
  now(): number;
  after(millis: number, then: () => void): () => void;
  chance(): number;
}

const SESSION_EXPIRED = 4401;
const SESSION_ENDED = 4403;
const REPLACED = 4409;
/** Another window took this one's place: do not fight for it. */
const REPLACED_MILLIS = 30_000;
/** The hello must come within this. */
const HELLO_MILLIS = 10_000;
/** The server speaks at least this often; a line that is dead without saying so is given up after it. */
const SILENCE_MILLIS = 60_000;
/** Whoever comes back to the page does not wait for that. */
const DOUBT_MILLIS = 45_000;
/** Several `received` in a burst become one. */
const RECEIVED_MILLIS = 200;

/** The websocket at `/v1/feed`: connects for ever, resumes at its cursor, keeps events in order. */
export class Feed {
  #place: Place = { cursor: null, seq: null };
  #socket: Socket | null = null;
  #live = false;
  #failures = 0;
  #gaps = 0;
  #cancelRetry: (() => void) | null = null;
  #cancelHello: (() => void) | null = null;
  #cancelReceived: (() => void) | null = null;
  #cancelSilence: (() => void) | null = null;
  #heardAt = 0;
  readonly #around: FeedSurroundings;
  readonly #listener: FeedListener;

  constructor(around: FeedSurroundings, listener: FeedListener) {
    this.#around = around;
    this.#listener = listener;
  }

  /** Connects at once, also when a wait for the next try is running. */
  connect(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    if (this.#socket) return;
    const socket = this.#around.openSocket();
    this.#socket = socket;
    socket.onopen = () => this.#greet();
    socket.onmessage = (message) => this.#hear(socket, message.data);
    socket.onclose = (event) => this.#closed(socket, event.code);
    this.#cancelHello = this.#around.after(HELLO_MILLIS, () => this.#drop());
  }

  /** The person is back or the network is: a line that has been silent is made anew. */
  prove(): void {
    if (this.#live && this.#around.now() - this.#heardAt >= DOUBT_MILLIS) this.#letGo();
    this.connect();
  }

  /** Ends the connection for good; `connect` starts anew from now. */
  end(): void {
    this.#place = { cursor: null, seq: null };
    this.#failures = 0;
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    this.#letGo();
  }

  /** Sends when live; says whether it was. */
  send(frame: ClientFrame): boolean {
    if (!this.#live || !this.#socket) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #greet(): void {
    const hello: ClientFrame = { type: "hello", cursor: this.#place.cursor };
    this.#socket?.send(JSON.stringify(hello));
  }

  #hear(socket: Socket, data: unknown): void {
    const frame = socket === this.#socket ? parse(data) : null;
    if (!frame) return;
    this.#heardAt = this.#around.now();
    if (frame.type === "alive") this.#expectLife();
    if (frame.type === "hello" || frame.type === "resync") this.#begin(frame);
    else if (frame.type === "event") this.#take(frame);
    else if (frame.type === "typing" || frame.type === "viewing") this.#listener.aside(frame);
  }

  #begin(frame: Extract<ServerFrame, { type: "hello" | "resync" }>): void {
    const fresh = this.#place.cursor === null || frame.type === "resync";
    if (fresh) this.#place = { cursor: frame.cursor, seq: null };
    this.#cancelHello?.();
    this.#failures = 0;
    this.#live = true;
    this.#listener.live(fresh, Date.parse(frame.server_time));
  }

  #take(frame: EventFrame): void {
    const what = verdict(this.#place, frame.seq);
    if (what === "duplicate") return;
    if (what === "gap") return this.#resume();
    this.#gaps = 0;
    this.#place = { cursor: frame.cursor, seq: frame.seq };
    this.#listener.event(frame);
    this.#confirm();
  }

  /** Asks again from the last good place; when that does not help, starts from now. */
  #resume(): void {
    this.#gaps += 1;
    if (this.#gaps > 1) {
      this.#gaps = 0;
      this.#place = { cursor: null, seq: null };
    }
    this.#letGo();
    this.connect();
  }

  /** Only a server that says it is alive is taken for dead when it does not. */
  #expectLife(): void {
    this.#cancelSilence?.();
    this.#cancelSilence = this.#around.after(SILENCE_MILLIS, () => this.#drop());
  }

  #confirm(): void {
    if (this.#cancelReceived) return;
    this.#cancelReceived = this.#around.after(RECEIVED_MILLIS, () => {
      this.#cancelReceived = null;
      if (this.#place.seq !== null) this.send({ type: "received", seq: this.#place.seq });
    });
  }

  #drop(): void {
    const socket = this.#socket;
    this.#letGo();
    if (socket) this.#retry(0);
  }

  #closed(socket: Socket, code: number): void {
    if (socket !== this.#socket) return;
    this.#letGo();
    if (code === SESSION_EXPIRED) this.#listener.signedOut("session_expired");
    else if (code === SESSION_ENDED) this.#listener.signedOut("session_ended");
    else this.#retry(code === REPLACED ? REPLACED_MILLIS : 0);
  }

  #retry(leastMillis: number): void {
    this.#failures += 1;
    const millis = leastMillis + backoffMillis(this.#failures, this.#around.chance());
    this.#cancelRetry = this.#around.after(millis, () => this.connect());
    this.#listener.lost(millis);
  }

  #letGo(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#live = false;
    this.#cancelHello?.();
    this.#cancelReceived?.();
    this.#cancelSilence?.();
    this.#cancelHello = this.#cancelReceived = this.#cancelSilence = null;
    socket?.close();
  }
}

function parse(data: unknown): ServerFrame | null {
  try {
    const frame = JSON.parse(String(data)) as ServerFrame | null;
    return frame && typeof frame === "object" && typeof frame.type === "string" ? frame : null;
  } catch {
    return null;
  }
}
