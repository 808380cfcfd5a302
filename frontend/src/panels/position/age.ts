const AMBER = 15_000;
const RED = 60_000;

export type Freshness = "fresh" | "ageing" | "old";

/** How far a price can be trusted: past fifteen seconds not quite, past a minute not at all. */
export function freshnessOf(milliseconds: number): Freshness {
  if (milliseconds > RED) return "old";
  return milliseconds > AMBER ? "ageing" : "fresh";
}
