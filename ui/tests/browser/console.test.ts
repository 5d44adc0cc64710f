import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type * as people from "../../console/fake/people";
import type { FakeServer } from "../../console/fake/server";
import { launch, open, type Watched } from "./chromium";
import { findings, still, tooWide } from "./inspect";
import { serve } from "./serve";
import { XSS } from "./xss";

/** What the page's own imitation of the server lets a test do. */
type Fake = typeof people & { server: FakeServer };
declare const fake: Fake;

const WIDE = { viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" as const };
const PHONE = { viewport: { width: 390, height: 800 }, reducedMotion: "reduce" as const };
/** Every scene is seen in each of these; German and English share the work. */
const LOOKS = {
  "light, in English": { colorScheme: "light", locale: "en-GB" },
  "dark, in German": { colorScheme: "dark", locale: "de-DE" },
  "forced colours, in English": { forcedColors: "active", locale: "en-GB" },
} as const;

let browser: Browser;
let pages: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  pages = await serve("console-fake");
  browser = await launch();
});
// Also after one that failed: open pages cost.
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
});
afterAll(async () => {
  await browser?.close();
  await pages?.close();
});

const CONVERSATION = "[data-testid=conversation]";

async function openList(page: Page): Promise<void> {
  await page.waitForSelector(CONVERSATION);
}
async function openChat(page: Page): Promise<void> {
  await page.locator(CONVERSATION).first().click();
  await page.waitForSelector("[data-testid=message]");
}

/** What is done on the page until the scene stands. */
const SCENES: Record<string, { at?: string; make: (page: Page) => Promise<void> }> = {
  "signing in": { at: "?signed-out", make: async (page) => void (await page.waitForSelector("form")) },
  "entering the code": {
    at: "?signed-out",
    make: async (page) => {
      await page.fill("[data-testid=email]", "tess.berg@deskbell.example");
      await page.click("[data-testid=email-next]");
      await page.fill("[data-testid=code]", "000000");
      await page.click("[data-testid=code-verify]");
      await page.waitForSelector("[role=alert]");
    },
  },
  "an empty list": { at: "?empty", make: async (page) => void (await page.waitForSelector("main strong")) },
  "a list with a notification": {
    make: async (page) => {
      await openList(page);
      await page.evaluate(() => void fake.server.ask(fake.CARLA, "The label scanner reads nothing"));
      await page.waitForSelector("[data-testid=notification]");
    },
  },
  "a conversation nobody has": {
    make: async (page) => {
      await openList(page);
      await openChat(page);
      await page.evaluate(() =>
        fake.server.viewing(location.hash.split("/").at(-1) ?? "", [fake.OMAR, fake.TESS]),
      );
      await page.waitForSelector(".looking svg");
    },
  },
  "a conversation somebody else took first": {
    make: async (page) => {
      await openList(page);
      await openChat(page);
      await page.evaluate(() => {
        const { server, OMAR } = fake;
        const id = location.hash.split("/").at(-1) ?? "";
        const open = server.conversations.get(id);
        if (open) server.conversations.set(id, { ...open, status: "open", assignee: OMAR });
      });
      await page.click("[data-testid=take]");
      await page.waitForSelector("[data-testid=taken-by]");
    },
  },
  "replying while the requester types": {
    at: "#/mine",
    make: async (page) => {
      await openChat(page);
      await page.fill("[data-testid=composer]", "Good morning");
      await page.evaluate(() => fake.server.typing(location.hash.split("/").at(-1) ?? "", fake.ANA.person));
      await page.waitForSelector(".dots");
    },
  },
  "writing a note": {
    at: "#/mine",
    make: async (page) => {
      await openChat(page);
      await page.click("[data-testid=mode-note]");
      await page.fill("[data-testid=composer]", "Ask Omar");
    },
  },
  assigning: {
    at: "#/mine",
    make: async (page) => {
      await openChat(page);
      await page.click("[data-testid=assign]");
      await page.waitForSelector("[role=dialog] [role=radio]");
    },
  },
  closing: {
    at: "#/mine",
    make: async (page) => {
      await openChat(page);
      await page.click("[data-testid=close]");
      await page.waitForSelector("[data-testid=close-confirm]");
    },
  },
  "a closed conversation": { at: "#/closed", make: openChat },
  "the account menu": {
    make: async (page) => {
      await page.click(".account");
      await page.waitForSelector("[role=menu]");
    },
  },
  "the keyboard shortcuts": {
    make: async (page) => {
      await openList(page);
      await page.keyboard.press("?");
      await page.waitForSelector("[role=dialog]");
    },
  },
  "a server that is not heard": {
    at: "#/mine",
    make: async (page) => {
      await openChat(page);
      await page.evaluate(() => {
        fake.server.down = true;
        fake.server.cut();
      });
      await page.fill("[data-testid=composer]", "Written offline");
      await page.keyboard.press("Enter");
      await page.waitForSelector(".offline");
      await page.waitForSelector("[data-delivery=waiting]");
    },
  },
};

/** A menu hangs at the end of the document, outside every landmark: its button is where it belongs. */
const inMenu = (finding: string) => finding.startsWith('region: ["#bits-');

