import { expect, test } from "vitest";
import { freshnessOf } from "./age";

test.each([
  [15_000, "fresh"],
  [15_001, "ageing"],
  [60_000, "ageing"],
  [60_001, "old"],
])("a price of %s ms is %s", (age, freshness) => {
  expect(freshnessOf(age)).toBe(freshness);
});
