/** What is stored, by token: what can be chosen for a run, and what a choice comes to. Pure. */
import type { HistoryEntry, Timeframe } from "@/api/history";
import { timeframes } from "@/api/history";

export interface Stocked {
  token: string;
  symbol: string;
  own: boolean;
  entries: HistoryEntry[];
  candles: number;
  gaps: number;
  missing: number;
  /** ISO times of the first and the last candle. */
  first: string;
  last: string;
}

const widths: Record<Timeframe, number> = {
  "1s": 1,
  "1m": 60,
  "5m": 300,
  "15m": 900,
  "1h": 3_600,
  "4h": 14_400,
  "1d": 86_400,
};

export const widthOf = (timeframe: string): number => widths[timeframe as Timeframe] ?? 300;

/** The tokens by name; a wallet's own candles are read before the shared ones. */
export function stockOf(entries: HistoryEntry[]): Stocked[] {
  const byToken = new Map<string, HistoryEntry[]>();
  for (const entry of entries) {
    byToken.set(entry.token, [...(byToken.get(entry.token) ?? []), entry]);
  }
  return [...byToken].map(([token, own]) => {
    const most = own.reduce((best, it) => (it.candles > best.candles ? it : best));
    const times = own.map((it) => [it.first, it.last] as const);
    return {
      token,
      symbol: most.symbol || token,
      own: own.some((it) => it.own),
      entries: own,
      candles: most.candles,
      gaps: most.gaps,
      missing: most.missing,
      first: times.map(([first]) => first).sort()[0] ?? most.first,
      last:
        times
          .map(([, last]) => last)
          .sort()
          .at(-1) ?? most.last,
    };
  });
}

/** The timeframes that all of these tokens have, or that can be made of a finer one. */
export function commonTimeframes(tokens: Stocked[]): Timeframe[] {
  if (tokens.length === 0) return [];
  return timeframes.filter((timeframe) =>
    tokens.every(({ entries }) =>
      entries.some((entry) => widths[timeframe] % widthOf(entry.timeframe) === 0),
    ),
  );
}

/** About how many candles a run will see of all tokens, between two UTC days. */
export function candlesIn(
  tokens: Stocked[],
  timeframe: string,
  from: number | null,
  to: number | null,
): number {
  const width = widthOf(timeframe) * 1_000;
  const counts = tokens.map((token) => {
    const first = Math.max(Date.parse(token.first), from ?? Number.NEGATIVE_INFINITY);
    const last = Math.min(Date.parse(token.last) + width, to ?? Number.POSITIVE_INFINITY);
    return Math.max(0, Math.floor((last - first) / width));
  });
  return counts.reduce((sum, count) => sum + count, 0);
}
