import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";
import { alias } from "./vite.shared.ts";

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  resolve: { alias },
  server: { fs: { allow: [".."] } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "parts",
          environment: "jsdom",
          setupFiles: ["./tests/setup.ts"],
          testTimeout: 30_000,
          include: ["{shared,messenger,console}/**/*.test.ts"],
        },
      },
      {
        resolve: { alias },
        test: {
          name: "browser",
          environment: "node",
          include: ["tests/browser/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
