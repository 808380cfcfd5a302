const FIRST = 1_000;
const LONGEST = 30_000;

/**
 * How long to wait before the next try, in milliseconds: 1, 2, 4 … 30 s, each shortened by up to
 * half by chance, so that a platform that comes back is not met by everybody at once.
 */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const longest = Math.min(LONGEST, FIRST * 2 ** Math.min(attempt, 10));
  return Math.max(FIRST, longest * (1 - random() / 2));
}
