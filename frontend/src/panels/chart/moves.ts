/**
 * Which lines a trader can move, and what that means. Pure.
 *
 * A line stands for a value of the trade's own exit plan: moving it changes that value, and the
 * engine puts the line where the plan then says.
 */
import type { Effective, StrategyState } from "@/api/wire";
import { formatPercentChange } from "@/lib/format";
import type { Change } from "@/lib/settings/draft";
import type { Tier } from "@/lib/settings/fields";
import type { Plan } from "@/lib/settings/plan";

type Setting = { name: "stop_loss" | "trailing_stop" } | { name: "take_profit"; tier: number };

export interface Handle {
  /** The line's. */
  id: string;
  /** In words: Stop, Target 1. */
  title: string;
  setting: Setting;
  /** The price that the distance is counted from, and its name. */
  basis: number;
  from: "entry" | "highest price";
  /** The distance now, and how small and large it may be: −0.15 stands below the basis. */
  distance: number;
  least: number;
  most: number;
}

export interface Moves {
  /** By the line's id. */
  handles: Record<string, Handle>;
  /** Why the other lines cannot be moved. */
  fixed: Record<string, string>;
}

const SMALLEST = 0.001;
const LARGEST_FALL = 0.99;
const LARGEST_GAIN = 10;
const STEPS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05];
const none: Moves = { handles: {}, fixed: {} };

export function priceOf({ basis }: Handle, distance: number): number {
  return basis * (1 + distance);
}

/** To a whole number of steps, and within bounds; without the noise of binary fractions. */
export function snapped({ least, most }: Handle, distance: number, step = SMALLEST): number {
  const steps = Math.round(distance / step) * step;
  return Number(Math.min(Math.max(steps, least), most).toPrecision(9));
}

/** The distance at a price; steps are at least as wide as a pixel. */
export function distanceAt(handle: Handle, price: number, perPixel: number): number {
  const pixel = Math.abs(perPixel / handle.basis);
  const step = STEPS.find((it) => it >= pixel) ?? STEPS.at(-1);
  return snapped(handle, price / handle.basis - 1, step);
}

/** −8.0 % from the entry. */
export function distanceText({ from }: Pick<Handle, "from">, distance: number): string {
  return `${formatPercentChange(100 * distance)} from the ${from}`;
}

function withHandle(moves: Moves, handle: Handle): Moves {
  return { ...moves, handles: { ...moves.handles, [handle.id]: handle } };
}

function withFixed(moves: Moves, line: string, why: string): Moves {
  return { ...moves, fixed: { ...moves.fixed, [line]: why } };
}

/** The stop that a plan does not fall below, however far the trailing one follows. */
function floorOf(
  { entry_price: entry, take_profit_tiers: own }: StrategyState,
  plan: Plan,
): number {
  const taken = own.filter((it) => it.taken).length;
  const after = plan.breakeven_after_tier ?? 0;
  return after > 0 && taken >= after ? entry : entry * (1 - plan.stop_loss);
}

function withStop(moves: Moves, state: StrategyState, plan: Plan): Moves {
  const { entry_price: entry, highest_price_seen: highest, phase } = state;
  if (phase === "BREAKEVEN") {
    const why =
      "It rose to the entry when a target was taken, and moves on with the trailing stop.";
    return withFixed(moves, "stop", why);
  }
  if (phase === "TRAILING" && plan.trailing_stop !== null) {
    return withHandle(moves, {
      id: "stop",
      title: "Trailing stop",
      setting: { name: "trailing_stop" },
      basis: highest,
      from: "highest price",
      distance: -plan.trailing_stop,
      least: Math.max(-LARGEST_FALL, floorOf(state, plan) / highest - 1),
      most: -SMALLEST,
    });
  }
  return withHandle(moves, {
    id: "stop",
    title: "Stop",
    setting: { name: "stop_loss" },
    basis: entry,
    from: "entry",
    distance: -plan.stop_loss,
    least: -LARGEST_FALL,
    most: -SMALLEST,
  });
}

function withTarget(moves: Moves, state: StrategyState, tiers: Tier[], tier: number): Moves {
  const line = `target-${tier + 1}`;
  if (state.take_profit_tiers[tier]?.taken) return withFixed(moves, line, "It was taken.");
  const gain = tiers[tier]?.[0];
  if (gain === undefined) return moves;
  return withHandle(moves, {
    id: line,
    title: `Target ${tier + 1}`,
    setting: { name: "take_profit", tier },
    basis: state.entry_price,
    from: "entry",
    distance: gain,
    least: (tiers[tier - 1]?.[0] ?? 0) + SMALLEST,
    most: (tiers[tier + 1]?.[0] ?? LARGEST_GAIN + SMALLEST) - SMALLEST,
  });
}

/** What can be moved of a trade's lines, given the plan by which it goes on. */
export function movesOf(state: StrategyState | null, plan: Plan | null): Moves {
  if (state === null || plan === null) return none;
  const start: Moves = {
    ...none,
    fixed: {
      entry: "What it was bought at.",
      highest: "The highest price since the entry; it moves by itself.",
    },
  };
  return state.take_profit_tiers.reduce(
    (moves, _, tier) => withTarget(moves, state, plan.take_profit, tier),
    withStop(start, state, plan),
  );
}

function withGain(tiers: Tier[], tier: number, gain: number): Tier[] {
  return tiers.map(([old, portion], it): Tier => [it === tier ? gain : old, portion]);
}

/** The trade's plan after a move. */
export function planAfter({ setting }: Handle, distance: number, plan: Plan): Plan {
  if (setting.name !== "take_profit") return { ...plan, [setting.name]: -distance };
  return { ...plan, take_profit: withGain(plan.take_profit, setting.tier, distance) };
}

/** The change of a token's settings that a move stands for; null where they have no such target. */
export function changeOfMove(
  { setting }: Handle,
  distance: number,
  effective: Effective,
): Change | null {
  if (setting.name !== "take_profit") {
    return { kind: "risk", name: setting.name, value: -distance };
  }
  const tiers = (effective.exit.take_profit ?? []) as Tier[];
  const { tier } = setting;
  const before = tiers[tier - 1]?.[0] ?? 0;
  const after = tiers[tier + 1]?.[0] ?? Number.POSITIVE_INFINITY;
  if (tiers[tier] === undefined || distance <= before || distance >= after) return null;
  return { kind: "risk", name: "take_profit", value: withGain(tiers, tier, distance) };
}
