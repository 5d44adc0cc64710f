import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { launch, open } from "./chromium";
import { serve } from "./serve";
import { XSS } from "./xss";

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

/** What the page's own imitation of the client lets a test do. */
interface FakeInPage {
  conversations: unknown[];
  app: { phase: { organization: Record<string, unknown> } };
  put(id: string, line: unknown): void;
  change(id: string, part: unknown): void;
  set(part: unknown): void;
}

const line = (id: string, text: string, part: object = {}) => ({
  id,
  seq: null,
  kind: "message",
  author: { name: text, role: "requester" },
  mine: false,
  body: text,
  update: null,
  created_at: new Date().toISOString(),
  delivery: { type: "sent" },
  ...part,
});

/** INP-01, INP-05 */
describe("hostile text", () => {
  it("there are five hundred of", () => expect(XSS.length).toBeGreaterThanOrEqual(500));

  it.each([0, 1, 2, 3, 4, 5, 6, 7])(
    "as message, name and update runs nothing and fetches nothing (part %i of 8)",
    async (part) => {
      const texts = XSS.filter((_, at) => at % 8 === part);
      const { page, faults } = await open(browser, `${server.url}/?scene=chat`);
      await page.waitForSelector("[data-testid=message]");
      for (let at = 0; at < texts.length; at += 50) {
        const lines = texts.slice(at, at + 50).flatMap((text, place) => [
          line(`x${at}-${place}`, text, { seq: 1000 + at + place, mine: place % 2 === 0 }),
          line(`u${at}-${place}`, text, {
            seq: 1000 + at + place,
            kind: "update",
            update: { type: "status_changed", status: "open", label: text },
          }),
        ]);
        await page.evaluate(
          (all) => all.forEach((one) => (globalThis as unknown as { fake: FakeInPage }).fake.put("c1", one)),
          lines,
        );
        await page.waitForSelector(`[data-id="u${at}-${Math.min(49, texts.length - at - 1)}"]`);
      }
      expect(
        await page
          .locator(
            "[data-testid=message-body] :is(img, script, iframe, svg, object, embed, video, audio, style, link, form, input, template)",
          )
          .count(),
      ).toBe(0);
      expect(faults).toEqual([]);
    },
  );

  it("in subjects, labels, previews, names, articles and branding runs nothing and fetches nothing", async () => {
    const { page, faults } = await open(browser, `${server.url}/?scene=home`);
    await page.waitForSelector("[data-testid=conversation]");
    for (const text of XSS) {
      await page.evaluate((hostile) => {
        const fake = (globalThis as unknown as { fake: FakeInPage }).fake;
        fake.change("c1", {
          subject: hostile,
          label: hostile,
          ticket_number: hostile,
          device_name: hostile,
          preview: { text: hostile, mine: false },
          last_activity_at: new Date().toISOString(),
        });
        const organization = fake.app.phase.organization;
        fake.set({
          phase: {
            ...fake.app.phase,
            organization: {
              ...organization,
              name: hostile,
              phone: hostile,
              branding: { accent_colour: hostile, logo: { media_type: hostile, data_base64: hostile } },
            },
          },
        });
      }, text);
    }
    await page.waitForFunction(
      (text) => document.querySelector("[data-testid=organization-name]")?.textContent === text,
      XSS.at(-1),
    );
    expect(faults).toEqual([]);
  });

  it("in an SVG logo stays a picture: nothing in it runs or fetches", async () => {
    const { page, faults } = await open(browser, `${server.url}/?scene=home`);
    await page.waitForSelector("[data-testid=conversation]");
    await page.evaluate(() => {
      const fake = (globalThis as unknown as { fake: FakeInPage }).fake;
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script><image href="https://evil.example/x.png"/><rect width="9" height="9"/></svg>`;
      fake.set({
        phase: {
          ...fake.app.phase,
          organization: {
            ...fake.app.phase.organization,
            branding: { accent_colour: null, logo: { media_type: "image/svg+xml", data_base64: btoa(svg) } },
          },
        },
      });
    });
    await page.waitForFunction(() => document.querySelector<HTMLImageElement>(".logo img")?.complete);
    expect(faults).toEqual([]);
  });
});

/** INP-04 */
describe("a link that says one host and leads to another", () => {
  it("asks first, shows the real host in ASCII and warns", async () => {
    const { page, faults } = await open(browser, `${server.url}/?scene=chat`);
    await page.waitForSelector("[data-testid=message]");
    await page.evaluate(
      (one) => (globalThis as unknown as { fake: FakeInPage }).fake.put("c1", one),
      line("evil", "[https://bank.example](https://еvil.example/x)", { seq: 2000 }),
    );
    await page.click("[data-id=evil] a");
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    const text = await dialog.innerText();
    expect(text).toContain("xn--vil-qdd.example");
    expect(text).toContain("names another address");
    expect(page.url()).toBe(`${server.url}/?scene=chat`);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(faults).toEqual([]);
  });

  it("never leaves the page by click, middle click, Ctrl and click or dragging", async () => {
    const { page, faults } = await open(browser, `${server.url}/?scene=chat`);
    await page.waitForSelector("[data-testid=message]");
    await page.evaluate(
      (one) => (globalThis as unknown as { fake: FakeInPage }).fake.put("c1", one),
      line("out", "https://host.example/x", { seq: 2000 }),
    );
    // A window that opens comes too late for this page: whether it will is known from the event.
    await page.evaluate(() => {
      const seen: boolean[] = [];
      Object.assign(globalThis, { seen });
      for (const kind of ["click", "auxclick"])
        window.addEventListener(kind, (event) => seen.push(event.defaultPrevented));
    });
    const link = page.locator("[data-id=out] a");
    await link.click({ button: "middle" });
    for (const key of ["Control", null] as const) {
      await link.click({ modifiers: key === null ? [] : [key] });
      await page.getByRole("dialog").waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    expect(await page.evaluate(() => (globalThis as unknown as { seen: boolean[] }).seen)).toEqual([
      true,
      true,
      true,
    ]);
    expect(page.context().pages()).toHaveLength(1);
    expect(page.url()).toBe(`${server.url}/?scene=chat`);
    expect(faults).toEqual([]);
  });
});
