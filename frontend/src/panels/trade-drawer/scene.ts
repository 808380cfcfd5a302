/** What stands on the chart of a trade: prices, lines and marks. Pure. */
import type { Fill } from "@/api/wire";
import { inWords } from "@/lib/reasons";
import type { Plan } from "@/lib/settings/plan";
import { parseTime } from "@/lib/time";

export interface PricePoint {
  time: number;
  price: number;
}

export interface SceneLine {
  id: string;
  kind: "entry" | "stop" | "target";
  price: number;
  title: string;
}

export interface SceneMark {
  /** Unix seconds, on one of the points. */
  time: number;
  /** Recorded fills, or the sales of the plan that is tried. */
  of: "recorded" | "tried";
  side: "BUY" | "SELL";
  text: string;
}

export interface Scene {
  points: PricePoint[];
  lines: SceneLine[];
  marks: SceneMark[];
}

type Sale = Pick<Fill, "time" | "reason">;

/** One point a second, the last of it: a chart refuses two at the same time. */
export function pointsOf(path: PricePoint[]): PricePoint[] {
  const bySecond = new Map(path.map(({ time, price }) => [Math.floor(time), price]));
  return [...bySecond]
    .sort(([one], [other]) => one - other)
    .map(([time, price]) => ({ time, price }));
}

/** The plan's own levels, from the entry. */
export function linesOf(entry: number, plan: Plan): SceneLine[] {
  const targets = plan.take_profit.map(
    ([gain], index): SceneLine => ({
      id: `target-${index + 1}`,
      kind: "target",
      price: entry * (1 + gain),
      title: `T${index + 1}`,
    }),
  );
  return [
    { id: "entry", kind: "entry", price: entry, title: "Entry" },
    { id: "stop", kind: "stop", price: entry * (1 - plan.stop_loss), title: "Stop" },
    ...targets,
  ];
}

/** A mark stands on a point: the last one at or before it, else the first. */
function placeOf(points: PricePoint[], at: number): number | null {
  return (points.findLast(({ time }) => time <= at) ?? points[0])?.time ?? null;
}

function markOf(
  points: PricePoint[],
  sale: Sale,
  of: SceneMark["of"],
  side: SceneMark["side"],
): SceneMark[] {
  const time = placeOf(points, Math.floor(parseTime(sale.time) / 1000));
  if (time === null) return [];
  return [{ time, of, side, text: side === "BUY" ? "Buy" : inWords(sale.reason) }];
}

export function marksOf(points: PricePoint[], fills: Fill[], tried: Sale[] | null): SceneMark[] {
  const recorded = fills.flatMap((fill) => markOf(points, fill, "recorded", fill.side));
  const other = (tried ?? []).flatMap((sale) => markOf(points, sale, "tried", "SELL"));
  return [...recorded, ...other].sort((one, two) => one.time - two.time);
}
