import { expect, test } from "vitest";
import { afterKey, bestCell, scaleOf, shadeOf } from "./heat-scale";

test("a cell is as strong as it is far from the pivot, on its own side", () => {
  const scale = scaleOf(
    [
      [-2, null],
      [0, 4],
    ],
    0,
  );
  expect(scale).toEqual({ low: -2, high: 4, pivot: 0 });
  expect(shadeOf(4, scale)).toEqual(["up", 88]);
  expect(shadeOf(2, scale)).toEqual(["up", 48]);
  expect(shadeOf(-2, scale)).toEqual(["down", 88]);
  expect(shadeOf(0, scale)).toEqual(["flat", 0]);
});

test("the best cell is the highest that is known", () => {
  expect(
    bestCell([
      [null, 1],
      [3, 3],
    ]),
  ).toEqual([1, 0]);
  expect(bestCell([[null]])).toBeNull();
});

test("arrow keys move within the map and stop at its edge", () => {
  expect(afterKey("ArrowRight", [0, 0], 2, 3)).toEqual([0, 1]);
  expect(afterKey("ArrowUp", [0, 0], 2, 3)).toEqual([0, 0]);
  expect(afterKey("End", [1, 0], 2, 3)).toEqual([1, 2]);
  expect(afterKey("a", [1, 0], 2, 3)).toBeNull();
});
