import { expect, test } from "vitest";
import type { Trade } from "@/api/wire";
import { movedBy, STRETCH, type Stretch, skipFor, tradeAt } from "./stretch";

test.each([
  [0, 0],
  [99, 0],
  [199, 0],
  [200, 100],
  [99_999, 99_800],
])("row %s is inside the stretch that begins at %s", (row, skip) => {
  expect(skipFor(row)).toBe(skip);
  expect(row).toBeLessThan(skip + STRETCH);
});

const stretch: Stretch = {
  skip: 100,
  trades: [{ id: 7 }, { id: 6 }] as Trade[],
  total: 102,
};

test("rows are found by their place in the whole list", () => {
  expect([tradeAt(stretch, 101)?.id, tradeAt(stretch, 99), tradeAt(stretch, 102)]).toEqual([
    6,
    undefined,
    undefined,
  ]);
});

test("what came in above moves a row down", () => {
  expect([movedBy(stretch, 6, 100), movedBy(stretch, 7, 100), movedBy(stretch, 5, 100)]).toEqual([
    1, 0, 0,
  ]);
});
