import { getContext, setContext } from "svelte";
import type { Desk } from "../desk/desk.svelte";
import type { Visit } from "../desk/visit.svelte";
import type { Preferences } from "../preferences.svelte";
import type { Navigation } from "../navigation.svelte";
import type { Chime } from "../attention/chime";

/** What every part of the signed-in console may use. Made once, where the console starts. */
export interface Place {
  desk: Desk;
  visit: Visit;
  preferences: Preferences;
  navigation: Navigation;
  chime: Chime;
}

const KEY = Symbol("place");

export function providePlace(place: Place): void {
  setContext(KEY, place);
}

export function usePlace(): Place {
  return getContext<Place>(KEY);
}
