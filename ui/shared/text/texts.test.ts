import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { keysSource, messages, readCatalogue } from "./catalogue.js";
import { LOCALES, chooseLocale, texts } from "./texts";

describe("the catalogues", () => {
  const english = messages(readCatalogue("en"));

  it.each(LOCALES.filter((locale) => locale !== "en"))(
    "%s says everything English says, with the same values",
    (locale) => {
      const other = messages(readCatalogue(locale));
      expect([...other.keys()].sort()).toEqual([...english.keys()].sort());
      for (const [key, values] of english) expect(other.get(key), key).toEqual(values);
    },
  );

  it("have their keys typed; run `npm run texts` when this is red", () => {
    const written = readFileSync(join(import.meta.dirname, "keys.ts"), "utf8");
    expect(written).toBe(keysSource(readCatalogue("en")));
  });
});

describe("choosing a locale", () => {
  it("takes the first wished one there is a catalogue for", () => {
    expect(chooseLocale(["fr-FR", "de-AT", "en"])).toBe("de");
  });
  it("is English when none is known", () => {
    expect(chooseLocale(["ja"])).toBe("en");
    expect(chooseLocale([])).toBe("en");
  });
});

describe("saying", () => {
  it("counts as the language does", () => {
    expect(texts("en")("unread-count", { count: 1 })).toBe("1 unread message");
    expect(texts("de")("unread-count", { count: 3 })).toBe("3 ungelesene Nachrichten");
  });
  it("shows a key nobody has as itself rather than nothing", () => {
    expect((texts("de") as unknown as (key: string) => string)("no-such-key")).toBe("no-such-key");
  });
});
