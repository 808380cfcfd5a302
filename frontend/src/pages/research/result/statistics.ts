/** Figures of a run: which, in which order, and how they are written. Pure. */
import type { FigureDefinition } from "@/api/research";
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
import { formatUtc } from "../words";

export type Unit = FigureDefinition["unit"];

/** Profits and losses: drawn with arrow and colour. */
const signed = new Set([
  "net_pnl_sol",
  "expectancy_sol",
  "best_sol",
  "worst_sol",
  "total_return_percent",
  "cagr_percent",
]);
const annual = new Set(["sharpe", "sortino", "cagr_percent", "calmar"]);
const left = new Set(["intervals", "annualised_reliable", "excursions"]);

function numberText(value: number, unit: Unit): string {
  switch (unit) {
    case "count":
    case "days":
      return formatCount(value);
    case "SOL":
      return formatSol(value);
    case "percent":
      return formatPercent(value);
    case "fraction":
      return formatPercent(100 * value);
    case "seconds":
      return formatDuration(1_000 * value);
    default:
      return formatNumber(Number(value.toPrecision(3)));
  }
}

/** A value in its unit; what is neither a number nor a time is written as it is. */
export function writeFigure(name: string, unit: Unit, value: unknown): string {
  if (typeof value === "number") {
    if (signed.has(name)) return unit === "SOL" ? formatChange(value) : formatPercentChange(value);
    return numberText(value, unit);
  }
  return unit === "ISO 8601" && typeof value === "string" ? formatUtc(value) : String(value);
}

export interface Reading {
  name: string;
  title: string;
  definition: string;
  /** Null: it does not exist, and `text` says why. */
  value: number | string | null;
  text: string;
  sign: "sol" | "percent" | null;
  interval: string | null;
  /** A yearly figure of fewer than 30 days. */
  doubtful: boolean;
}

function intervalOf(name: string, unit: Unit, statistics: Overall): string | null {
  const interval = statistics.intervals[name];
  if (!interval) return null;
  return `${numberText(interval.low, unit)} to ${numberText(interval.high, unit)}`;
}

function signOf(name: string, unit: Unit): Reading["sign"] {
  if (!signed.has(name)) return null;
  return unit === "SOL" ? "sol" : "percent";
}

export function readingOf(definition: FigureDefinition, statistics: Overall): Reading {
  const { name, unit } = definition;
  const value = (statistics as unknown as Record<string, unknown>)[name];
  const title = unit === "SOL" ? `${definition.title}, SOL` : definition.title;
  const base = { name, title, definition: definition.definition };
  if (typeof value !== "number" && typeof value !== "string") {
    const text = statistics.nulls[name] ?? "not known";
    const sentence = text.charAt(0).toUpperCase() + text.slice(1);
    return { ...base, value: null, text: sentence, sign: null, interval: null, doubtful: false };
  }
  return {
    ...base,
    value,
    text: writeFigure(name, unit, value),
    sign: typeof value === "number" ? signOf(name, unit) : null,
    interval: intervalOf(name, unit, statistics),
    doubtful: annual.has(name) && !statistics.annualised_reliable,
  };
}

const topics: [FigureDefinition["topic"], string][] = [
  ["equity", "Equity"],
  ["trades", "Trades"],
];

/** Every figure that a run has, under its topic. */
export function readingsOf(definitions: FigureDefinition[], statistics: Overall) {
  return topics.map(([topic, title]) => ({
    title,
    readings: definitions
      .filter((it) => it.topic === topic && it.name in statistics && !left.has(it.name))
      .map((it) => readingOf(it, statistics)),
  }));
}
