import "$shared/theme/tokens.css";
import "$shared/theme/base.css";
import { mount } from "svelte";
import { texts } from "$shared/text/texts";
import App from "./App.svelte";
import { notify } from "./attention/browser";
import { Chime } from "./attention/chime";
import { wordsOf } from "./attention/words";
import { keptOrForgotten, type Surroundings } from "./desk/surroundings";
import { Visit } from "./desk/visit.svelte";
import type { Announcement } from "./model/announcement";
import { Navigation } from "./navigation.svelte";
import { Preferences } from "./preferences.svelte";
import { apiOver } from "./server/api";
import type { Socket } from "./server/feed";
import { callOver, type Fetch } from "./server/transport";

/** The way to the server: the browser's own, or a fake one. */
export interface Way {
  fetch: Fetch;
  openSocket(): Socket;
}

/** Starts the console in `target`. */
export function start(target: HTMLElement, way: Way): Visit {
  const preferences = new Preferences(
    keptOrForgotten(() => localStorage),
    navigator.languages,
  );
  const navigation = new Navigation((hash) => history.pushState(null, "", hash));
  const chime = new Chime();
  const announce = (announcement: Announcement) => {
    if (preferences.sound) chime.ring(announcement.kind === "new_request" ? "request" : "message");
    if (!preferences.notifications || document.hasFocus()) return;
    const { id } = announcement.conversation;
    notify(id, wordsOf(texts(preferences.locale), announcement), () => navigation.open(id));
  };
  const visit = new Visit(surroundings(way, announce));
  const follow = () => navigation.follow(location.hash);
  follow();
  window.addEventListener("hashchange", follow);
  window.addEventListener("popstate", follow);
  mount(App, { target, props: { visit, preferences, navigation, chime } });
  void visit.start();
  return visit;
}

function surroundings(way: Way, announce: Surroundings["announce"]): Surroundings {
  return {
    api: apiOver(callOver(way.fetch)),
    openSocket: () => way.openSocket(),
    now: () => Date.now(),
    after: (millis, then) => {
      const timer = setTimeout(then, millis);
      return () => clearTimeout(timer);
    },
    chance: () => Math.random(),
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    tab: keptOrForgotten(() => sessionStorage),
    announce,
  };
}
