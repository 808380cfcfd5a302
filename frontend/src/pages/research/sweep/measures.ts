/** The figures of a set: what they are called, how they are written, and where good begins. Pure. */
import type { Score } from "@/api/research";
import {
  formatChange,
  formatCount,
  formatNumber,
  formatPercent,
  formatPercentChange,
} from "@/lib/format";

export interface Measure {
  key: string;
  title: string;
  read: (score: Score) => number | null;
  write: (value: number) => string;
  /** Above it is good, below it is bad; null: only more or less. */
  centre: number | null;
}

const plain = (value: number) => formatNumber(Number(value.toFixed(2)));

export const measures: Measure[] = [
  {
    key: "net_pnl",
    title: "Net P&L, SOL",
    read: (it) => it.net_pnl_sol,
    write: formatChange,
    centre: 0,
  },
  {
    key: "total_return",
    title: "Total return",
    read: (it) => it.total_return_percent,
    write: (value) => formatPercentChange(value),
    centre: 0,
  },
  {
    key: "profit_factor",
    title: "Profit factor",
    read: (it) => it.profit_factor,
    write: plain,
    centre: 1,
  },
  {
    key: "expectancy",
    title: "Expectancy, SOL",
    read: (it) => it.expectancy_sol,
    write: formatChange,
    centre: 0,
  },
  { key: "sharpe", title: "Sharpe", read: (it) => it.sharpe, write: plain, centre: 0 },
  { key: "sortino", title: "Sortino", read: (it) => it.sortino, write: plain, centre: 0 },
  { key: "calmar", title: "Calmar", read: (it) => it.calmar, write: plain, centre: 0 },
  { key: "sqn", title: "SQN", read: (it) => it.sqn, write: plain, centre: 0 },
  {
    key: "win_rate",
    title: "Win rate",
    read: (it) => (it.win_rate === null ? null : 100 * it.win_rate),
    write: (value) => formatPercent(value, 0),
    centre: null,
  },
  {
    key: "max_drawdown",
    title: "Max drawdown",
    read: (it) => it.max_drawdown_percent,
    write: (value) => formatPercent(value),
    centre: null,
  },
  {
    key: "trades",
    title: "Trades",
    read: (it) => it.trades,
    write: (value) => formatCount(value),
    centre: null,
  },
];

export function measureOf(key: string | null): Measure {
  const found = measures.find((it) => it.key === key) ?? measures[0];
  if (found === undefined) throw new Error("there are no measures");
  return found;
}

/** A figure of a sample, or why it has none. */
export function readOf(measure: Measure, score: Score | null): string {
  const value = score === null ? null : measure.read(score);
  return value === null ? "–" : measure.write(value);
}
