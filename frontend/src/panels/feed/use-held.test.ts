import { expect, test } from "vitest";
import type { Transaction } from "@/api/live-state";
import { newerThan } from "./use-held";

const list = (...keys: number[]) => keys.map((key) => ({ key }) as Transaction);

test.each([
  [list(3, 2, 1), list(5, 4, 3, 2, 1), 2],
  [list(3, 2, 1), list(3, 2, 1), 0],
  [list(3, 2, 1), list(9, 8, 7), 3],
  [[], list(2, 1), 2],
])("of a list that was left, %#", (shown, all, newer) => {
  expect(newerThan(shown, all)).toBe(newer);
});
