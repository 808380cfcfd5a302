/** A draft as the platform takes it, what does not fit in it, and how much there is to try. Pure. */
import type { Strategy } from "@/api/wire";
import type { NumberSpec } from "@/lib/settings/fields";
import { parametersOf } from "@/lib/settings/schema";
import { exitSpecs, limitSpecs, sizingSpecs } from "@/lib/settings/specs";
import type { Draft, EntryDraft } from "./draft";
import { TIERS } from "./draft";
import { readTiers } from "./tiers";
import { MOST_COMBINATIONS, type Read, readValue } from "./values";

export type Faults = Record<string, string>;
export type Body = Record<string, unknown>;

export const initialSpec: NumberSpec = {
  name: "initial_sol",
  title: "SOL at the start",
  help: "What the wallet of the run begins with.",
  unit: "SOL",
  above: 0,
  most: 9_000_000,
};
export const moneySpecs: NumberSpec[] = [initialSpec, ...sizingSpecs];

const whole = (name: string, title: string, least: number, most: number): NumberSpec => ({
  name,
  title,
  help: "",
  unit: "count",
  whole: true,
  least,
  most,
});
export const plainSpecs = {
  fees_bps: whole("fees_bps", "Fee", 0, 5_000),
  slippage_bps: whole("slippage_bps", "Slippage", 0, 5_000),
  decimals: whole("decimals", "Token decimals", 0, 18),
  samples: whole("samples", "Combinations to try", 1, MOST_COMBINATIONS),
  seed: whole("seed", "Seed", 0, 2 ** 32 - 1),
  walk_forward: whole("walk_forward", "Walk-forward folds", 0, 20),
};
/** Collects values and faults, each at its pointer. */
export class Reader {
  readonly faults: Faults = {};

  take<T>(pointer: string, read: Read<T>): T | undefined {
    if (read.fault !== undefined) this.faults[pointer] = read.fault;
    return read.value;
  }

  /** A fixed number under its own name. */
  number(spec: NumberSpec, text: string, place = "") {
    return this.take(`${place}/${spec.name}`, readValue(spec, text));
  }
}

const DAY = 86_400_000;

/** A UTC day as its first moment, or as the first moment after it. */
export function dayStart(day: string, after = false): string | undefined {
  const time = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(time) ? undefined : new Date(time + (after ? DAY : 0)).toISOString();
}

function candlesOf(draft: Draft, reader: Reader): unknown {
  if (draft.tokens.length === 0) reader.faults["/candles"] = "Choose at least one token";
  const from = dayStart(draft.from);
  const to = dayStart(draft.to, true);
  if (from && to && from >= to)
    reader.faults["/candles/from"] = "The first day must not be after the last";
  const all = draft.tokens.map((token) => ({
    source: "stored" as const,
    token,
    timeframe: draft.timeframe || undefined,
    from,
    to,
  }));
  return all.length === 1 ? all[0] : all;
}

function limitsOf(draft: Draft, reader: Reader): Body | null {
  if (draft.risk === "off") return null;
  if (draft.risk === "standard") return {};
  const values = limitSpecs.map((spec) => [
    spec.name,
    reader.number(spec, draft.limits[spec.name] ?? "", "/risk"),
  ]);
  return Object.fromEntries(values);
}

function costsOf(draft: Draft, reader: Reader): Body {
  if (draft.costs !== "own") return { preset: draft.costs };
  return {
    fees_bps: reader.number(plainSpecs.fees_bps, draft.fees_bps),
    slippage_bps: reader.number(plainSpecs.slippage_bps, draft.slippage_bps),
  };
}

export function marketOf(draft: Draft, reader: Reader): Body {
  const money = moneySpecs.map((spec) => [
    spec.name,
    reader.number(spec, draft.money[spec.name] ?? ""),
  ]);
  return {
    candles: candlesOf(draft, reader),
    ...Object.fromEntries(money),
    risk: limitsOf(draft, reader),
    decimals: reader.number(plainSpecs.decimals, draft.decimals),
    ...costsOf(draft, reader),
    price_path: draft.price_path,
  };
}

export function find(strategies: Strategy[], name: string) {
  return strategies.find((it) => it.name === name || it.aliases.includes(name));
}

export function entryBody(entry: EntryDraft, params: Body): Body {
  return { strategy: entry.strategy, ...(entry.template && { template: entry.template }), params };
}

function fixedParams(entry: EntryDraft, strategies: Strategy[], place: string, reader: Reader) {
  const strategy = find(strategies, entry.strategy);
  const params: Body = {};
  for (const spec of strategy ? parametersOf(strategy) : []) {
    const text = entry.params[spec.name]?.fixed ?? "";
    if (text.trim() === "") continue;
    params[spec.name] = reader.take(`${place}/params/${spec.name}`, readValue(spec, text));
  }
  return params;
}

export interface Built {
  body: Body;
  faults: Faults;
}

export function backtestOf(draft: Draft, strategies: Strategy[]): Built {
  const reader = new Reader();
  const isOne = draft.entries.length === 1;
  const entries = draft.entries.map((entry, index) => {
    const place = isOne ? "/entry" : `/entry/${index}`;
    return entryBody(entry, fixedParams(entry, strategies, place, reader));
  });
  const names = draft.entries.map((entry) => entry.strategy);
  if (new Set(names).size < names.length) reader.faults["/entry"] = "Each strategy may stand once";
  const exit = exitSpecs.map((spec) => [
    spec.name,
    reader.number(spec, draft.exit[spec.name]?.fixed ?? "", "/exit"),
  ]);
  const tiers = reader.take(`/exit/${TIERS}`, readTiers(draft.exit[TIERS]?.fixed ?? ""));
  const body = {
    ...marketOf(draft, reader),
    entry: isOne ? entries[0] : entries,
    exit: { ...Object.fromEntries(exit), [TIERS]: tiers },
  };
  return { body, faults: reader.faults };
}
