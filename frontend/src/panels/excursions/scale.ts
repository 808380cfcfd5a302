/** A scatter's axes: which values they cover, and where its points stand. Pure. */
import type { Excursion } from "@/api/analytics";

export interface Seen {
  trade: Excursion;
  /** Percent: the worst (0 or below) and the best (0 or above) while it was open. */
  worst: number;
  best: number;
}

/** Trades whose prices while open are known; the others cannot be drawn. */
export function seenOf(trades: Excursion[]): Seen[] {
  return trades.flatMap((trade) => {
    const { mae_percent: worst, mfe_percent: best, prices } = trade;
    return worst === null || best === null || prices === 0 ? [] : [{ trade, worst, best }];
  });
}

const STEPS = [1, 2, 5, 10];
const MARKS = 5;

/** A round step that gives about five marks up to a value. */
export function stepFor(most: number): number {
  const rough = Math.max(most, 1) / MARKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * (STEPS.find((it) => it * power >= rough) ?? 10);
}

/** 0, one step, … until a value is covered. */
export function marksTo(most: number): number[] {
  const step = stepFor(most);
  const count = Math.max(1, Math.ceil(most / step));
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toFixed(6)));
}

export function median(values: number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

export interface Story {
  /** How deep half of the winners were at least before they won: their median worst. */
  winnersFell: number | null;
  /** How high half of the losers had been before they lost. */
  losersRose: number | null;
  winners: number;
  losers: number;
}

export function storyOf(seen: Seen[]): Story {
  const winners = seen.filter(({ trade }) => trade.pnl_percent > 0);
  const losers = seen.filter(({ trade }) => trade.pnl_percent < 0);
  return {
    winnersFell: median(winners.map(({ worst }) => worst)),
    losersRose: median(losers.map(({ best }) => best)),
    winners: winners.length,
    losers: losers.length,
  };
}
