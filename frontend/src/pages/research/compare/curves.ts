/** Several backtests on one axis: growth in percent since each began. Pure. */
import type { Compared } from "@/api/research";
import type { Line, Point } from "@/ui/lines-drawing";
import type { Json } from "../form/restore";
import { inPercent, lineOf } from "../result/curve";

/** What a run begins with that does not say. */
const INITIAL_SOL = 10;

function pointsOf(days: number[], values: (number | null)[]): Point[] {
  return days.flatMap((time, index) => {
    const value = values[index];
    return typeof value === "number" ? [{ time, value }] : [];
  });
}

/** Drawdown is of the worth itself; the curve of it in percent. */
export function curvesOf({ items, days }: Compared): Line[] {
  return items.map((run) => {
    const points = pointsOf(days, run.equity);
    const { drawdown } = lineOf(String(run.id), points);
    const began = Number((run.request as Json).initial_sol ?? INITIAL_SOL);
    return { id: String(run.id), points: inPercent(points, began), drawdown };
  });
}
