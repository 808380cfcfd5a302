/** Values of settings and their ranges, in words. Pure. */
import { formatCount, formatNumber, formatSol } from "@/lib/format";
import { type NumberSpec, shownNumber, suffixOf, type Tier } from "./fields";

/** A value in words: 15 %, 0.5 SOL, target 1, never. */
export function valueInWords(spec: NumberSpec, value: unknown): string {
  if (value === null || value === undefined) return spec.none ?? "not set";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "number") return String(value);
  if (spec.unit === "percent") return `${formatNumber(shownNumber(value, "percent"))} %`;
  if (spec.unit === "SOL") return `${formatSol(value)} SOL`;
  if (spec.unit === "tiers") return tierInWords(spec.name, value);
  if (spec.unit === "candles") return `${formatCount(value)} candles`;
  return [formatNumber(value), suffixOf(spec.unit)].filter(Boolean).join(" ");
}

function tierInWords(name: string, value: number): string {
  if (value > 0) return `target ${value}`;
  return name === "trailing_after_tier" ? "from the start" : "never";
}

export function tierText([gain, portion]: Tier): string {
  const percent = (value: number) => `${formatNumber(shownNumber(value, "percent"))} %`;
  return `+${percent(gain)} sells ${percent(portion)}`;
}

/** The range in words, for below the field: 2 to 500. */
export function rangeText(spec: NumberSpec): string | null {
  const from = spec.least ?? spec.above;
  const to = spec.most ?? spec.below;
  if (from === undefined || to === undefined || to >= 1e5) return null;
  const shown = (limit: number) => formatNumber(shownNumber(limit, spec.unit));
  return `${shown(from)} to ${[shown(to), suffixOf(spec.unit)].filter(Boolean).join(" ")}`;
}
