import type { ConversationId } from "$shared/types/protocol";
import { hashOf, routeOf, type Route } from "./model/route";
import type { ListQuery, Section } from "./model/query";

/** Where the person is: the conversation open, and the list beside it. The address follows. */
export class Navigation {
  conversation = $state<ConversationId | null>(null);
  query = $state.raw<ListQuery>({ section: "unassigned", organization: null, text: "" });
  readonly #setHash: (hash: string) => void;

  constructor(setHash: (hash: string) => void) {
    this.#setHash = setHash;
  }

  /** The address was changed: by a link, by hand, by going back. */
  follow(hash: string): void {
    const route = routeOf(hash);
    this.conversation = route.at === "conversation" ? route.id : null;
    if (route.at === "section") this.query = { ...this.query, section: route.section };
  }

  open(id: ConversationId): void {
    this.#go({ at: "conversation", id });
  }

  leave(): void {
    this.#go({ at: "section", section: this.query.section });
  }

  /** Changes the list; the open conversation stays. */
  section(section: Section): void {
    this.query = { ...this.query, section };
    if (this.conversation === null) this.#setHash(hashOf({ at: "section", section }));
  }

  filter(change: Partial<Pick<ListQuery, "organization" | "text">>): void {
    this.query = { ...this.query, ...change };
  }

  #go(route: Route): void {
    this.conversation = route.at === "conversation" ? route.id : null;
    this.#setHash(hashOf(route));
  }
}
