/**
 * A trader's settings for a symbol while they are edited, and what they come to. Pure.
 *
 * A draft holds only what differs: from the template for parameters, from the platform's own for
 * everything else. What is equal to that ground is left out, so that it follows when it changes.
 */
import type { Effective, Parameter, Setting, Strategy } from "@/api/wire";
import { own } from "../own";
import type { Risk, RiskName, Tier } from "./fields";
import { parametersOf } from "./schema";

export interface Draft {
  /** Null: the platform's own. */
  strategies: string[] | null;
  template: string | null;
  custom: Record<string, Parameter>;
  risk: Partial<Risk>;
}

/** What drafts are read against. */
export interface Ground {
  strategies: Strategy[];
  /** What a wallet without settings gets. */
  standard: Effective;
}

export const nothingSet: Draft = { strategies: null, template: null, custom: {}, risk: {} };

export function findStrategy(strategies: Strategy[], name: string): Strategy | undefined {
  return strategies.find((it) => it.name === name || it.aliases.includes(name));
}

/** The strategies that a draft means, by their own names. */
export function chosenOf(draft: Draft, ground: Ground): Strategy[] {
  const names = draft.strategies ?? ground.standard.entries.map((entry) => entry.strategy);
  return names.flatMap((name) => findStrategy(ground.strategies, name) ?? []);
}

function riskOf(written: Record<string, unknown>): Partial<Risk> {
  const { trailing_stop: trailing, position_size: size, ...rest } = written;
  const risk: Record<string, unknown> = { ...rest };
  if (typeof trailing === "object" && trailing !== null) {
    const { active, distance } = trailing as { active: boolean; distance: number };
    risk.trailing_stop = active ? distance : null;
  } else if (trailing !== undefined) {
    risk.trailing_stop = trailing;
  }
  if (size !== undefined) risk.max_spend_sol = size;
  return risk as Partial<Risk>;
}

/** Reads settings as they were written, with the one spelling of each name. */
export function draftOf(setting: Setting | null, ground: Ground): Draft {
  if (setting === null) return nothingSet;
  const { active_strategy: active, parameters, risk_settings: risk } = setting;
  const names = typeof active === "string" ? [active] : (active ?? null);
  const known = names?.map((name) => findStrategy(ground.strategies, name)?.name ?? name) ?? null;
  const spellings: Record<string, string> = Object.assign(
    {},
    ...ground.strategies.map((it) => it.spellings),
  );
  const custom = Object.entries(parameters?.custom_params ?? {});
  return {
    strategies: known,
    template: parameters?.template ?? null,
    custom: Object.fromEntries(
      custom.map(([name, value]) => [own(spellings, name) ?? name, value]),
    ),
    risk: riskOf((risk ?? {}) as Record<string, unknown>),
  };
}

/** Writes a draft as the platform takes it: what is left out keeps the platform's default. */
export function settingOf(draft: Draft, ground: Ground): Setting {
  const setting: Setting = {};
  const usesParameters = draft.template !== null || Object.keys(draft.custom).length > 0;
  const names = usesParameters ? chosenOf(draft, ground).map((it) => it.name) : draft.strategies;
  if (names !== null) setting.active_strategy = names.length === 1 ? names[0] : names;
  if (usesParameters) {
    setting.parameters = { custom_params: draft.custom };
    if (draft.template !== null) setting.parameters.template = draft.template;
  }
  if (Object.keys(draft.risk).length > 0) setting.risk_settings = draft.risk;
  return setting;
}

/** A parameter without custom values: the template's, else the strategy's own default. */
export function baseParameter(
  strategy: Strategy,
  template: string | null,
  name: string,
): Parameter | undefined {
  const own = template === null ? undefined : strategy.templates[template]?.[name];
  return own ?? parametersOf(strategy).find((spec) => spec.name === name)?.standard;
}

/** Every value of the platform's own plan, size and limits. */
export function standardRisk(ground: Ground): Partial<Risk> {
  const { exit, sizing, limits } = ground.standard;
  return { ...(exit as Partial<Risk>), ...sizing, ...limits };
}

/** What a draft comes to, computed as the platform does. */
export function effectiveOf(draft: Draft, ground: Ground): Effective {
  const { exit, sizing, limits } = ground.standard;
  const changed = <Part extends object>(part: Part): Part => {
    const own = Object.entries(draft.risk).filter(([name]) => name in part);
    return { ...part, ...Object.fromEntries(own) };
  };
  return {
    entries: chosenOf(draft, ground).map((strategy) => ({
      strategy: strategy.name,
      parameters: Object.fromEntries(
        parametersOf(strategy).flatMap(({ name }) => {
          const value = draft.custom[name] ?? baseParameter(strategy, draft.template, name);
          return value === undefined ? [] : [[name, value]];
        }),
      ),
    })),
    exit: changed(exit),
    sizing: changed(sizing),
    limits: limits && changed(limits),
  };
}

export type Change =
  | { kind: "strategies"; names: string[] }
  | { kind: "template"; name: string | null }
  | { kind: "parameter"; name: string; value: Parameter | undefined }
  | { kind: "risk"; name: RiskName; value: number | null | Tier[] | undefined }
  | { kind: "all"; draft: Draft };

function without<Value>(record: Record<string, Value>, name: string): Record<string, Value> {
  const { [name]: _, ...rest } = record;
  return rest;
}

/** A number that is none (NaN) is equal to itself only, or it would pass for an empty field. */
function same(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return Object.is(one, other);
  return one.length === other.length && one.every((it, index) => same(it, other[index]));
}

function withStrategies(draft: Draft, names: string[], ground: Ground): Draft {
  const own = ground.standard.entries.map((entry) => entry.strategy);
  const next = { ...draft, strategies: same(names, own) ? null : names };
  const chosen = chosenOf(next, ground);
  const known = new Set(chosen.flatMap((it) => parametersOf(it).map((spec) => spec.name)));
  const custom = Object.entries(draft.custom).filter(([name]) => known.has(name));
  const hasTemplate = chosen.some(
    (it) => draft.template !== null && draft.template in it.templates,
  );
  return {
    ...next,
    custom: Object.fromEntries(custom),
    template: hasTemplate ? draft.template : null,
  };
}

function withParameter(
  draft: Draft,
  name: string,
  value: Parameter | undefined,
  ground: Ground,
): Draft {
  const bases = chosenOf(draft, ground)
    .filter((it) => parametersOf(it).some((spec) => spec.name === name))
    .map((it) => baseParameter(it, draft.template, name));
  const isBase = value === undefined || bases.every((base) => base === value);
  const custom = isBase ? without(draft.custom, name) : { ...draft.custom, [name]: value };
  return { ...draft, custom };
}

function withRisk(draft: Draft, change: Extract<Change, { kind: "risk" }>, ground: Ground): Draft {
  const { name, value } = change;
  const isStandard = value === undefined || same(value, standardRisk(ground)[name]);
  const risk = isStandard ? without(draft.risk, name) : { ...draft.risk, [name]: value };
  return { ...draft, risk: risk as Partial<Risk> };
}

/** The draft after a change by the trader's hand. */
export function changed(draft: Draft, change: Change, ground: Ground): Draft {
  switch (change.kind) {
    case "strategies":
      return withStrategies(draft, change.names, ground);
    case "template":
      // Values of one's own win over any template; a new one starts clean.
      return { ...draft, template: change.name, custom: {} };
    case "parameter":
      return withParameter(draft, change.name, change.value, ground);
    case "risk":
      return withRisk(draft, change, ground);
    case "all":
      return change.draft;
  }
}
