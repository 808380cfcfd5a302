import { expect, test } from "vitest";
import { freshnessOf } from "./age";

test.each([
  [9_999, "fresh"],
  [10_000, "ageing"],
  [59_999, "ageing"],
  [60_000, "old"],
])("a price of %s ms is %s", (age, freshness) => {
  expect(freshnessOf(age)).toBe(freshness);
});
