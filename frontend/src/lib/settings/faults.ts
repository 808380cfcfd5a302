/** What does not fit, by the field it is about: found here, or told by the platform. Pure. */
import type { Fault } from "@/api/problem";
import { chosenOf, type Draft, type Ground } from "./draft";
import { faultOf, tierFaults } from "./fields";
import { parametersOf } from "./schema";
import { riskSpecs } from "./specs";

/** JSON pointers into the body, each with its words. */
export type Faults = Record<string, string>;

export const parameterPointer = (name: string) => `/parameters/custom_params/${name}`;
export const riskPointer = (name: string) => `/risk_settings/${name}`;
export const STRATEGIES = "/active_strategy";
export const PARAMETERS = "/parameters/custom_params";

export function draftFaults(draft: Draft, ground: Ground): Faults {
  const faults: Faults = {};
  if (draft.strategies?.length === 0) faults[STRATEGIES] = "Choose at least one strategy";
  for (const spec of chosenOf(draft, ground).flatMap(parametersOf)) {
    const fault = spec.name in draft.custom ? faultOf(spec, draft.custom[spec.name]) : null;
    if (fault) faults[parameterPointer(spec.name)] = fault;
  }
  for (const spec of riskSpecs) {
    const fault = spec.name in draft.risk ? faultOf(spec, draft.risk[spec.name]) : null;
    if (fault) faults[riskPointer(spec.name)] = fault;
  }
  for (const [row, fault] of Object.entries(tierFaults(draft.risk.take_profit ?? []))) {
    faults[`${riskPointer("take_profit")}/${row}`] = fault;
  }
  return faults;
}

/**
 * The platform's own complaints. A value that may be of several kinds is refused once for each:
 * the first says it. `prefix` is where the settings stand in the body that was sent.
 */
export function toldFaults(told: Fault[], prefix = ""): Faults {
  const faults: Faults = {};
  for (const { pointer, detail } of told) {
    const place = pointer.startsWith(prefix) ? pointer.slice(prefix.length) : pointer;
    const [, first = "", second = "", third] = place.split("/");
    const isTier = second === "take_profit" && third !== undefined && /^\d+$/.test(third);
    const names = first === "parameters" || isTier ? [first, second, third] : [first, second];
    const kept = first === "active_strategy" ? STRATEGIES : `/${names.filter(Boolean).join("/")}`;
    faults[kept] ??= detail;
  }
  return faults;
}

/** Those that stand at none of the given fields: they have to be said elsewhere. */
export function strayFaults(faults: Faults, shown: (pointer: string) => boolean): string[] {
  return Object.entries(faults).flatMap(([pointer, detail]) =>
    shown(pointer) ? [] : [`${pointer || "Settings"}: ${detail}`],
  );
}
