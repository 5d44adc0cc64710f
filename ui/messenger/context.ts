import { getContext, setContext } from "svelte";
import type { Link } from "$shared/link";
import type { AppView, Route } from "$shared/types/messenger";
import type { Client } from "./client";
import type { Conversations } from "./home/conversations.svelte";

/** What every view may need of the window around it. */
export interface Around {
  readonly client: Client;
  readonly app: AppView;
  readonly conversations: Conversations;
  /** The time as shown; moves on by itself. */
  readonly now: number;
  /** What the top bar says, when the view knows better than its name. */
  title: string | null;
  /** The window has the keyboard. */
  readonly focused: boolean;
  go(route: Route): void;
  /** A link in a text was pressed. */
  follow(link: Link, misleading: boolean, hidden: boolean): void;
  /** Opens an address whose destination the user can see: an article's, the hotline's. */
  open(url: string): void;
}

const KEY = Symbol("around");

/** Makes the window's surroundings available to every view. */
export function provideAround(around: Around): void {
  setContext(KEY, around);
}

/** The window around this view. */
export function useAround(): Around {
  return getContext<Around>(KEY);
}
