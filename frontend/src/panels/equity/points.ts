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

/** Goes on to the value of this moment, which the next mark will tell. */
export function withNow(lines: Lines, value: number | null, now: number): Lines {
  const last = lines.equity.at(-1);
  const time = Math.floor(now / 1000);
  if (value === null || last === undefined || time <= last.time) return lines;
  const peak = Math.max(value, ...lines.equity.map((point) => point.value));
  return {
    equity: [...lines.equity, { time, value }],
    drawdown: [...lines.drawdown, { time, value: 100 * (value / peak - 1) }],
  };
}
