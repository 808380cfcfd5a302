/** Equity as a curve with how far it stands below its peak. Pure. */
import type { Line, Point } from "@/ui/lines-drawing";

/** One point a second at most, oldest first: the chart refuses anything else. */
export function risingPoints(points: [number, number][]): Point[] {
  const byTime = new Map(points.map(([time, value]) => [time, value]));
  return [...byTime]
    .sort(([one], [other]) => one - other)
    .map(([time, value]) => ({ time, value }));
}

export function drawdownOf(points: Point[]): Point[] {
  let peak = Number.NEGATIVE_INFINITY;
  return points.map(({ time, value }) => {
    peak = Math.max(peak, value);
    return { time, value: peak > 0 ? Math.min(0, 100 * (value / peak - 1)) : 0 };
  });
}

export function lineOf(id: string, points: Point[]): Line {
  return { id, points, drawdown: drawdownOf(points) };
}

/** As growth in percent, so that curves of different wallets have one axis. */
export function inPercent(points: Point[], began: number): Point[] {
  if (!(began > 0)) return [];
  return points.map(({ time, value }) => ({ time, value: 100 * (value / began - 1) }));
}

/** At most so many of them, evenly, the first and the last among them: for a table. */
export function thinned<Item>(items: Item[], most: number): Item[] {
  if (items.length <= most) return items;
  const step = (items.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => items[Math.round(index * step)] as Item);
}
