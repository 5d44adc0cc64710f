import { defineConfig, mergeConfig } from "vite";
import { entry } from "../vite.shared";

/** `--mode fake` builds the page with a server inside, which browser tests drive. */
export default defineConfig(({ mode }) => {
  const page = mode === "fake" ? "console/fake.html" : "console/index.html";
  return mergeConfig(entry("console"), { build: { rolldownOptions: { input: page } } });
});
