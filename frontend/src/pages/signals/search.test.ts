import { expect, test } from "vitest";
import { filtersOf, isFiltered, queryOf, readSearch, withFilters } from "./search";

test("only what makes sense of an address is taken", () => {
  const search = readSearch({
    signal: -1,
    days: 12,
    status: "Pending",
    from: "today",
    token: 404,
    of: "",
    source: { a: 1 },
    trade: 9,
  });
  expect(search).toEqual({ token: "404" });
  expect(readSearch({ signal: 7, days: 90, of: "sse", status: "Failed" })).toEqual({
    signal: 7,
    days: 90,
    of: "sse",
    status: "Failed",
  });
});

test("filters leave the rest of the address alone", () => {
  const search = { signal: 7, days: 1 as const, token: "BONK" };
  const filters = { ...filtersOf(search), token: "", reason: "no_pool" };
  expect(withFilters(search, filters)).toEqual({ signal: 7, days: 1, reason: "no_pool" });
  expect(isFiltered(filtersOf({ signal: 7 }))).toBe(false);
  expect(isFiltered(filters)).toBe(true);
});

test("a token is a part of a name or a whole address", () => {
  const mint = "So11111111111111111111111111111111111111112";
  expect(queryOf(filtersOf({ token: mint }))).toMatchObject({
    token_address: mint,
    symbol: undefined,
  });
  expect(queryOf(filtersOf({ token: "bonk" }))).toMatchObject({
    token_address: undefined,
    symbol: "bonk",
  });
});

test("the last day counts in full", () => {
  const { from, to } = queryOf(filtersOf({ from: "2026-11-20", to: "2026-11-20" }));
  expect(Date.parse(String(to)) - Date.parse(String(from))).toBe(86_400_000);
});
