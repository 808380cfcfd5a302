/** What strategies see, point by point: joined from what was fetched at different times. Pure. */
import type { StrategyLine } from "@/api/candles";

export type Point = [time: number, value: number];

export interface Curve {
  id: string;
  strategy: string;
  title: string;
  /** Oldest first. */
  points: Point[];
}

export function curvesOf(lines: StrategyLine[]): Curve[] {
  return lines.map(({ name, strategy, title, points }) => ({
    id: `${strategy}/${name}`,
    strategy,
    title,
    points,
  }));
}

/** A later part takes the place of what was there from its first moment on. */
export function withNewer(before: Curve[], fresh: Curve[]): Curve[] {
  return before.map((curve) => {
    const newer = fresh.find((it) => it.id === curve.id)?.points ?? [];
    const since = newer[0]?.[0];
    if (since === undefined) return curve;
    const end = curve.points.findLastIndex(([time]) => time < since) + 1;
    return { ...curve, points: [...curve.points.slice(0, end), ...newer] };
  });
}

/** An earlier part goes before what was there. */
export function withOlder(before: Curve[], fresh: Curve[]): Curve[] {
  return before.map((curve) => {
    const first = curve.points[0]?.[0] ?? Number.POSITIVE_INFINITY;
    const found = fresh.find((it) => it.id === curve.id)?.points ?? [];
    const older = found.filter(([time]) => time < first);
    return older.length === 0 ? curve : { ...curve, points: [...older, ...curve.points] };
  });
}

/** The value at a bar; undefined where the strategy knew none. */
export function valueAt({ points }: Curve, time: number): number | undefined {
  const found = points[points.findLastIndex((point) => point[0] <= time)];
  return found?.[0] === time ? found[1] : undefined;
}
