/** A request in words, value by value, so that two of them can be held side by side. Pure. */
import { inWords } from "@/lib/reasons";
import type { NumberSpec, Tier } from "@/lib/settings/fields";
import { exitSpecs, limitSpecs } from "@/lib/settings/specs";
import { tierText, valueInWords } from "@/lib/settings/words";
import { costChoices, methodChoices, objectives, pathChoices } from "./form/choices";
import type { Objective } from "./form/draft";
import { moneySpecs, plainSpecs } from "./form/request";
import { isRecord, type Json } from "./form/restore";
import { outOfSampleSpec } from "./form/sweep-request";
import { formatUtc } from "./words";

export interface Said {
  name: string;
  title: string;
  text: string;
}

const listed = (value: unknown) => (Array.isArray(value) ? value : [value]).filter(isRecord);
const text = (value: unknown) => (typeof value === "string" ? value : "");

/** One value, several, or a range, each in its unit. */
function inUnit(spec: NumberSpec, value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => valueInWords(spec, one)).join(", ");
  if (!isRecord(value)) return valueInWords(spec, value);
  const step = value.step === undefined ? "" : ` by ${valueInWords(spec, value.step)}`;
  return `${valueInWords(spec, value.min)} to ${valueInWords(spec, value.max)}${step}`;
}

const isTiers = (value: unknown): value is Tier[] =>
  Array.isArray(value) && value.every((it) => Array.isArray(it) && typeof it[0] === "number");

function tiersInWords(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return "none";
  if (isTiers(value)) return value.map(tierText).join(", ");
  return value.map((plan) => tiersInWords(plan)).join("; or ");
}

const plain = (name: string): NumberSpec => ({ name, title: name, help: "", unit: "plain" });

function candles(request: Json): Said[] {
  const all = listed(request.candles);
  const first = all[0] ?? {};
  const names = all.map(
    (one) => text(one.token) || text(one.path) || text(one.symbol) || "in the request",
  );
  const time = (value: unknown, open: string) => (text(value) ? formatUtc(text(value)) : open);
  return [
    { name: "tokens", title: "Tokens", text: names.join(", ") },
    { name: "timeframe", title: "Timeframe", text: text(first.timeframe) || "as stored" },
    { name: "from", title: "From, UTC", text: time(first.from, "the first candle") },
    { name: "to", title: "To, UTC", text: time(first.to, "the last candle") },
  ];
}

function entries(request: Json): Said[] {
  return listed(request.entry ?? { strategy: "sma_crossover" }).flatMap((entry) => {
    const strategy = text(entry.strategy) || "sma_crossover";
    const params = isRecord(entry.params) ? Object.entries(entry.params) : [];
    return [
      {
        name: `entry/${strategy}`,
        title: inWords(strategy),
        text: text(entry.template) || "own values",
      },
      ...params.map(([name, value]) => ({
        name: `entry/${strategy}/${name}`,
        title: `${inWords(strategy)}: ${name.replaceAll("_", " ")}`,
        text: inUnit(plain(name), value),
      })),
    ];
  });
}

function exits(request: Json): Said[] {
  const exit = isRecord(request.exit) ? request.exit : {};
  const said = exitSpecs
    .filter((spec) => spec.name in exit)
    .map((spec) => ({
      name: `exit/${spec.name}`,
      title: spec.title,
      text: inUnit(spec, exit[spec.name]),
    }));
  const tiers = {
    name: "exit/take_profit",
    title: "Targets",
    text: tiersInWords(exit.take_profit),
  };
  return "take_profit" in exit ? [...said, tiers] : said;
}

function costs(request: Json): string {
  const preset = costChoices.find((it) => it.value === request.preset);
  if (preset) return preset.title;
  const [fee, slippage] = [Number(request.fees_bps ?? 0), Number(request.slippage_bps ?? 0)];
  return fee || slippage ? `${fee} bps fee, ${slippage} bps slippage` : "None";
}

function limits(request: Json): Said[] {
  const { risk } = request;
  if (!isRecord(risk)) return [{ name: "risk", title: "Risk limits", text: "Off" }];
  const own = limitSpecs.filter((spec) => spec.name in risk);
  return [
    { name: "risk", title: "Risk limits", text: own.length > 0 ? "Own" : "Standard" },
    ...own.map((spec) => ({
      name: `risk/${spec.name}`,
      title: spec.title,
      text: inUnit(spec, risk[spec.name]),
    })),
  ];
}

function searches(request: Json): Said[] {
  if (!("search" in request) && !("objective" in request)) return [];
  const search = isRecord(request.search) ? request.search : {};
  const method = methodChoices.find((it) => it.value === search.method)?.title ?? "Grid";
  const samples = search.samples === undefined ? "" : `, ${search.samples} combinations`;
  const study = text(search.study) && `, study ${text(search.study)}`;
  const folds = inUnit(plainSpecs.walk_forward, request.walk_forward ?? 0);
  return [
    { name: "search", title: "Search", text: `${method}${samples}${study}` },
    {
      name: "objective",
      title: "Best is the highest",
      text: objectives[(text(request.objective) || "net_pnl") as Objective],
    },
    {
      name: "out_of_sample",
      title: outOfSampleSpec.title,
      text: inUnit(outOfSampleSpec, request.out_of_sample ?? 0.3),
    },
    { name: "walk_forward", title: plainSpecs.walk_forward.title, text: folds },
  ];
}

/** Every value that was asked for, under names that are the same in every request. */
export function saidOf(request: Json): Said[] {
  const money = moneySpecs
    .filter((spec) => spec.name in request)
    .map((spec) => ({
      name: spec.name,
      title: spec.title,
      text: inUnit(spec, request[spec.name]),
    }));
  const path = pathChoices.find((it) => it.value === (request.price_path ?? "close"));
  return [
    ...candles(request),
    ...entries(request),
    ...exits(request),
    ...money,
    { name: "costs", title: "Costs", text: costs(request) },
    { name: "price_path", title: "Prices seen", text: path?.title ?? "" },
    ...limits(request),
    ...searches(request),
  ];
}

export interface Row {
  name: string;
  title: string;
  /** Null: that request does not have it. */
  texts: (string | null)[];
  differs: boolean;
}

/** Requests side by side, in the order in which their values first come. */
export function beside(requests: Json[]): Row[] {
  const all = requests.map((request) => new Map(saidOf(request).map((it) => [it.name, it])));
  const names = [...new Set(all.flatMap((said) => [...said.keys()]))];
  return names.map((name) => {
    const texts = all.map((said) => said.get(name)?.text ?? null);
    const title = all.find((said) => said.has(name))?.get(name)?.title ?? name;
    return { name, title, texts, differs: new Set(texts).size > 1 };
  });
}
