import type { Announcement } from "../model/announcement";
import type { Surroundings } from "../desk/surroundings";
import { keptOrForgotten } from "../desk/surroundings";
import { apiOver } from "../server/api";
import { callOver } from "../server/transport";
import { FakeServer } from "./server";

/** A clock that stands until it is set forward, and then does what was to be done by then. */
export class SetClock {
  now = Date.parse("2026-11-21T09:00:00.000Z");
  #due: { at: number; then: () => void }[] = [];

  readonly after = (millis: number, then: () => void): (() => void) => {
    const entry = { at: this.now + millis, then };
    this.#due.push(entry);
    return () => {
      this.#due = this.#due.filter((other) => other !== entry);
    };
  };

  /** Lets `millis` pass, and everything that follows from it. */
  async pass(millis: number): Promise<void> {
    const end = this.now + millis;
    await settled();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.now = next.at;
      this.#due = this.#due.filter((other) => other !== next);
      next.then();
      await settled();
    }
    this.now = end;
    await settled();
  }

  #next(end: number) {
    return this.#due.filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0];
  }
}

/** Lets everything that is ready run. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
}

/** A fake server, a clock that is set, and what was announced. */
export function fakeSurroundings() {
  const clock = new SetClock();
  const server = new FakeServer(() => clock.now);
  const announced: Announcement[] = [];
  let drawn = 0;
  const around: Surroundings = {
    api: apiOver(callOver(server.fetch)),
    openSocket: server.openSocket,
    now: () => clock.now,
    after: clock.after,
    chance: () => 0.5,
    randomBytes: (count) => new Uint8Array(count).map(() => (drawn = (drawn * 73 + 41) % 256)),
    tab: keptOrForgotten(() => {
      throw new Error("nothing is kept between tests");
    }),
    announce: (announcement) => void announced.push(announcement),
  };
  return { clock, server, announced, around };
}
