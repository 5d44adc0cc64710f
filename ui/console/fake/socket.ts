import type { ServerFrame } from "$shared/types/protocol";
import type { Socket } from "../server/feed";

/** One end of a websocket that leads nowhere. */
export class FakeSocket implements Socket {
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  /** What the console sent. */
  readonly sent: { type: string; [field: string]: unknown }[] = [];
  #open = true;
  readonly #hear: (frame: never) => void;

  constructor(hear: (frame: never) => void) {
    this.#hear = hear;
  }

  opened(): void {
    queueMicrotask(() => this.onopen?.(undefined as never));
  }

  receive(frame: ServerFrame): void {
    const data = JSON.stringify(frame);
    queueMicrotask(() => this.#open && this.onmessage?.({ data }));
  }

  /** Closes from the other side. */
  fail(code: number): void {
    queueMicrotask(() => {
      if (!this.#open) return;
      this.#open = false;
      this.onclose?.({ code });
    });
  }

  send(text: string): void {
    if (!this.#open) return;
    const frame = JSON.parse(text) as { type: string };
    this.sent.push(frame);
    this.#hear(frame as never);
  }

  close(): void {
    this.#open = false;
  }
}
