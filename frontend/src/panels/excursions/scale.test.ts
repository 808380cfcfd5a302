import { expect, test } from "vitest";
import type { Excursion } from "@/api/analytics";
import { marksTo, median, seenOf, stepFor, storyOf } from "./scale";

const trade = (pnl_percent: number, mae: number | null, mfe: number | null, prices = 9) =>
  ({ pnl_percent, mae_percent: mae, mfe_percent: mfe, prices }) as Excursion;

test("what nobody saw is not drawn", () => {
  expect(seenOf([trade(1, -2, 3), trade(1, null, null), trade(1, 0, 0, 0)]).length).toBe(1);
});

test.each([
  [0, [0, 0.2]],
  [4.2, [0, 1, 2, 3, 4, 5]],
  [52, [0, 20, 40, 60]],
  [130, [0, 50, 100, 150]],
])("marks up to %s are round", (most, marks) => {
  expect(marksTo(most)).toEqual(marks);
  expect(stepFor(most)).toBeGreaterThan(0);
});

test("the story is told by the middle of winners and losers", () => {
  const seen = seenOf([trade(5, -2, 9), trade(5, -4, 9), trade(-5, -9, 3), trade(0, -1, 1)]);
  expect(storyOf(seen)).toEqual({ winnersFell: -3, losersRose: 3, winners: 2, losers: 1 });
  expect(storyOf([])).toMatchObject({ winnersFell: null, losersRose: null });
  expect(median([3, 1, 2])).toBe(2);
});
