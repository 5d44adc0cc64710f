/** The rows of a long list that are drawn: from `first` up to, not with, `end`. */
export interface Drawn {
  first: number;
  end: number;
}

/** Rows beyond what is seen, so that scrolling finds them there. */
const SPARE = 6;

/** Which rows of `count`, each `rowPixels` high, are drawn when `top` pixels are scrolled away. */
export function drawnRows(count: number, rowPixels: number, top: number, heightPixels: number): Drawn {
  const first = Math.max(0, Math.floor(top / rowPixels) - SPARE);
  const end = Math.min(count, Math.ceil((top + heightPixels) / rowPixels) + SPARE);
  return { first: Math.min(first, end), end };
}

/** Where to scroll so that row `index` is seen; null when it is. */
export function scrollFor(
  index: number,
  rowPixels: number,
  top: number,
  heightPixels: number,
): number | null {
  const start = index * rowPixels;
  if (start < top) return start;
  return start + rowPixels > top + heightPixels ? start + rowPixels - heightPixels : null;
}
