/** What each statistic means and how it is written. */
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
  key: keyof Overall;
  label: string;
  definition: string;
  write: (value: number) => string;
  /** A profit or a loss: drawn with arrow and colour. */
  signed?: "sol" | "percent";
  /** Why it is null. */
  missing: string;
  /** Needs 30 days of history to mean anything. */
  annual?: boolean;
}

const percentOf = (ratio: number) => formatPercent(100 * ratio);
const seconds = (value: number) => formatDuration(1000 * value);
const noTrade = "No finished trade yet";
const noLoss = "No losing trade yet";
const fewDays = "Shown from 30 days of history on";

export const figures: Figure[] = [
  {
    key: "net_pnl_sol",
    label: "Net P&L, SOL",
    definition: "SOL returned less SOL invested of all finished trades, fees inside.",
    write: formatChange,
    signed: "sol",
    missing: noTrade,
  },
  {
    key: "total_return_percent",
    label: "Total return",
    definition: "Change of total value since the start; deposits are not profit.",
    write: formatPercentChange,
    signed: "percent",
    missing: noTrade,
  },
  {
    key: "trades",
    label: "Finished trades",
    definition: "Trades whose last token was sold.",
    write: formatCount,
    missing: noTrade,
  },
  {
    key: "win_rate",
    label: "Win rate",
    definition: "Trades with a profit ÷ finished trades. A draw is no win.",
    write: percentOf,
    missing: noTrade,
  },
  {
    key: "profit_factor",
    label: "Profit factor",
    definition: "Sum of all wins ÷ sum of all losses. Above 1 earns.",
    write: formatNumber,
    missing: noLoss,
  },
  {
    key: "expectancy_sol",
    label: "Expectancy, SOL",
    definition: "Mean net P&L of a finished trade.",
    write: formatChange,
    signed: "sol",
    missing: noTrade,
  },
  {
    key: "average_win_sol",
    label: "Average win, SOL",
    definition: "Mean net P&L of the trades with a profit.",
    write: formatSol,
    missing: "No winning trade yet",
  },
  {
    key: "average_loss_sol",
    label: "Average loss, SOL",
    definition: "Mean net loss of the trades that lost, as a positive amount.",
    write: formatSol,
    missing: noLoss,
  },
  {
    key: "best_sol",
    label: "Best trade, SOL",
    definition: "Largest net P&L of one finished trade.",
    write: formatChange,
    signed: "sol",
    missing: noTrade,
  },
  {
    key: "worst_sol",
    label: "Worst trade, SOL",
    definition: "Smallest net P&L of one finished trade.",
    write: formatChange,
    signed: "sol",
    missing: noTrade,
  },
  {
    key: "max_drawdown_percent",
    label: "Max drawdown",
    definition: "Largest fall of total value below its highest before, from the true start.",
    write: formatPercent,
    missing: "No history yet",
  },
  {
    key: "sqn",
    label: "SQN",
    definition: "√trades · mean P&L ÷ standard deviation of P&L.",
    write: formatNumber,
    missing: "Needs two trades that differ",
  },
  {
    key: "median_holding_seconds",
    label: "Median holding",
    definition: "Half of the finished trades were held longer, half shorter.",
    write: seconds,
    missing: noTrade,
  },
  {
    key: "volume_sol",
    label: "Volume, SOL",
    definition: "Sum of SOL invested.",
    write: formatSol,
    missing: noTrade,
  },
  {
    key: "exposure",
    label: "Exposure",
    definition: "Share of time with at least one open trade.",
    write: percentOf,
    missing: noTrade,
  },
  {
    key: "sharpe",
    label: "Sharpe",
    definition: "Mean of daily returns ÷ their standard deviation · √365; risk-free rate 0.",
    write: formatNumber,
    missing: fewDays,
    annual: true,
  },
  {
    key: "sortino",
    label: "Sortino",
    definition: "Like Sharpe, but only falling days count as risk.",
    write: formatNumber,
    missing: fewDays,
    annual: true,
  },
  {
    key: "calmar",
    label: "Calmar",
    definition: "Yearly growth ÷ max drawdown.",
    write: formatNumber,
    missing: fewDays,
    annual: true,
  },
];

export interface Reading {
  value: number | null;
  text: string;
  interval: string | null;
}

/** What to show for a figure: its value, or why there is none. */
export function readingOf(figure: Figure, overall: Overall): Reading {
  const value = overall[figure.key];
  const isHidden = figure.annual && !overall.annualised_reliable;
  if (typeof value !== "number" || isHidden) {
    return { value: null, text: figure.missing, interval: null };
  }
  const interval = overall.intervals[figure.key];
  const written = interval && `${figure.write(interval.low)} to ${figure.write(interval.high)}`;
  return { value, text: figure.write(value), interval: written ?? null };
}
