/** What a run was run with, as settings: to try them before they are adopted. Pure. */
import type { Parameter, Setting } from "@/api/wire";
import { isRecord, type Json } from "../form/restore";

const listed = (value: unknown) => (Array.isArray(value) ? value : [value]).filter(isRecord);
const SIZING = ["risk_per_trade", "min_spend_sol", "max_spend_sol", "reserve_sol"];

/** Limits that a run did not have stay the platform's own. */
export function settingOf(request: Json): Setting {
  const entries = listed(request.entry ?? { strategy: "sma_crossover" });
  const names = entries.map((entry) => String(entry.strategy ?? "sma_crossover"));
  const custom = Object.assign({}, ...entries.map((entry) => entry.params ?? {}));
  const template = entries.length === 1 ? entries[0]?.template : undefined;
  const sizing = SIZING.filter((name) => name in request).map((name) => [name, request[name]]);
  const risk = {
    ...(isRecord(request.exit) ? request.exit : {}),
    ...Object.fromEntries(sizing),
    ...(isRecord(request.risk) ? request.risk : {}),
  };
  return {
    active_strategy: names.length === 1 ? names[0] : names,
    parameters: {
      custom_params: custom as Record<string, Parameter>,
      ...(typeof template === "string" && { template }),
    },
    risk_settings: risk as Setting["risk_settings"],
  };
}
