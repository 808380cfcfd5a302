const AMBER = 10_000;
const RED = 60_000;

export type Freshness = "fresh" | "ageing" | "old";

/** How far a price can be trusted: after ten seconds not quite, after a minute not at all. */
export function freshnessOf(milliseconds: number): Freshness {
  if (milliseconds >= RED) return "old";
  return milliseconds >= AMBER ? "ageing" : "fresh";
}
