import type { ConversationId } from "$shared/types/protocol";
import { SECTIONS, type Section } from "./query";
import { isUuid } from "./uuid";

/** A place in the console, as the address after `#` names it. */
export type Route =
  { at: "section"; section: Section } | { at: "conversation"; id: ConversationId } | { at: "start" };

/** The place a hash names; anything unknown is the start. */
export function routeOf(hash: string): Route {
  const [place, id] = hash.replace(/^#\/?/u, "").split("/");
  if (place === "conversation" && id && isUuid(id.toLowerCase()))
    return { at: "conversation", id: id.toLowerCase() };
  const section = SECTIONS.find((known) => known === place);
  return section ? { at: "section", section } : { at: "start" };
}

export function hashOf(route: Route): string {
  if (route.at === "conversation") return `#/conversation/${route.id}`;
  return route.at === "section" ? `#/${route.section}` : "#/";
}
