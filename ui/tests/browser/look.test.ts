import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { launch, open } from "./chromium";
import { findings, ready, tooWide } from "./inspect";
import { serve } from "./serve";

const SCENES = [
  "server",
  "sign-in",
  "signed-out",
  "method",
  "code",
  "code-expired",
  "home",
  "home-empty",
  "home-offline",
  "home-notices",
  "help",
  "describe",
  "chat",
  "chat-new",
  "chat-closed",
  "chat-gone",
  "chat-offline",
  "chat-failed",
  "chat-typing",
  "settings",
  "settings-managed",
];
/** Every scene is seen in each of these; German and English share the work. */
const LOOKS = {
  "light, in English": { colorScheme: "light", locale: "en" },
  "dark, in German": { colorScheme: "dark", locale: "de" },
  "forced colours, in German": { forcedColors: "active", locale: "de" },
} as const;

let browser: Browser;
let server: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  server = await serve("messenger-fake");
  browser = await launch();
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

describe.each(Object.entries(LOOKS))("in %s", (_, { locale, ...look }) => {
  it.each(SCENES)(
    "%s is accessible, contrast included, fits into 360 pixels and keeps to the CSP",
    async (scene) => {
      const viewport = { width: 360, height: 640 };
      const { page, faults } = await open(browser, `${server.url}/?scene=${scene}&locale=${locale}`, {
        ...look,
        viewport,
        reducedMotion: "reduce",
      });
      await ready(page);
      expect(await tooWide(page)).toEqual([]);
      expect(await findings(page)).toEqual([]);
      expect(faults).toEqual([]);
    },
  );
});

describe.each(Object.entries(LOOKS))("the check of this computer, in %s,", (_, { locale, ...look }) => {
  it("is accessible in the settings and in a request for help", async () => {
    const viewport = { width: 360, height: 640 };
    for (const [scene, click, wait] of [
      ["settings", "check-computer", "finding"],
      ["describe", "attach-check", "attached-check"],
    ]) {
      const { page, faults } = await open(browser, `${server.url}/?scene=${scene}&locale=${locale}`, {
        ...look,
        viewport,
        reducedMotion: "reduce",
      });
      await ready(page);
      await page.locator(`[data-testid=${click}]`).click();
      await page.locator(`[data-testid=${wait}]`).first().waitFor();
      expect(await tooWide(page)).toEqual([]);
      expect(await findings(page)).toEqual([]);
      expect(faults).toEqual([]);
    }
  });
});

describe("a chat of five thousand lines", () => {
  it("keeps few of them in the document, wherever one scrolls", async () => {
    const { page, faults } = await open(browser, `${server.url}/?scene=chat-long`);
    await page.waitForSelector("[data-testid=message]");
    const counts: number[] = [];
    let oldest = 5000;
    for (let step = 0; step < 60; step += 1) {
      await page.evaluate(() => document.querySelector(".box")?.scrollTo(0, 0));
      await page.waitForTimeout(30);
      counts.push(await page.locator("[data-testid=message]").count());
      const first = await page.locator("[data-testid=message-body]").first().innerText();
      oldest = Math.min(oldest, Number(/Line (\d+)/.exec(first)?.[1] ?? oldest));
    }
    expect(oldest, "older lines did not come").toBeLessThan(4000);
    expect(Math.max(...counts)).toBeLessThanOrEqual(150);
    await page.locator(".jump button").click();
    await page.getByText("Line 5000 of 5000").waitFor();
    expect(faults).toEqual([]);
  });

  it("does not move what is being read when older lines come", async () => {
    const { page } = await open(browser, `${server.url}/?scene=chat-long`);
    await page.waitForSelector("[data-testid=message]");
    await page.evaluate(() => document.querySelector(".box")?.scrollTo(0, 300));
    const top = () =>
      page
        .locator("[data-id=l004960]")
        .evaluate((element) => element.getBoundingClientRect().top)
        .catch(() => null);
    const box = page.locator(".box");
    await box.evaluate((element) => (element.scrollTop = 700));
    const before = await top();
    await box.evaluate((element) => (element.scrollTop -= 1));
    await page.waitForTimeout(300);
    const after = await top();
    expect(before).not.toBeNull();
    expect(Math.abs((after ?? 0) - (before ?? 0)), "the line moved").toBeLessThan(3);
  });
});

describe("with the keyboard alone", () => {
  it("one asks for help and writes in the chat", async () => {
    const { page, faults } = await open(browser, `${server.url}/?scene=home`);
    await page.waitForSelector("[data-testid=conversation]");
    const press = async (key: string, times = 1) => {
      for (let time = 0; time < times; time += 1) await page.keyboard.press(key);
    };
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
    for (let stop = 0; stop < 12 && (await focused()) !== "help"; stop += 1) await press("Tab");
    await press("Enter");
    await page.waitForFunction(() => document.activeElement?.getAttribute("data-testid") === "start-chat");
    await press("Enter");
    await page.waitForFunction(() => document.activeElement?.getAttribute("data-testid") === "description");
    await page.keyboard.type("My screen flickers.");
    await press("Control+Enter");
    await page.waitForFunction(() => document.activeElement?.getAttribute("data-this") === "true");
    await press("ArrowDown");
    await press("Tab");
    for (let stop = 0; stop < 4 && (await focused()) !== "request-send"; stop += 1) await press("Tab");
    await press("Enter");
    await page.waitForFunction(() => document.activeElement?.getAttribute("data-testid") === "composer");
    await page.keyboard.type("It began today.");
    await press("Enter");
    await page.getByText("It began today.").waitFor();
    await press("Escape");
    await page.waitForSelector("[data-testid=home]");
    expect(faults).toEqual([]);
  });
});

describe("the build for people", () => {
  it("is small and has no imitation of the client in it", async () => {
    const { gzipSync } = await import("node:zlib");
    const { readdirSync } = await import("node:fs");
    const folder = new URL("../../dist/messenger/assets/", import.meta.url);
    const scripts = readdirSync(folder)
      .filter((name) => name.endsWith(".js"))
      .map((name) => readFileSync(new URL(name, folder), "utf8"));
    expect(scripts.some((text) => text.includes("harbourfinch"))).toBe(false);
    expect(scripts.reduce((sum, text) => sum + gzipSync(text).length, 0)).toBeLessThan(150 * 1024);
  });

  it("has nothing inline that its CSP would block", () => {
    const html = readFileSync(new URL("../../dist/messenger/index.html", import.meta.url), "utf8");
    expect(html).not.toMatch(/<style|style=|<script(?![^>]*\bsrc=)/);
    expect(html).not.toMatch(/(?:src|href)="\//);
  });
});