async function scene(name: string, options: object): Promise<Watched> {
  const { at = "", make } = SCENES[name] ?? { make: openList };
  const watched = await open(browser, `${pages.url}/fake.html${at}`, options);
  await make(watched.page);
  await still(watched.page);
  return watched;
}

describe.each(Object.entries(LOOKS))("the console in %s", (_, look) => {
  it.each(Object.keys(SCENES))("%s is accessible, contrast included, and keeps to the CSP", async (name) => {
    const { page, faults } = await scene(name, { ...WIDE, ...look });
    expect(await tooWide(page)).toEqual([]);
    expect((await findings(page)).filter((one) => !inMenu(one))).toEqual([]);
    expect(faults).toEqual([]);
  });
});

describe("the console on a phone", () => {
  it.each(["a list with a notification", "a conversation nobody has", "writing a note", "assigning"])(
    "%s fits and is accessible",
    async (name) => {
      const { page, faults } = await scene(name, { ...PHONE, locale: "de-DE" });
      const outside = (await tooWide(page)).filter(
        (one) => !/part|name|size|count|LI|svg|path|circle/.test(one),
      );
      expect(outside).toEqual([]);
      expect((await findings(page)).filter((one) => !inMenu(one))).toEqual([]);
      expect(faults).toEqual([]);
    },
  );

  it("goes from the list to a conversation and back to its row", async () => {
    const { page } = await scene("a conversation nobody has", PHONE);
    expect(await page.locator("[data-testid=queue]").isVisible()).toBe(false);
    await page.locator(".back button").click();
    await page.waitForFunction(() => document.activeElement?.getAttribute("data-testid") === "conversation");
  });
});

describe("with ten thousand conversations", () => {
  it("scrolls to wherever one wants with few of them in the document", async () => {
    const { page, faults } = await open(browser, `${pages.url}/fake.html?many#/open`, WIDE);
    await openList(page);
    const counts: number[] = [];
    for (let step = 0; step < 40; step += 1) {
      await page.locator("[data-testid=queue]").evaluate((list) => list.scrollTo(0, list.scrollHeight));
      await page.waitForTimeout(20);
      counts.push(await page.locator(CONVERSATION).count());
    }
    const last = page.locator("li[aria-posinset]").last();
    expect(Number(await last.getAttribute("aria-posinset"))).toBeGreaterThan(500);
    expect(Math.max(...counts)).toBeLessThan(40);
    expect(faults).toEqual([]);
  });
});

/** INP-01, INP-05 */
describe("hostile text in the console", () => {
  it("as message and note runs nothing and fetches nothing", async () => {
    const { page, faults } = await open(browser, `${pages.url}/fake.html#/mine`, WIDE);
    await openChat(page);
    for (let at = 0; at < XSS.length; at += 50) {
      await page.evaluate(
        (texts) => {
          const id = location.hash.split("/").at(-1) ?? "";
          for (const text of texts) {
            fake.server.write(id, { ...fake.ANA.person, name: text }, text);
            fake.server.write(id, { ...fake.OMAR, name: text }, text, "note");
          }
        },
        XSS.slice(at, at + 50),
      );
      const last = (await page.evaluate(() => fake.server.log.length)) as number;
      await page.waitForFunction((seq) => fake.server.log.length >= seq, last);
      await page.waitForTimeout(50);
    }
    const made =
      ":is(img, script, iframe, svg, object, embed, video, audio, style, link, form, input, template)";
    expect(await page.locator(`[data-testid=message-body] ${made}`).count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it("as subject, name, organization, device, label and ticket number runs nothing and fetches nothing", async () => {
    const { page, faults } = await open(browser, `${pages.url}/fake.html?empty`, WIDE);
    await page.waitForSelector("main strong");
    for (const text of XSS.filter((_, at) => at % 3 === 0)) {
      const id = await page.evaluate((hostile) => {
        const device = { id: "d", name: hostile, kind: "laptop" as const, model: hostile, serial: hostile };
        const person = { ...fake.ANA.person, name: hostile };
        const asked = { person, organization: { ...fake.HARBOUR, name: hostile }, device };
        const conversation = fake.server.ask(asked, hostile);
        location.hash = `#/conversation/${conversation.id}`;
        return conversation.id;
      }, text);
      await page.waitForSelector(`[data-testid=chat][data-id="${id}"] [data-testid=message]`);
    }
    expect(faults).toEqual([]);
  });
});

describe("the console's build for people", () => {
  const folder = new URL("../../dist/console/", import.meta.url);
  it("is small and has no imitation of the server in it", () => {
    const assets = new URL("assets/", folder);
    const scripts = readdirSync(assets)
      .filter((name) => name.endsWith(".js"))
      .map((name) => readFileSync(new URL(name, assets), "utf8"));
    expect(scripts.some((text) => text.includes("Harbour & Finch"))).toBe(false);
    expect(scripts.reduce((sum, text) => sum + gzipSync(text).length, 0)).toBeLessThan(160 * 1024);
  });

  it("has nothing inline that its CSP would block", () => {
    const html = readFileSync(new URL("index.html", folder), "utf8");
    expect(html).not.toMatch(/<style|style=|<script(?![^>]*\bsrc=)/);
    expect(html).not.toMatch(/(?:src|href)="\//);
  });
});
