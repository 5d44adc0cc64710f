import { describe, expect, it } from "vitest";
import { type Rgb, accentColours, applyAccent, contrast, formatColour, parseColour } from "./accent";

const rgb = (text: string) => parseColour(text) as Rgb;
const steps = [0, 51, 102, 153, 204, 255];
const everyColour = steps.flatMap((r) =>
  steps.flatMap((g) => steps.map((b) => formatColour([r / 255, g / 255, b / 255]))),
);

describe("the organization's accent", () => {
  it("keeps text on it readable, whatever the colour", () => {
    for (const colour of everyColour) {
      for (const theme of Object.values(accentColours(colour))) {
        expect(
          contrast(rgb(theme.fill), rgb(theme.on)),
          `${colour} → ${theme.fill} under ${theme.on}`,
        ).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it("stays readable as text on cards and the window, light and dark", () => {
    for (const colour of everyColour) {
      const { light, dark } = accentColours(colour);
      for (const surface of ["#f3f3f3", "#fdfdfd"])
        expect(contrast(rgb(light.ink), rgb(surface)), colour).toBeGreaterThanOrEqual(4.5);
      for (const surface of ["#202020", "#323232"])
        expect(contrast(rgb(dark.ink), rgb(surface)), colour).toBeGreaterThanOrEqual(4.5);
    }
  });

  it("stands out from the window as a button", () => {
    for (const colour of everyColour) {
      const { light, dark } = accentColours(colour);
      expect(contrast(rgb(light.fill), rgb("#f3f3f3")), colour).toBeGreaterThanOrEqual(3);
      expect(contrast(rgb(dark.fill), rgb("#202020")), colour).toBeGreaterThanOrEqual(3);
    }
  });

  it("leaves a colour alone that is readable already", () => {
    expect(accentColours("#0f5fb8").light).toEqual({ fill: "#0f5fb8", on: "#ffffff", ink: "#0f5fb8" });
  });

  it("is Deskbell's own when there is none or nonsense", () => {
    expect(accentColours(null)).toEqual(accentColours("#0f5fb8"));
    expect(accentColours("red; } body { display: none")).toEqual(accentColours(null));
  });

  it("is put on the page as custom properties", () => {
    const root = document.createElement("div");
    applyAccent(root, "#b00020");
    expect(root.style.getPropertyValue("--accent-light")).toBe("#b00020");
    expect(root.style.getPropertyValue("--accent-ink-dark")).toMatch(/^#[0-9a-f]{6}$/);
  });
});
