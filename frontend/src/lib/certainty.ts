/** How far a share of so many may be trusted. Pure. */

/** Fewer trades than this tell nothing: the platform gives no intervals for them either. */
export const FEWEST = 10;
const Z = 1.96;

/** The 95 % interval of Wilson for a share of `count`; null for none. */
export function wilson(hits: number, count: number): { low: number; high: number } | null {
  if (count <= 0) return null;
  const share = hits / count;
  const squared = (Z * Z) / count;
  const middle = (share + squared / 2) / (1 + squared);
  const half =
    (Z * Math.sqrt((share * (1 - share)) / count + squared / (4 * count))) / (1 + squared);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
