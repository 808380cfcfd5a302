/** What a filter did, in a sentence. Pure. */
import type { Savings } from "@/api/analytics";
import { FEWEST } from "@/lib/certainty";
import { formatSol } from "@/lib/format";

export const stageNames = {
  screening: "Screening",
  confirmation: "Confirmation",
  risk: "Limits",
} as const;

/** Signals with a result: what would have been bought and sold again. */
export function resultsOf({ won, lost, drew }: Savings): number {
  return won + lost + drew;
}

/** `saved_sol` is money only where there were prices to reckon with. */
export function verdictOf(total: Savings): string {
  const results = resultsOf(total);
  if (total.skipped === 0) return "Nothing was skipped.";
  if (results === 0) return "None of them can be reckoned yet: no prices are recorded after them.";
  if (results < FEWEST) return `${results} results: too few to tell.`;
  const amount = formatSol(Math.abs(total.saved_sol));
  return total.saved_sol >= 0
    ? `All filters together saved ${amount} SOL.`
    : `All filters together cost ${amount} SOL.`;
}
