import { FluentBundle, FluentResource } from "@fluent/bundle";
import de from "$locales/de.ftl?raw";
import en from "$locales/en.ftl?raw";
import { getContext, setContext } from "svelte";
import type { Texts, Value } from "./keys";

/** A key of the catalogue. */
export type TextKey = keyof Texts;
/** The keys whose text needs no values. */
export type PlainKey = { [K in TextKey]: Texts[K] extends Record<string, Value> ? never : K }[TextKey];

/** Turns a key and its values into text of the locale in use. */
export interface Say {
  <K extends TextKey>(key: K, ...values: keyof Texts[K] extends never ? [] : [Texts[K]]): string;
  /** BCP 47, for `lang` and for `Intl`: the catalogue's language with the region of the system. */
  readonly locale: string;
}

const sources: Record<string, string> = { en, de };

/** The locales there is a catalogue for. */
export const LOCALES = ["en", "de"] as const;

/** The first of the wished locales there is a catalogue for; English if there is none. */
export function chooseLocale(wished: readonly string[]): string {
  const known = wished.map((tag) => tag.toLowerCase().split("-")[0] ?? "").find((tag) => tag in sources);
  return known ?? "en";
}

/** The system's variant of a language, so that a Briton's English does not write American dates. */
function regional(language: string): string {
  return navigator.languages.find((tag) => tag.toLowerCase().split("-")[0] === language) ?? language;
}

/** Texts of one locale; what it lacks comes from English, and a key nobody has is shown as itself. */
export function texts(locale: string): Say {
  const chosen = chooseLocale([locale]);
  const say = (key: string, values: Record<string, Value> = {}) => {
    for (const known of [chosen, "en"]) {
      const bundle = bundleOf(known);
      const pattern = bundle.getMessage(key)?.value;
      if (pattern) return bundle.formatPattern(pattern, values, []);
    }
    return key;
  };
  return Object.assign(say as Omit<Say, "locale">, { locale: regional(chosen) }) as Say;
}

const bundles = new Map<string, FluentBundle>();

/** A catalogue, read when its first text is wanted. */
function bundleOf(locale: string): FluentBundle {
  const known = bundles.get(locale) ?? readBundle(locale);
  bundles.set(locale, known);
  return known;
}

function readBundle(locale: string): FluentBundle {
  // Names are cleaned of direction characters before they come here, so no isolation marks are put around them.
  const bundle = new FluentBundle(locale, { useIsolating: false });
  bundle.addResource(new FluentResource(sources[locale] ?? ""));
  return bundle;
}

const KEY = Symbol("texts");

/** Makes texts available to every component below; `get` is called anew when the locale changes. */
export function provideTexts(get: () => Say): void {
  setContext(KEY, get);
}

/** The texts in use. Call it in a component's script and read `say()` in the markup, so that a change shows at once. */
export function useTexts(): () => Say {
  return getContext<() => Say>(KEY);
}
