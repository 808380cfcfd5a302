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
  // The highest value may lie before what is shown; how far the last one is below it tells it.
  const fall = lines.drawdown.at(-1)?.value ?? 0;
  const peak = Math.max(value, last.value / (1 + fall / 100));
  return {
    equity: [...lines.equity, { time, value }],
    drawdown: [...lines.drawdown, { time, value: 100 * (value / peak - 1) }],
  };
}

export interface Row extends Point {
  drawdown: number;
}

/** At most so many points, evenly, the newest among them and first: for reading. */
export function thinned({ equity, drawdown }: Lines, most: number): Row[] {
  const step = Math.max(1, Math.ceil(equity.length / most));
  return equity
    .map((point, index) => ({ ...point, drawdown: drawdown[index]?.value ?? 0 }))
    .reverse()
    .filter((_, index) => index % step === 0);
}
