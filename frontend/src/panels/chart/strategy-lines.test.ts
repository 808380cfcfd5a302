import { expect, test } from "vitest";
import { curvesOf, type Point, valueAt, withNewer, withOlder } from "./strategy-lines";

const line = (points: Point[], name = "fast") => ({
  name,
  strategy: "sma_crossover",
  title: "SMA 10",
  points,
});
const curves = (points: Point[]) => curvesOf([line(points)]);
const pointsOf = ([curve]: ReturnType<typeof curves>) => curve?.points;

test("a newer part replaces the end, an older one stands before", () => {
  const before = curves([
    [10, 1],
    [20, 2],
  ]);
  const newer = withNewer(
    before,
    curves([
      [20, 3],
      [30, 4],
    ]),
  );
  expect(pointsOf(newer)).toEqual([
    [10, 1],
    [20, 3],
    [30, 4],
  ]);
  const whole = withOlder(
    newer,
    curves([
      [0, 9],
      [10, 8],
    ]),
  );
  expect(pointsOf(whole)?.slice(0, 2)).toEqual([
    [0, 9],
    [10, 1],
  ]);
});

test("nothing new leaves a curve as it is, and another line changes none", () => {
  const before = curves([[10, 1]]);
  expect(withNewer(before, [])[0]).toBe(before[0]);
  expect(withOlder(before, curvesOf([line([[0, 1]], "slow")]))[0]).toBe(before[0]);
});

test("a value is known at its bar only", () => {
  const [curve] = curves([
    [10, 1],
    [20, 2],
  ]);
  expect(curve && [5, 10, 15, 20, 30].map((time) => valueAt(curve, time))).toEqual([
    undefined,
    1,
    undefined,
    2,
    undefined,
  ]);
});
