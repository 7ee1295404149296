/** How long to wait before trying again. */
export const BACKOFF = { firstMillis: 400, longestMillis: 8_000, longestAskedMillis: 60_000 } as const;

/**
 * Doubles from try to try up to a bound, then spread over its upper half by `chance` (0 to 1), so that pages which
 * failed together do not come back together. A store that names a time is obeyed, within reason.
 */
export function backoffMillis(failuresInRow: number, chance: number, askedMillis: number | null): number {
  const doublings = Math.min(Math.max(failuresInRow - 1, 0), 16);
  const full = Math.min(BACKOFF.firstMillis * 2 ** doublings, BACKOFF.longestMillis);
  const own = Math.round(full * (0.5 + 0.5 * chance));
  return Math.max(own, Math.min(askedMillis ?? 0, BACKOFF.longestAskedMillis));
}
