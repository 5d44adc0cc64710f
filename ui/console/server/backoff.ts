/** Shortest and longest upper bound of the wait before the next try, in milliseconds. */
export const RECONNECT_MIN_MILLIS = 500;
export const RECONNECT_MAX_MILLIS = 30_000;

/**
 * Full jitter: anything between nothing and a bound that doubles with each failure.
 * `failures` counts from 1; `chance` lies in [0, 1).
 */
export function backoffMillis(failures: number, chance: number): number {
  const bound = Math.min(RECONNECT_MAX_MILLIS, RECONNECT_MIN_MILLIS * 2 ** Math.min(failures - 1, 16));
  return Math.round(bound * chance);
}
