import type { Words } from "./words";

/** What the browser lets us do: `unsupported` where it has no notifications at all. */
export type Permission = "unsupported" | "default" | "granted" | "denied";

export function permission(): Permission {
  return typeof Notification === "undefined" ? "unsupported" : Notification.permission;
}

/** Asks the person; must be called from a click. */
export async function askPermission(): Promise<Permission> {
  return typeof Notification === "undefined" ? "unsupported" : Notification.requestPermission();
}

/** Shows a notification of the browser's; one conversation's replace one another. */
export function notify(tag: string, words: Words, open: () => void): void {
  if (permission() !== "granted") return;
  try {
    const notification = new Notification(words.title, { tag, body: `${words.conversation}\n${words.text}` });
    notification.onclick = () => {
      window.focus();
      notification.close();
      open();
    };
  } catch {
    // Some browsers allow them to service workers only: the card and the sound remain.
  }
}

/** The tab's title with what is unread, `(3) Deskbell`. */
export function titleWith(count: number, title: string): string {
  return count === 0 ? title : `(${count > 99 ? "99+" : count}) ${title}`;
}
