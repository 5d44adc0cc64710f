import { svelte } from "@sveltejs/vite-plugin-svelte";
import { fileURLToPath } from "node:url";
import type { UserConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Where `$shared` and `$locales` are, for both entries and the tests. */
export const alias = {
  $shared: here("./shared"),
  $locales: here("../locales"),
};

/** What an entry (`messenger`, `console`) is built with: relative paths, nothing inline, so that the strict CSP holds. */
export function entry(name: string): UserConfig {
  return {
    root: here(`./${name}`),
    base: "./",
    plugins: [svelte({ configFile: here("./svelte.config.js") })],
    resolve: { alias },
    publicDir: false,
    server: { fs: { allow: [here("..")] } },
    build: {
      outDir: here(`./dist/${name}`),
      emptyOutDir: true,
      target: ["chrome123", "safari17.5", "firefox128"],
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      // One file of style before the first picture; the rest of it is small.
      cssCodeSplit: false,
    },
  };
}
