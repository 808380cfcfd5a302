import { expect, test } from "vitest";
import { isFiltered, noFilters, queryOf } from "./filters";

test("the last day counts in full", () => {
  const query = queryOf({ ...noFilters, from: "2026-11-20", to: "2026-11-20" });
  const length = Date.parse(String(query.to)) - Date.parse(String(query.from));
  expect(length).toBe(86_400_000);
  expect(new Date(String(query.from)).getDate()).toBe(20);
});

test("what is not asked for is not sent, and an order is no filter", () => {
  expect(queryOf(noFilters)).toMatchObject({ from: undefined, to: undefined, status: undefined });
  expect(isFiltered({ ...noFilters, order: "asc" })).toBe(false);
  expect(isFiltered({ ...noFilters, status: "active" })).toBe(true);
});
