/** What happened to a trade, in order, from its fills and its plan. Pure. */
import type { Fill, TradeDetail } from "@/api/wire";
import { formatPercent, formatPercentChange, formatPrice, formatTokens } from "@/lib/format";
import { inWords } from "@/lib/reasons";
import { planOf } from "@/lib/settings/plan";
import { parseTime } from "@/lib/time";

export type MomentKind =
  | "entry"
  | "target"
  | "breakeven"
  | "trailing"
  | "exit"
  | "hand"
  | "moved"
  | "open";

export interface Moment {
  key: string;
  kind: MomentKind;
  /** Unix milliseconds; null: still to come. */
  at: number | null;
  title: string;
  more: string;
  fill: Fill | null;
}

function tierOf(reason: string): number | null {
  const found = /^take_profit_(\d+)$/.exec(reason);
  return found ? Number(found[1]) : null;
}

function gain(fill: Fill, entry: number): string {
  return `${formatPercentChange(100 * (fill.price / entry - 1))} from the entry`;
}

/** The plan that counted at a moment: a person may have changed it since, or before. */
function planAt({ exit_plan, plan_changes }: TradeDetail, time: string) {
  const next = plan_changes.find(({ at }) => parseTime(at) > parseTime(time));
  return planOf(next ? next.plan_before : exit_plan);
}

function changeOf(change: TradeDetail["plan_changes"][number], place: number): Moment {
  const { at, stop_before, stop_after } = change;
  return {
    key: `plan-${place}`,
    kind: "moved",
    at: parseTime(at),
    title: "Plan changed by hand",
    more:
      stop_before === stop_after
        ? `The stop stays at ${formatPrice(stop_after)}`
        : `The stop moved from ${formatPrice(stop_before)} to ${formatPrice(stop_after)}`,
    fill: null,
  };
}

/** What a sale sets off by the plan: the stop rises, the trailing stop begins. */
function consequences(fill: Fill, trade: TradeDetail): Moment[] {
  const plan = planAt(trade, fill.time);
  const tier = tierOf(fill.reason);
  const at = parseTime(fill.time);
  const moments: Moment[] = [];
  if (tier !== null && tier === plan.breakeven_after_tier) {
    const key = `breakeven-${fill.id}`;
    const more = "The stop rises to the entry: this trade can hardly lose any more";
    moments.push({ key, kind: "breakeven", at, title: "Break-even", more, fill: null });
  }
  if (tier !== null && tier === plan.trailing_after_tier && plan.trailing_stop !== null) {
    const more = `The stop follows ${formatPercent(100 * plan.trailing_stop, 0)} below the highest price`;
    moments.push({
      key: `trailing-${fill.id}`,
      kind: "trailing",
      at,
      title: "Trailing begins",
      more,
      fill: null,
    });
  }
  return moments;
}

function kindOf(fill: Fill): MomentKind {
  if (fill.reason === "manual") return "hand";
  return tierOf(fill.reason) === null ? "exit" : "target";
}

function saleOf(fill: Fill, trade: TradeDetail): Moment[] {
  const sold = formatTokens(fill.token_amount);
  const sale: Moment = {
    key: `fill-${fill.id}`,
    kind: kindOf(fill),
    at: parseTime(fill.time),
    title: inWords(fill.reason),
    more: `Sold ${sold}, ${gain(fill, trade.entry_price)}`,
    fill,
  };
  return [sale, ...consequences(fill, trade)];
}

export function momentsOf(trade: TradeDetail): Moment[] {
  const [entry, ...sales] = trade.fills;
  const moments: Moment[] = [];
  if (entry) {
    moments.push({
      key: `fill-${entry.id}`,
      kind: "entry",
      at: parseTime(entry.time),
      title: `Bought on ${inWords(trade.strategy)}`,
      more: `${formatTokens(entry.token_amount)} tokens`,
      fill: entry,
    });
  }
  const rest = [
    ...trade.plan_changes.map(changeOf),
    ...sales.flatMap((fill) => saleOf(fill, trade)),
  ];
  moments.push(...rest.sort((one, other) => (one.at ?? 0) - (other.at ?? 0)));
  if (trade.status === "active") {
    const tokens = trade.exit_state?.tokens_left ?? 0;
    moments.push({
      key: "open",
      kind: "open",
      at: null,
      title: "Still open",
      more: `${formatTokens(tokens)} tokens are held`,
      fill: null,
    });
  }
  return moments;
}
