/** A colour in sRGB, each part from 0 to 1. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** What an accent becomes on one theme: a fill, the text on it, and the accent as text on a card. */
export interface AccentColours {
  fill: string;
  on: string;
  ink: string;
}

/** Deskbell's own accent, when the organization has none. */
export const OWN_ACCENT = "#0f5fb8";
/** The darkest and lightest surfaces accents stand on, as in tokens.css. */
const LIGHT = { card: "#fdfdfd", base: "#f3f3f3", towards: [0, 0, 0] as Rgb };
const DARK = { card: "#323232", base: "#202020", towards: [1, 1, 1] as Rgb };

/** WCAG 2.2: text needs this much. */
const TEXT_CONTRAST = 4.5;
/** WCAG 2.2: a control's edge needs this much. */
const EDGE_CONTRAST = 3;

/** `#rrggbb` as a colour; null for anything else. */
export function parseColour(text: string): Rgb | null {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text.trim());
  if (!match) return null;
  const part = (at: number) => Number.parseInt(match[at] ?? "0", 16) / 255;
  return [part(1), part(2), part(3)];
}

/** A colour as `#rrggbb`. */
export function formatColour(colour: Rgb): string {
  return (
    "#" +
    colour
      .map((part) =>
        Math.round(part * 255)
          .toString(16)
          .padStart(2, "0"),
      )
      .join("")
  );
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}

/** WCAG contrast of two colours, 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const part = (at: 0 | 1 | 2) => from[at] + (to[at] - from[at]) * share;
  return [part(0), part(1), part(2)];
}

/** Moves a colour towards black or white, no further than it must, until it stands out from every surface. */
function until(colour: Rgb, towards: Rgb, surfaces: readonly Rgb[], least: number): Rgb {
  for (let step = 0; step <= 50; step += 1) {
    const tried = parseColour(formatColour(mix(colour, towards, step / 50)));
    if (tried && surfaces.every((surface) => contrast(tried, surface) >= least)) return tried;
  }
  return towards;
}

function onTheme(accent: Rgb, theme: typeof LIGHT): AccentColours {
  const surfaces = [theme.card, theme.base].map((text) => parseColour(text) ?? theme.towards);
  const fill = until(accent, theme.towards, surfaces, EDGE_CONTRAST);
  const soft = mix(surfaces[0] ?? fill, fill, 0.18);
  const ink = until(accent, theme.towards, [...surfaces, soft], TEXT_CONTRAST);
  const white: Rgb = [1, 1, 1];
  const on = contrast(fill, white) >= TEXT_CONTRAST ? "#ffffff" : "#000000";
  return { fill: formatColour(fill), on, ink: formatColour(ink) };
}

/** The accent made readable on both themes. Whatever colour comes in, text on the fill and the ink reach 4.5:1. */
export function accentColours(accent: string | null): { light: AccentColours; dark: AccentColours } {
  const colour = (accent && parseColour(accent)) || (parseColour(OWN_ACCENT) as Rgb);
  return { light: onTheme(colour, LIGHT), dark: onTheme(colour, DARK) };
}

/** Puts the accent into the custom properties of tokens.css. */
export function applyAccent(root: HTMLElement, accent: string | null): void {
  for (const [theme, colours] of Object.entries(accentColours(accent))) {
    root.style.setProperty(`--accent-${theme}`, colours.fill);
    root.style.setProperty(`--accent-on-${theme}`, colours.on);
    root.style.setProperty(`--accent-ink-${theme}`, colours.ink);
  }
}

/** Sets the theme: `system`, `light` or `dark`. */
export function applyTheme(root: HTMLElement, theme: string): void {
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  else delete root.dataset.theme;
}
