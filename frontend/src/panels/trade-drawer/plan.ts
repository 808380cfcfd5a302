/** An exit plan under the trader's hands: what a slider may do to it. Pure. */
import type { Tier } from "@/lib/settings/fields";
import { type Plan, planOf } from "@/lib/settings/plan";

export type PlanChange =
  | { kind: "set"; values: Partial<Plan> }
  | { kind: "gain"; tier: number; value: number }
  | { kind: "portion"; tier: number; value: number }
  | { kind: "add" }
  | { kind: "remove"; tier: number };

export const MOST_TIERS = 8;
const STEP = 0.01;
const round = (value: number) => Number(value.toFixed(4));

const sum = (tiers: Tier[]) => tiers.reduce((total, [, portion]) => total + portion, 0);

/** Between its neighbours: gains rise from tier to tier. */
function withGain(tiers: Tier[], tier: number, value: number): Tier[] {
  const least = (tiers[tier - 1]?.[0] ?? 0) + STEP;
  const most = (tiers[tier + 1]?.[0] ?? Number.POSITIVE_INFINITY) - STEP;
  const gain = round(Math.min(most, Math.max(least, value)));
  return tiers.map((it, index): Tier => (index === tier ? [gain, it[1]] : it));
}

/** No more than the others leave. */
function withPortion(tiers: Tier[], tier: number, value: number): Tier[] {
  const others = sum(tiers.filter((_, index) => index !== tier));
  const portion = round(Math.max(STEP, Math.min(1 - others, value)));
  return tiers.map((it, index): Tier => (index === tier ? [it[0], portion] : it));
}

function withOneMore(tiers: Tier[]): Tier[] {
  const left = 1 - sum(tiers);
  if (tiers.length >= MOST_TIERS || left < STEP) return tiers;
  const gain = round((tiers.at(-1)?.[0] ?? 0) + 0.3);
  return [...tiers, [gain, round(Math.min(0.33, left))]];
}

/** A tier that is no longer there cannot be waited for. */
function fitted(plan: Plan): Plan {
  const most = plan.take_profit.length;
  const within = (after: number | null) => (after === null ? null : Math.min(after, most));
  return {
    ...plan,
    breakeven_after_tier: within(plan.breakeven_after_tier),
    trailing_after_tier: within(plan.trailing_after_tier),
  };
}

export function changedPlan(plan: Plan, change: PlanChange): Plan {
  const tiers = plan.take_profit;
  switch (change.kind) {
    case "set":
      return { ...plan, ...change.values };
    case "gain":
      return { ...plan, take_profit: withGain(tiers, change.tier, change.value) };
    case "portion":
      return { ...plan, take_profit: withPortion(tiers, change.tier, change.value) };
    case "add":
      return { ...plan, take_profit: withOneMore(tiers) };
    case "remove":
      return fitted({ ...plan, take_profit: tiers.filter((_, index) => index !== change.tier) });
  }
}

export function samePlan(one: Plan, other: Plan): boolean {
  return JSON.stringify(planOf(one)) === JSON.stringify(planOf(other));
}

const stops = [0.03, 0.05, 0.08, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4];
const trails = [0.03, 0.05, 0.08, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5];

/** The values of a map's axis: a ladder, and one's own among it. */
export function ladder(steps: number[], own: number | null): number[] {
  return [...new Set(own === null ? steps : [...steps, own])].sort((one, other) => one - other);
}

export interface MapAxes {
  stops: number[];
  /** Null: no trailing stop. */
  trails: (number | null)[];
}

export function axesOf(recorded: Plan): MapAxes {
  return {
    stops: ladder(stops, recorded.stop_loss),
    trails: [...ladder(trails, recorded.trailing_stop), null],
  };
}

function nearest(values: (number | null)[], value: number | null): number {
  if (value === null) return values.indexOf(null);
  const distance = (it: number | null) =>
    it === null ? Number.POSITIVE_INFINITY : Math.abs(it - value);
  return values.reduce<number>(
    (best, it, index) => (distance(it) < distance(values[best] ?? null) ? index : best),
    0,
  );
}

/** The cell that a plan is nearest to: row of its stop, column of its trailing stop. */
export function cellOf(plan: Plan, axes: MapAxes): [row: number, column: number] {
  return [nearest(axes.stops, plan.stop_loss), nearest(axes.trails, plan.trailing_stop)];
}
