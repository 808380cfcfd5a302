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
