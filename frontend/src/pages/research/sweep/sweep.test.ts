import { describe, expect, it, test } from "vitest";
import type { Luck, Score, SweepRow } from "@/api/research";
import { bestCell, gridOf, scaleOf, shadeOf } from "./grid";
import { keptOf, sentencesOf, verdictOf } from "./luck";
import { measureOf } from "./measures";

const score = (net: number) => ({ net_pnl_sol: net, win_rate: 0.5 }) as Score;
const row = (
  number: number,
  fast: number,
  slow: number | null,
  net: number,
  out = 0,
): SweepRow => ({
  number,
  params: { "entry.fast": fast, "exit.trailing_stop": slow },
  inside: score(net),
  outside: score(out),
});
const rows = [
  row(1, 10, 0.2, 3, -1),
  row(2, 10, null, 1, 1),
  row(3, 5, 0.2, 2, 2),
  row(4, 5, 0.2, -4, 0),
  row(5, 5, 0.2, 1, 3),
];
const ask = {
  x: "entry.fast",
  y: "exit.trailing_stop",
  measure: measureOf("net_pnl"),
  sample: "inside" as const,
};

describe("a map of two parameters", () => {
  it("has its values in order, off first, and its sets summed up", () => {
    const best = gridOf(rows, { ...ask, by: "best" });
    expect(best.xs.map(({ label }) => label)).toEqual(["5", "10"]);
    expect(best.ys.map(({ label }) => label)).toEqual(["off", "20 %"]);
    expect(best.cells.map((line) => line.map(({ value }) => value))).toEqual([
      [null, 1],
      [2, 3],
    ]);
    const median = gridOf(rows, { ...ask, by: "median" });
    expect(median.cells[1]?.[0]).toMatchObject({ value: 1, count: 3, row: { number: 5 } });
    expect(bestCell(best)).toEqual({ x: 1, y: 1 });
  });

  it("shares one scale with the map beside it", () => {
    const inside = gridOf(rows, { ...ask, by: "best" });
    const outside = gridOf(rows, { ...ask, by: "best", sample: "outside" });
    const scale = scaleOf([inside, outside], ask.measure);
    expect(scale).toEqual({ centre: 0, reach: 3 });
    expect(shadeOf(-1.5, scale)).toBe(-0.5);
    expect(shadeOf(null, scale)).toBe(0);
  });

  it("puts drawn values together in steps", () => {
    const drawn = Array.from({ length: 60 }, (_, index) => row(index, index / 10, 0.2, index));
    const { xs, cells } = gridOf(drawn, { ...ask, y: null, by: "best" });
    expect(xs).toHaveLength(8);
    expect(cells[0]?.reduce((sum, { count }) => sum + count, 0)).toBe(60);
    expect(cells[0]?.at(-1)?.value).toBe(59);
  });
});

test("whole numbers are put together in whole steps", () => {
  const drawn = Array.from({ length: 56 }, (_, index) => row(index, 5 + index, 0.2, index));
  const { xs, cells } = gridOf(drawn, { ...ask, y: null, by: "best" });
  expect(xs.map(({ label }) => label).slice(0, 2)).toEqual(["5–11", "12–18"]);
  expect(xs.at(-1)?.label).toBe("54–60");
  expect(cells[0]?.map(({ count }) => count)).toEqual(Array(8).fill(7));
});

test("the best of a cell is chosen in the sample, never out of it", () => {
  const { cells } = gridOf(rows, { ...ask, by: "best", sample: "outside" });
  expect(cells[1]?.map(({ value, row: shown }) => [value, shown?.number])).toEqual([
    [2, 3],
    [-1, 1],
  ]);
});

const luck = (changes: Partial<Luck> = {}): Luck => ({
  combinations: 111,
  days: 76,
  best_sharpe: 2.34,
  expected_best_sharpe: 0.86,
  deflated_sharpe: 0.759,
  beaten_by_chance: 0.258,
  ...changes,
});

test.each([
  [{ deflated_sharpe: 0.97, beaten_by_chance: 0.02 }, "skill"],
  [{ deflated_sharpe: 0.97, beaten_by_chance: 0.2 }, "doubt"],
  [{ deflated_sharpe: 0.759, beaten_by_chance: 0.258 }, "doubt"],
  [{ deflated_sharpe: 0.4, beaten_by_chance: 0.2 }, "luck"],
  [{ deflated_sharpe: 0.9, beaten_by_chance: 0.6 }, "luck"],
  [{ deflated_sharpe: null, beaten_by_chance: 0.01 }, "skill"],
  [{ deflated_sharpe: null, beaten_by_chance: null }, "unknown"],
])("%o is %s", (changes, verdict) => {
  expect(verdictOf(luck(changes))).toBe(verdict);
});

test("luck is told in plain words", () => {
  const text = sentencesOf(luck()).join(" ");
  expect(text).toContain("111 sets were tried over 76 days.");
  expect(text).toContain("the best of so many without any skill would show 0.86");
  expect(text).toContain("at least as good in 25.8 % of all cases");
  expect(text).toContain("75.9 %");
  expect(sentencesOf(luck({ beaten_by_chance: 0 })).join(" ")).toContain("none of 500");
  expect(sentencesOf(luck({ best_sharpe: null })).join(" ")).toContain("cannot be told");
});

test("how many leaders did well out of the sample", () => {
  expect(keptOf(rows, measureOf("net_pnl"))).toEqual({ leaders: 5, kept: 3 });
  expect(keptOf(rows, measureOf("win_rate"))).toBeNull();
});
