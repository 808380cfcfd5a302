/** Snapshots as points of two lines. Pure. */
import type { Snapshot } from "@/api/wire";
import { parseTime } from "@/lib/time";

export interface Point {
  time: number;
  value: number;
}

export interface Lines {
  equity: Point[];
  /** Below the highest value so far, in percent: zero or negative. */
  drawdown: Point[];
}

/** One point a second at most, oldest first: the chart refuses anything else. */
export function linesOf(snapshots: Snapshot[]): Lines {
  const bySecond = new Map(
    snapshots.map((snapshot) => [Math.floor(parseTime(snapshot.timestamp) / 1000), snapshot]),
  );
  const sorted = [...bySecond].sort(([one], [other]) => one - other);
  return {
    equity: sorted.map(([time, it]) => ({ time, value: it.total_value })),
    // Minus zero would be written with its sign.
    drawdown: sorted.map(([time, it]) => ({ time, value: 0 - Math.abs(it.drawdown_percent) })),
  };
}
