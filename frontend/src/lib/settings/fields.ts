/** Every number of a plan that a trader can set: its words, its unit and its range. Pure. */
import type { ExitPlan, Limits, Sizing } from "@/api/wire";
import { formatNumber } from "@/lib/format";

export type Unit = "percent" | "SOL" | "minutes" | "candles" | "tiers" | "count" | "plain";

/** How a number is asked for. Bounds are in the platform's unit: a percentage is a fraction there. */
export interface NumberSpec {
  name: string;
  title: string;
  help: string;
  unit: Unit;
  least?: number;
  most?: number;
  /** The bounds themselves are not allowed. */
  above?: number;
  below?: number;
  whole?: boolean;
  /** May be left empty; the words say what that means. */
  none?: string;
}

export interface FlatRisk extends Required<Omit<ExitPlan, "take_profit">>, Required<Sizing> {
  take_profit: Tier[];
}
export type Risk = FlatRisk & Required<Limits>;
export type RiskName = keyof Risk;
export type Tier = [gain: number, portion: number];

export interface RiskSpec extends NumberSpec {
  name: Exclude<RiskName, "take_profit">;
}

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

const suffixes: Record<Unit, string> = {
  percent: "%",
  SOL: "SOL",
  minutes: "min",
  candles: "candles",
  tiers: "",
  count: "",
  plain: "",
};

export const suffixOf = (unit: Unit) => suffixes[unit];

/** A fraction as the number before its percent sign, without the noise of binary fractions. */
export function shownNumber(value: number, unit: Unit): number {
  return unit === "percent" ? Number((100 * value).toPrecision(12)) : value;
}

export function storedNumber(shown: number, unit: Unit): number {
  return unit === "percent" ? Number((shown / 100).toPrecision(12)) : shown;
}

/** A bound as it is shown beside the field. */
function boundText(limit: number, unit: Unit): string {
  return [formatNumber(shownNumber(limit, unit)), suffixOf(unit)].filter(Boolean).join(" ");
}

function outOfBounds({ unit, ...spec }: NumberSpec, value: number): string | null {
  const bounds: [boolean, string, number | undefined][] = [
    [value < (spec.least ?? value), "at least", spec.least],
    [value > (spec.most ?? value), "at most", spec.most],
    [spec.above !== undefined && value <= spec.above, "above", spec.above],
    [spec.below !== undefined && value >= spec.below, "below", spec.below],
  ];
  const [, words, limit] = bounds.find(([isBroken]) => isBroken) ?? [];
  return limit === undefined ? null : `Must be ${words} ${boundText(limit, unit)}`;
}

/** What is wrong with a number, in words; null when nothing is. */
export function faultOf(spec: NumberSpec, value: unknown): string | null {
  if (value === null || value === undefined) return spec.none ? null : "Must not be empty";
  if (typeof value !== "number") return null;
  if (!Number.isFinite(value)) return "Must be a number";
  if (spec.whole && !Number.isInteger(value)) return "Must be a whole number";
  return outOfBounds(spec, value);
}

/** What is wrong with the targets: each pointer leads to the row it is about. */
export function tierFaults(tiers: Tier[]): Record<number, string> {
  const faults: Record<number, string> = {};
  let sold = 0;
  for (const [row, [gain, portion]] of tiers.entries()) {
    sold += portion;
    const before = tiers[row - 1]?.[0] ?? 0;
    if (!(Number.isFinite(gain) && gain > 0)) faults[row] = "The gain must be above 0";
    else if (gain <= before) faults[row] = "Each gain must be above the one before";
    else if (!(portion > 0 && portion <= 1)) faults[row] = "The part must be between 0 and 100 %";
    else if (sold > 1 + 1e-9) faults[row] = "The parts add up to more than 100 %";
  }
  return faults;
}
