// Writes keys.ts, the type of every text and of the values it needs, from locales/en.ftl.
import { parse } from "@fluent/syntax";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const catalogue = (locale) => join(import.meta.dirname, "../../../locales", `${locale}.ftl`);

/** The names of the values a pattern uses, over all branches. */
function variables(node, found = new Set()) {
  if (Array.isArray(node)) node.forEach((part) => variables(part, found));
  else if (node && typeof node === "object") {
    if (node.type === "VariableReference") found.add(node.id.name);
    Object.values(node).forEach((part) => variables(part, found));
  }
  return found;
}

/** Every message of a catalogue with its values; junk is an error that names its text. */
export function messages(source) {
  const found = new Map();
  for (const entry of parse(source, { withSpans: false }).body) {
    if (entry.type === "Junk") throw new Error(`not understood in the catalogue: ${entry.content}`);
    if (entry.type !== "Message") continue;
    if (found.has(entry.id.name)) throw new Error(`twice in the catalogue: ${entry.id.name}`);
    found.set(entry.id.name, [...variables(entry.value)].sort());
  }
  return found;
}

/** The TypeScript for a catalogue. */
export function keysSource(source) {
  const lines = [...messages(source)].map(([key, values]) => {
    const fields = values.map((name) => `${name}: Value`).join("; ");
    return `  "${key}": ${fields ? `{ ${fields} }` : "Record<never, never>"};`;
  });
  return [
    "// Written by catalogue.js from locales/en.ftl. Do not edit.",
    "/** What can be put into a text. */",
    "export type Value = string | number;",
    "/** Every text and the values it needs. */",
    "export interface Texts {",
    ...lines,
    "}",
    "",
  ].join("\n");
}

/** A catalogue's text, by locale. */
export const readCatalogue = (locale) => readFileSync(catalogue(locale), "utf8");

if (process.argv[1] === import.meta.filename) {
  const target = join(import.meta.dirname, "keys.ts");
  const fresh = keysSource(readCatalogue("en"));
  const old = (() => {
    try {
      return readFileSync(target, "utf8");
    } catch {
      return "";
    }
  })();
  if (fresh !== old) writeFileSync(target, fresh);
}
