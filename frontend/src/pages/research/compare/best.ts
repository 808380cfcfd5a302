/** Which of several figures is best. Pure. */

/** Of these less is better. */
const falling = new Set(["max_drawdown_percent"]);
/** Of these neither more nor less is better. */
const neutral = new Set(["trades", "exposure", "median_holding_seconds", "volume_sol"]);

/** The column that is best; null where none is, or all are alike. */
export function bestOf(name: string, values: (number | null)[]): number | null {
  const known = values.filter((value): value is number => value !== null);
  if (neutral.has(name) || known.length < 2 || new Set(known).size === 1) return null;
  const best = falling.has(name) ? Math.min(...known) : Math.max(...known);
  return values.indexOf(best);
}
