import { expect, test } from "vitest";
import type { Snapshot } from "@/api/wire";
import { linesOf, thinned, withNow } from "./points";

const mark = (timestamp: string, total_value: number, drawdown_percent = 0): Snapshot => ({
  timestamp,
  total_value,
  drawdown_percent,
  sol_balance: 0,
  overall_pnl: 0,
});

test("points rise in time, one a second, and drawdown hangs below zero", () => {
  const lines = linesOf([
    mark("1970-01-01T00:01:00.000Z", 11, 2.5),
    mark("1970-01-01T00:00:00.000Z", 10),
    mark("1970-01-01T00:01:00.900Z", 12),
  ]);
  expect(lines.equity).toEqual([
    { time: 0, value: 10 },
    { time: 60, value: 12 },
  ]);
  expect(lines.drawdown.map((point) => Object.is(point.value, -0))).toEqual([false, false]);
  expect(linesOf([mark("1970-01-01T00:00:00.000Z", 1, 2.5)]).drawdown[0]?.value).toBe(-2.5);
});

test("the line goes on to the value of this moment", () => {
  const lines = linesOf([
    mark("1970-01-01T00:00:00.000Z", 10),
    mark("1970-01-01T00:01:00.000Z", 8, 20),
  ]);
  const now = withNow(lines, 9, 75_500);
  expect(now.equity.at(-1)).toEqual({ time: 75, value: 9 });
  expect(now.drawdown.at(-1)?.value).toBeCloseTo(-10);
  expect(withNow(lines, 9, 30_000)).toBe(lines);
  expect(withNow(lines, null, 75_500)).toBe(lines);
});

test("a table has few rows, the newest first", () => {
  const points = Array.from({ length: 100 }, (_, time) => ({ time, value: time }));
  const rows = thinned({ equity: points, drawdown: points }, 10);
  expect(rows.length).toBe(10);
  expect(rows[0]).toEqual({ time: 99, value: 99, drawdown: 99 });
});
