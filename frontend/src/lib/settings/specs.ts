/** The fields of the exit plan, the size and the limits, explained. */
import type { RiskSpec } from "./fields";

const share = { unit: "percent", least: 0, most: 1 } as const;
const openShare = { unit: "percent", above: 0, below: 1 } as const;

export const exitSpecs: RiskSpec[] = [
  {
    name: "stop_loss",
    title: "Stop loss",
    help: "Sells all when the price falls this far below the entry.",
    ...openShare,
  },
  {
    name: "trailing_stop",
    title: "Trailing stop",
    help: "Sells all when the price falls this far below its highest since the entry.",
    none: "off",
    ...openShare,
  },
  {
    name: "breakeven_after_tier",
    title: "Break-even after target",
    help: "Once this target is taken the stop rises to the entry price. 0: never.",
    unit: "tiers",
    least: 0,
    most: 8,
    whole: true,
    none: "never",
  },
  {
    name: "trailing_after_tier",
    title: "Trailing starts after target",
    help: "Targets to take before the trailing stop follows the price. 0: from the start.",
    unit: "tiers",
    least: 0,
    most: 8,
    whole: true,
    none: "never",
  },
  {
    name: "max_holding_candles",
    title: "Longest holding",
    help: "Sells all after so many candles, whatever the price.",
    unit: "candles",
    least: 1,
    most: 1_000_000,
    whole: true,
    none: "no end",
  },
];

export const sizingSpecs: RiskSpec[] = [
  {
    name: "risk_per_trade",
    title: "Spend per trade",
    help: "Share of what the wallet is worth that one trade spends.",
    unit: "percent",
    above: 0,
    most: 1,
  },
  {
    name: "max_spend_sol",
    title: "Largest buy",
    help: "No trade spends more than this.",
    unit: "SOL",
    above: 0,
    most: 1e6,
    none: "no limit",
  },
  {
    name: "min_spend_sol",
    title: "Smallest buy",
    help: "A trade that would spend less is not made: fees would eat it.",
    unit: "SOL",
    least: 0,
    most: 1e6,
  },
  {
    name: "reserve_sol",
    title: "Reserve",
    help: "SOL that stays in the wallet and is never spent.",
    unit: "SOL",
    least: 0,
    most: 1e6,
  },
];

export const limitSpecs: RiskSpec[] = [
  {
    name: "max_open_positions",
    title: "Open positions",
    help: "No entry while so many trades are open.",
    unit: "count",
    least: 1,
    most: 1_000,
    whole: true,
  },
  {
    name: "max_open_per_token",
    title: "Open per token",
    help: "No entry while so many trades are open in the same token.",
    unit: "count",
    least: 1,
    most: 100,
    whole: true,
  },
  {
    name: "max_token_exposure",
    title: "Share in one token",
    help: "Largest part of the wallet's worth in one token.",
    ...share,
  },
  {
    name: "max_exposure",
    title: "Share in all tokens",
    help: "Largest part of the wallet's worth in all tokens together.",
    ...share,
  },
  {
    name: "max_daily_loss",
    title: "Loss in a day",
    help: "After losing this share since midnight UTC there are no entries until the next.",
    ...share,
  },
  {
    name: "max_drawdown",
    title: "Drawdown",
    help: "Falling this far from its highest worth pauses the wallet.",
    ...share,
  },
  {
    name: "loss_cooldown_minutes",
    title: "Cool-down after a loss",
    help: "How long a token is left alone after a loss in it.",
    unit: "minutes",
    least: 0,
    most: 100_000,
  },
  {
    name: "stop_guard_count",
    title: "Stops that pause",
    help: "So many stops within the guard's window pause entries.",
    unit: "count",
    least: 1,
    most: 1_000,
    whole: true,
  },
  {
    name: "stop_guard_minutes",
    title: "Guard's window",
    help: "How far back stops are counted, and how long the pause then lasts.",
    unit: "minutes",
    least: 0,
    most: 100_000,
  },
];

export const riskSpecs = [...exitSpecs, ...sizingSpecs, ...limitSpecs];
