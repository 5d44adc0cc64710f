import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { linkOf, textMisleads, textShowsHost, withoutDirection } from "./link";

const refused = [
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "java\tscript:alert(1)",
  "\u0000javascript:alert(1)",
  " javascript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:msgbox(1)",
  "file:///c:/windows",
  "file://host/share",
  "smb://host/share",
  "ms-msdt:/id",
  "search-ms:query=x",
  "ms-appinstaller:?source=https://evil.example/a.msix",
  "ms-word:ofe|u|https://evil.example",
  "\\\\host\\share",
  "//host/path",
  "\\\\?\\C:\\x",
  "https:\\\\host",
  "https:/host",
  "https:host",
  "https:///host",
  "http://",
  "https://user@host.example",
  "https://user:secret@host.example",
  "https://@host.example",
  "https://bank.example@evil.example/",
  "https://host.example/%00",
  "https://host.example/a%0d%0aX",
  "https://host.example/%7F",
  "https://ho st.example",
  "https://host.example/\u202Efdp.exe",
  "https://host.example/\u200bx",
  'https://host.example/"onclick=',
  "https://host.example/<b>",
  "https://host.example/`x`",
  "https://host.example/{x}",
  `https://host.example/${"a".repeat(3000)}`,
  "mailto:a@b.example?attach=c:\\x",
  "mailto:a@b.example?bcc=c@d.example",
  "mailto:a@b.example,c@d.example",
  "mailto:-x@b.example",
  "mailto:",
  "mailto:nobody",
  "tel:+4940123",
  "about:blank",
  "blob:https://x.example/1",
  "ftp://host.example",
  "deskbell://conversation/1",
  "",
  "host.example",
];
const allowed: [string, string, string][] = [
  ["https://host.example", "https://host.example/", "host.example"],
  ["HTTPS://Host.Example/Path?q=1#part", "https://host.example/Path?q=1#part", "host.example"],
  ["https://host.example:8443/", "https://host.example:8443/", "host.example:8443"],
  ["http://host.example/a(b)", "http://host.example/a(b)", "host.example"],
  ["https://bücher.example/", "https://xn--bcher-kva.example/", "xn--bcher-kva.example"],
  ["https://аррӏе.com/", "https://xn--80ak6aa92e.com/", "xn--80ak6aa92e.com"],
  ["mailto:ana.silva@host.example", "mailto:ana.silva@host.example", "ana.silva@host.example"],
  ["mailto:ana@host.example?subject=Hello", "mailto:ana@host.example?subject=Hello", "ana@host.example"],
];

describe("what is shown as a link", () => {
  it.each(refused)("%j is plain text", (address) => expect(linkOf(address)).toBeNull());
  it.each(allowed)("%s is a link, written anew with its ASCII host", (address, url, host) => {
    expect(linkOf(address)).toMatchObject({ url, host });
  });
});

/** The cases the client's own function is tested with. Telephone numbers are links at home only, never in texts. */
describe("the corpus shared with the client", () => {
  const file = join(import.meta.dirname, "../../crates/messenger/tests/corpus/links.json");
  const { links } = JSON.parse(readFileSync(file, "utf8")) as {
    links: { url: string; expect: string; why: string }[];
  };
  it.each(links.filter((one) => !/^tel:/i.test(one.url)))(
    "$why: $expect $url",
    ({ url, expect: decision }) => {
      expect(linkOf(url) !== null).toBe(decision !== "refused");
    },
  );
});

describe("a link's text", () => {
  const evil = linkOf("https://evil.example/login");
  if (!evil) throw new Error("the link of this test is not one");

  it.each([
    "https://bank.example",
    "bank.example",
    "www.bank.example/login",
    "evil.example.bank.example",
    "https://bank.example@evil.example",
  ])("%s names another host, and that is said", (text) =>
    expect(textMisleads(text, evil)).toBe(!text.includes("@evil.example")),
  );
  it.each([
    "https://evil.example/login",
    "evil.example",
    "click here",
    "Version 1.2.3",
    "see chapter 4.",
    "",
  ])("%s misleads nobody", (text) => {
    expect(textMisleads(text, evil)).toBe(false);
  });
  it("that hides its host behind direction marks is seen through", () => {
    expect(textMisleads("\u202Ehttps://bank.example", evil)).toBe(true);
    expect(withoutDirection("a\u202Eb\u2066c\u200F")).toBe("abc");
  });
  it("that is the address itself needs no question", () => {
    expect(textShowsHost("https://evil.example/login", evil)).toBe(true);
    expect(textShowsHost("evil.example", evil)).toBe(true);
    expect(textShowsHost("this article", evil)).toBe(false);
    expect(textShowsHost("https://evil.example.com", evil)).toBe(false);
  });
});
