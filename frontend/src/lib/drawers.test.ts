import { expect, test } from "vitest";
import { readDrawers } from "./drawers";

test.each([
  [{ trade: 12, tab: "history" }, { trade: 12 }],
  [{ trade: "12" }, {}],
  [{ trade: -1 }, {}],
  [{ trade: 1.5 }, {}],
  [{ whatif: {} }, { whatif: {} }],
  [{ whatif: { token: "A", from: "", other: 1 } }, { whatif: { token: "A" } }],
  [{ whatif: "all" }, {}],
])("%j opens %j", (search, drawers) => {
  expect(readDrawers(search)).toEqual(drawers);
});
