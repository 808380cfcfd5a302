/** What a reset begins with and what it does, in words. Pure. */
import type { ResetPlan } from "@/api/wallets";
import { formatCount, formatNumber, formatSol } from "@/lib/format";
import { readNumber } from "@/lib/read-number";

export const CONFIRM = "RESET";

/** SOL to begin with: null for a draw. A fault says why it cannot be sent. */
export type Beginning = { sol: number | null; fault?: undefined } | { fault: string };

type Bounds = Pick<ResetPlan, "least_sol" | "most_sol">;

/** An empty text draws. */
export function readBeginning(text: string, { least_sol, most_sol }: Bounds): Beginning {
  if (text.trim() === "") return { sol: null };
  const sol = readNumber(text);
  if (Number.isNaN(sol)) return { fault: "Must be a number" };
  if (sol < least_sol || sol > most_sol) {
    return { fault: `Must be from ${formatNumber(least_sol)} to ${formatNumber(most_sol)}` };
  }
  return { sol };
}

export const isConfirmed = (text: string) => text.trim().toUpperCase() === CONFIRM;

type Drawn = Pick<ResetPlan, "drawn_from_sol" | "drawn_to_sol">;

export const drawInWords = ({ drawn_from_sol, drawn_to_sol }: Drawn) =>
  `${formatNumber(drawn_from_sol)} to ${formatNumber(drawn_to_sol)}`;

const many = (count: number, one: string, several: string) =>
  `${formatCount(count)} ${count === 1 ? one : several}`;

function salesInWords({ open_positions: count, positions_value: value }: ResetPlan): string {
  if (count === 0) return "Nothing is sold: you hold no token.";
  return count === 1
    ? `Your open position is sold at its last price, worth ${formatSol(value)} SOL now.`
    : `Your ${formatCount(count)} open positions are sold at their last prices, worth ${formatSol(value)} SOL now.`;
}

/** Everything that a reset does to this wallet, one sentence each. */
export function consequences(plan: ResetPlan): string[] {
  const kept =
    plan.shadows > 0
      ? `, settings and ${many(plan.shadows, "shadow", "shadows")}`
      : " and settings";
  return [
    salesInWords(plan),
    "Profit, drawdown, statistics and every limit count from zero; losses, stops and cool-downs are forgotten.",
    "Trades, decisions and events stay in History, Events and exports.",
    `Your key${kept} stay as they are.`,
  ];
}
