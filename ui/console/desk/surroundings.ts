import type { Announcement } from "../model/announcement";
import type { Api } from "../server/api";
import type { Socket } from "../server/feed";

/** The part of a browser's storage that is used. */
export interface Kept {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Everything outside the console's own state: server, clock, chance, storage, attention. */
export interface Surroundings {
  api: Api;
  openSocket(): Socket;
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls once after `millis`; the answer cancels. */
  after(millis: number, then: () => void): () => void;
  /** In [0, 1). */
  chance(): number;
  randomBytes(count: number): Uint8Array;
  /** Kept until the tab is closed. */
  tab: Kept;
  /** Calls attention to something outside the page: sound, a notification of the browser's. */
  announce(announcement: Announcement): void;
}

/** A store that never fails: a browser may refuse to keep things. */
export function keptOrForgotten(open: () => Storage): Kept {
  const forgotten = new Map<string, string>();
  const attempt = <T>(use: (storage: Storage) => T, otherwise: () => T): T => {
    try {
      return use(open());
    } catch {
      return otherwise();
    }
  };
  return {
    getItem: (key) =>
      attempt(
        (storage) => storage.getItem(key),
        () => forgotten.get(key) ?? null,
      ),
    setItem: (key, value) =>
      attempt(
        (storage) => storage.setItem(key, value),
        () => void forgotten.set(key, value),
      ),
    removeItem: (key) =>
      attempt(
        (storage) => storage.removeItem(key),
        () => void forgotten.delete(key),
      ),
  };
}
