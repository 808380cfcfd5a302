/** A run's request, read back into a draft, and a sweep's set as a backtest. Pure. */
import { type NumberSpec, shownNumber, type Tier } from "@/lib/settings/fields";
import { exitSpecs, limitSpecs } from "@/lib/settings/specs";
import { type Draft, type EntryDraft, newDraft, TIERS, type Varied, varied } from "./draft";
import { moneySpecs, plainSpecs } from "./request";
import { outOfSampleSpec } from "./sweep-request";
import { tiersText } from "./tiers";

export type Json = Record<string, unknown>;

export function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
const text = (value: unknown): string => (typeof value === "string" ? value : "");

type Unit = NumberSpec["unit"];

function valueText(value: unknown, unit: Unit): string {
  if (typeof value === "number") return String(shownNumber(value, unit));
  if (typeof value === "boolean") return value ? "yes" : "no";
  return value === null || value === undefined ? "" : String(value);
}

/** Parameters of strategies keep the unit in which they are sent: see `unitsOf`. */
export function variedOf(value: unknown, unit: Unit): Varied {
  if (Array.isArray(value)) {
    const words = value.map((one) => (one === null ? "off" : valueText(one, unit)));
    return { ...varied(), mode: "list", list: words.join(", ") };
  }
  if (isRecord(value)) {
    const [min, max, step] = [value.min, value.max, value.step].map((it) => valueText(it, unit));
    return { ...varied(), mode: "range", min: min ?? "", max: max ?? "", step: step ?? "" };
  }
  return varied(valueText(value, unit));
}

const isPlan = (value: unknown): value is Tier[] =>
  Array.isArray(value) && value.every((tier) => Array.isArray(tier) && typeof tier[0] === "number");

function tiersOf(value: unknown): Varied {
  if (isPlan(value)) return varied(tiersText(value));
  const plans = list(value).filter(isPlan);
  const lines = plans.map((plan) => (plan.length === 0 ? "none" : tiersText(plan)));
  return { ...varied(), mode: "list", list: lines.join("\n") };
}

export type Units = (strategy: string, name: string) => Unit;

function entryOf(value: unknown, units: Units): EntryDraft {
  const entry = isRecord(value) ? value : {};
  const strategy = text(entry.strategy) || "sma_crossover";
  const given = isRecord(entry.params) ? Object.entries(entry.params) : [];
  const params = given.map(([name, it]) => [name, variedOf(it, units(strategy, name))]);
  return { strategy, template: text(entry.template), params: Object.fromEntries(params) };
}

function dayOf(value: unknown, before = 0): string {
  const time = Date.parse(text(value));
  return Number.isNaN(time) ? "" : new Date(time - before).toISOString().slice(0, 10);
}

function candlesOf(request: Json): Pick<Draft, "tokens" | "timeframe" | "from" | "to"> {
  const all = list(request.candles).filter(isRecord);
  const first = all[0] ?? {};
  return {
    tokens: all.map((one) => text(one.token)).filter(Boolean),
    timeframe: text(first.timeframe),
    from: dayOf(first.from),
    // The end is exclusive; a day that has just begun is the one before.
    to: dayOf(first.to, 1),
  };
}

function numbers(specs: NumberSpec[], from: Json, defaults: Record<string, string>) {
  return Object.fromEntries(
    specs.map(({ name, unit }) => [
      name,
      name in from ? valueText(from[name], unit) : (defaults[name] ?? ""),
    ]),
  );
}

function riskOf(request: Json): Draft["risk"] {
  if (!isRecord(request.risk)) return "off";
  return Object.keys(request.risk).length === 0 ? "standard" : "own";
}

function costsOf(request: Json): Draft["costs"] {
  const preset = text(request.preset);
  if (preset === "jupiter" || preset === "jupiter_new_token" || preset === "none") return preset;
  return Number(request.fees_bps) || Number(request.slippage_bps) ? "own" : "none";
}

function searchOf(request: Json, draft: Draft): Partial<Draft> {
  const search = isRecord(request.search) ? request.search : {};
  const method = text(search.method);
  return {
    method: method === "random" || method === "optuna" ? method : "grid",
    samples: valueText(search.samples ?? 200, "count"),
    seed: valueText(search.seed ?? 0, "count"),
    study: text(search.study),
    objective: (text(request.objective) || draft.objective) as Draft["objective"],
    out_of_sample: valueText(request.out_of_sample ?? 0.3, outOfSampleSpec.unit),
    walk_forward: valueText(request.walk_forward ?? 0, plainSpecs.walk_forward.unit),
  };
}

/** The draft that asks for the same again; what the request left out stands as its default. */
export function draftOf(kind: Draft["kind"], request: Json, name: string, units: Units): Draft {
  const draft = newDraft();
  const exit = isRecord(request.exit) ? request.exit : {};
  const plans = exitSpecs
    .filter((spec) => spec.name in exit)
    .map((spec): [string, Varied] => [spec.name, variedOf(exit[spec.name], spec.unit)]);
  if (TIERS in exit) plans.push([TIERS, tiersOf(exit[TIERS])]);
  const risk = riskOf(request);
  return {
    ...draft,
    kind,
    name,
    ...candlesOf(request),
    entries: list(request.entry ?? draft.entries).map((entry) => entryOf(entry, units)),
    exit: { ...draft.exit, ...Object.fromEntries(plans) },
    money: numbers(moneySpecs, request, draft.money),
    risk,
    limits:
      risk === "own" && isRecord(request.risk)
        ? numbers(limitSpecs, request.risk, draft.limits)
        : draft.limits,
    costs: costsOf(request),
    fees_bps: valueText(request.fees_bps ?? 0, "count"),
    slippage_bps: valueText(request.slippage_bps ?? 0, "count"),
    decimals: valueText(request.decimals ?? 6, "count"),
    price_path: request.price_path === "ohlc" ? "ohlc" : "close",
    ...searchOf(request, draft),
  };
}

const SWEEP_ONLY = new Set(["search", "objective", "out_of_sample", "walk_forward"]);

/** Takes the values of a set out of its paths: `entry.fast`, `exit.stop_loss`. */
function valuesOf(params: Json, part: "entry" | "exit"): Json {
  const own = Object.entries(params).filter(([path]) => path.startsWith(`${part}.`));
  return Object.fromEntries(own.map(([path, value]) => [path.slice(part.length + 1), value]));
}

/** A set of a sweep as a backtest over the whole of the same history. */
export function backtestOfSet(request: Json, params: Json): Json {
  const market = Object.entries(request).filter(([name]) => !SWEEP_ONLY.has(name));
  const entry = isRecord(request.entry) ? request.entry : {};
  const given = isRecord(entry.params) ? entry.params : {};
  const exit = isRecord(request.exit) ? request.exit : {};
  return {
    ...Object.fromEntries(market),
    entry: { ...entry, params: { ...given, ...valuesOf(params, "entry") } },
    exit: { ...exit, ...valuesOf(params, "exit") },
  };
}
