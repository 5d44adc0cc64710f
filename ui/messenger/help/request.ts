/** What a request may have, in bytes of UTF-8. */
export const LIMIT_BYTES = 16 * 1024;

/** A request's text: what the user wrote, and below it the check of the computer as a block of its own. */
export function requestText(description: string, report: string | null): string {
  const written = description.trim();
  if (report === null) return written;
  // A fence longer than any in the report, so that nothing in it ends the block.
  const longest = Math.max(2, ...[...report.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${written}\n\n${fence}\n${report}\n${fence}`;
}

/** Bytes that are left of the limit. */
export function bytesLeft(text: string): number {
  return LIMIT_BYTES - new TextEncoder().encode(text).length;
}
