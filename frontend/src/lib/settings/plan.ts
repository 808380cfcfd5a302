/** An exit plan as it counts: what is left out has the platform's default. Pure. */
import type { ExitPlan } from "@/api/wire";
import type { Tier } from "./fields";

/** A plan in which every field is said. */
export interface Plan {
  stop_loss: number;
  trailing_stop: number | null;
  take_profit: Tier[];
  breakeven_after_tier: number | null;
  trailing_after_tier: number | null;
  max_holding_candles: number | null;
}

const standard: Plan = {
  stop_loss: 0.15,
  trailing_stop: 0.2,
  take_profit: [
    [0.3, 0.33],
    [0.75, 0.33],
  ],
  breakeven_after_tier: 1,
  trailing_after_tier: 1,
  max_holding_candles: null,
};

export function planOf(given: ExitPlan): Plan {
  return { ...standard, ...(given as Partial<Plan>) };
}
