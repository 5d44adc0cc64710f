// What may be shown as a link. The client and the server decide again when one is opened; this only keeps
// everything else plain text. The cases are shared with the client's own function, as a corpus.

/** Longest address that becomes a link, in characters. */
const LONGEST = 2048;
/** Control, white space, direction and invisible characters, and what browsers repair silently. */
const NEVER =
  /[\u0000-\u0020\u007f-\u00a0\u00ad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u2066-\u206f\u3000\ufeff\ufff9-\ufffb\\"<>^`{|}]/;

/** Control characters in disguise. */
const HIDDEN = /%(?:[01][0-9a-f]|7f)/i;

/** A link as it is opened. */
export interface Link {
  /** The whole address, written anew: ASCII host, percent-encoded path. */
  url: string;
  /** The host in ASCII; for mail the address written to. */
  host: string;
  /** `https:`, `http:` or `mailto:`. */
  scheme: "https:" | "http:" | "mailto:";
}

/** The link an address makes, or null when it is not one we show. */
export function linkOf(address: string): Link | null {
  if (address.length > LONGEST || NEVER.test(address) || HIDDEN.test(address)) return null;
  if (/^mailto:/i.test(address)) return mailLink(address);
  if (!/^https?:\/\/[^/]/i.test(address)) return null;
  const url = parse(address);
  const written = /^https?:\/\/([^/?#]*)/i.exec(address)?.[1] ?? "";
  if (
    !url?.hostname ||
    /^\.|\.\./.test(url.hostname) ||
    written === "" ||
    written.includes("@") ||
    url.href.length > LONGEST
  )
    return null;
  return { url: url.href, host: url.host, scheme: url.protocol as Link["scheme"] };
}

function parse(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

/** One address, with a subject and a text at most: other fields could attach files or write to others. */
function mailLink(address: string): Link | null {
  const url = parse(address);
  if (
    !url ||
    url.hash !== "" ||
    !/^[A-Za-z0-9._+][A-Za-z0-9._+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/.test(url.pathname)
  )
    return null;
  const harmless =
    url.search === "" || /^\?(?:subject|body)=[^&]*(?:&(?:subject|body)=[^&]*)*$/.test(url.search);
  return harmless ? { url: url.href, host: url.pathname, scheme: "mailto:" } : null;
}

/** Text without characters that turn its direction or hide it. */
export function withoutDirection(text: string): string {
  return text.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f]/g, "");
}

/** Whether a link's text names another host than the one it leads to. */
export function textMisleads(text: string, link: Link): boolean {
  const shown = withoutDirection(text).trim();
  const named =
    /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^\s/?#]*@)?([^\s/?#:@]+\.[^\s/?#:@.]{2,})(?=[:/?#]|$)/iu.exec(shown);
  if (!named?.[1]) return false;
  if (link.scheme === "mailto:") return shown.toLowerCase() !== link.host.toLowerCase();
  const host = parse(`https://${named[1]}`)?.hostname;
  return host !== undefined && host !== link.host.replace(/:\d+$/, "");
}

/** Whether a link's text itself is where it leads, so that nobody needs to be told. */
export function textShowsHost(text: string, link: Link): boolean {
  const host = link.host.toLowerCase();
  const shown = withoutDirection(text)
    .trim()
    .toLowerCase()
    .replace(/^(?:https?:\/\/|mailto:)/, "");
  return (
    shown === host ||
    shown.startsWith(`${host}/`) ||
    shown.startsWith(`${host}?`) ||
    shown.startsWith(`${host}#`)
  );
}
