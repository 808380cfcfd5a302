/** Which statistics are shown, in which order, and how each is written. Pure. */
import type { Definition } from "@/api/analytics";
import type { Overall } from "@/api/wire";
import {
  formatChange,
  formatCount,
  formatNumber,
  formatPercent,
  formatPercentChange,
  formatSol,
} from "@/lib/format";
import { formatDuration } from "@/lib/time";

export interface Figure {
  key: keyof Overall & string;
  /** A profit or a loss: drawn with arrow and colour. */
  signed?: "sol" | "percent";
  /** Needs 30 days of history to mean anything. */
  annual?: boolean;
}

export interface Section {
  title: string;
  figures: Figure[];
}

export const sections: Section[] = [
  {
    title: "Result",
    figures: [
      { key: "net_pnl_sol", signed: "sol" },
      { key: "total_return_percent", signed: "percent" },
      { key: "expectancy_sol", signed: "sol" },
      { key: "average_win_sol" },
      { key: "average_loss_sol" },
      { key: "best_sol", signed: "sol" },
      { key: "worst_sol", signed: "sol" },
    ],
  },
  {
    title: "Quality",
    figures: [
      { key: "win_rate" },
      { key: "profit_factor" },
      { key: "expectancy_ratio" },
      { key: "sqn" },
      { key: "sharpe", annual: true },
      { key: "sortino", annual: true },
      { key: "cagr_percent", signed: "percent", annual: true },
    ],
  },
  {
    title: "Risk",
    figures: [
      { key: "max_drawdown_percent" },
      { key: "calmar", annual: true },
      { key: "longest_losses" },
      { key: "longest_wins" },
      { key: "median_mae_percent", signed: "percent" },
      { key: "median_mfe_percent", signed: "percent" },
      { key: "exposure" },
    ],
  },
  {
    title: "Activity",
    figures: [
      { key: "trades" },
      { key: "open_trades" },
      { key: "volume_sol" },
      { key: "average_size_sol" },
      { key: "median_holding_seconds" },
      { key: "median_holding_wins_seconds" },
      { key: "median_holding_losses_seconds" },
    ],
  },
];

export const FEW_DAYS = "shown from 30 days of history on";
const NOT_KNOWN = "not known";

type Write = (value: number) => string;

const writers: Record<Definition["unit"], Write> = {
  count: formatCount,
  days: formatCount,
  SOL: formatSol,
  percent: formatPercent,
  fraction: (value) => formatPercent(100 * value),
  ratio: (value) => formatNumber(Number(value.toFixed(2))),
  seconds: (value) => formatDuration(1000 * value),
  "ISO 8601": String,
  flag: String,
};

function writerOf(figure: Figure, unit: Definition["unit"]): Write {
  if (figure.signed === "sol") return formatChange;
  if (figure.signed === "percent") return formatPercentChange;
  return writers[unit];
}

export interface Reading {
  /** Null: there is none, and `text` says why. */
  value: number | null;
  text: string;
  interval: string | null;
}

/** What to show for a figure: its value with its interval, or why there is none. */
export function readingOf(figure: Figure, overall: Overall, unit: Definition["unit"]): Reading {
  const value = overall[figure.key];
  if (figure.annual && !overall.annualised_reliable) {
    return { value: null, text: FEW_DAYS, interval: null };
  }
  if (typeof value !== "number") {
    return { value: null, text: overall.nulls[figure.key] ?? NOT_KNOWN, interval: null };
  }
  const write = writerOf(figure, unit);
  const interval = overall.intervals[figure.key];
  const written = interval && `${write(interval.low)} to ${write(interval.high)}`;
  return { value, text: write(value), interval: written ?? null };
}
