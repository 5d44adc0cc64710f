/** A text with what is selected in it. */
export interface Selected {
  text: string;
  start: number;
  end: number;
}

/** Puts marks (`**`, `*`) around the selection, or takes them away when they are there. Blanks stay outside. */
export function toggleMarks({ text, start, end }: Selected, marks: string): Selected {
  const inside = text.slice(start, end);
  const from = start + (inside.length - inside.trimStart().length);
  const to = Math.max(from, end - (inside.length - inside.trimEnd().length));
  const size = marks.length;
  if (isMarked(text, from, to, marks)) {
    const bare = text.slice(0, from - size) + text.slice(from, to) + text.slice(to + size);
    return { text: bare, start: from - size, end: to - size };
  }
  const marked = text.slice(0, from) + marks + text.slice(from, to) + marks + text.slice(to);
  return { text: marked, start: from + size, end: to + size };
}

/** Whether exactly these marks stand around the place: `*` inside `**` is not italic. */
function isMarked(text: string, from: number, to: number, marks: string): boolean {
  const mark = marks.charAt(0);
  let before = 0;
  while (text.charAt(from - 1 - before) === mark) before += 1;
  let after = 0;
  while (text.charAt(to + after) === mark) after += 1;
  const both = Math.min(before, after);
  return marks.length === 1 ? both === 1 || both === 3 : both >= 2;
}

/** Puts a link in place of the selection, and the cursor behind it. */
export function putLink({ text, start, end }: Selected, label: string, address: string): Selected {
  const shown = label.replace(/[[\]\n]/g, " ").trim();
  const plain = address.replaceAll("(", "%28").replaceAll(")", "%29");
  const link = shown === "" || shown === address ? address : `[${shown}](${plain})`;
  const at = start + link.length;
  return { text: text.slice(0, start) + link + text.slice(end), start: at, end: at };
}
