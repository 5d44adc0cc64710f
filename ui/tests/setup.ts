import { configure } from "@testing-library/svelte";
import { vi } from "vitest";

// A failure says what was looked for, not the whole document; a busy machine gets the time it needs.
configure({ asyncUtilTimeout: 5000, getElementError: (message) => new Error(message ?? "not found") });

// As wide as the tray client's window.
window.innerWidth = 400;

// What jsdom lacks and the parts use.
class Observer {
  observe() {}
  unobserve() {}
  disconnect() {}
  takeRecords() {
    return [];
  }
}
vi.stubGlobal("ResizeObserver", Observer);
vi.stubGlobal("IntersectionObserver", Observer);
Element.prototype.scrollIntoView ??= () => {};
Element.prototype.animate ??= () => ({ cancel() {}, finished: Promise.resolve(), onfinish: null }) as never;
Element.prototype.getAnimations ??= () => [];
Element.prototype.hasPointerCapture ??= () => false;
Element.prototype.setPointerCapture ??= () => {};
Element.prototype.releasePointerCapture ??= () => {};
window.matchMedia ??= (query: string) =>
  ({ matches: false, media: query, addEventListener() {}, removeEventListener() {} }) as never;
