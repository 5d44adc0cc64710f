/** What a key does anywhere in the console where nothing is being typed. */
export type Shortcut =
  "next" | "previous" | "search" | "take" | "reply" | "note" | "help" | "leave" | `section ${1 | 2 | 3 | 4}`;

const KEYS: Record<string, Shortcut> = {
  j: "next",
  k: "previous",
  "/": "search",
  t: "take",
  r: "reply",
  n: "note",
  "?": "help",
  Escape: "leave",
  "1": "section 1",
  "2": "section 2",
  "3": "section 3",
  "4": "section 4",
};

/** The part of a key press that decides. */
export interface Press {
  key: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  defaultPrevented: boolean;
}

/** The shortcut a key press is; none while somebody types or another key is held. */
export function shortcutOf(press: Press, typing: boolean): Shortcut | null {
  if (typing || press.defaultPrevented || press.ctrlKey || press.altKey || press.metaKey) return null;
  return KEYS[press.key] ?? null;
}
