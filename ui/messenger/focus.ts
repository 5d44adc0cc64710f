/** Gives the keyboard to an element when it appears, so that a new view is where people type and what is read out. */
export function focusFirst(element: HTMLElement): void {
  element.focus({ preventScroll: true });
}

/** Up and Down, Home and End move between the buttons and links of a list. */
export function arrowKeys(list: HTMLElement): () => void {
  function moved(event: KeyboardEvent) {
    const stops = [...list.querySelectorAll<HTMLElement>("a[href], button:not([disabled])")];
    const at = stops.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: stops.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    stops[Math.max(0, Math.min(stops.length - 1, to))]?.focus();
  }
  list.addEventListener("keydown", moved);
  return () => list.removeEventListener("keydown", moved);
}
