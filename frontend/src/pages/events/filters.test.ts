import { expect, test } from "vitest";
import type { StoredEvent } from "@/api/wire";
import { fits, isFiltered, queryOf, readSearch, withKind } from "./filters";

const event = (changes: object = {}) =>
  ({
    seq: 1,
    at: "2026-11-21T10:00:00.000Z",
    kind: "TradeOpened",
    trade_id: 7,
    data: { kind: "TradeOpened", token: { address: "A", symbol: "BONK" } },
    ...changes,
  }) as StoredEvent;

test("only what makes sense of an address is taken", () => {
  expect(readSearch({ kinds: ["B", "A", "B", {}], from: "then", q: 404, trade: 3 })).toEqual({
    kinds: ["A", "B"],
    q: "404",
  });
  expect(readSearch({ kinds: "TradeOpened", to: "2026-11-21" })).toEqual({
    kinds: ["TradeOpened"],
    to: "2026-11-21",
  });
  expect(isFiltered({})).toBe(false);
  expect(isFiltered({ q: "x" })).toBe(true);
});

test("kinds are added and taken away", () => {
  const both = withKind({ q: "x", kinds: ["B"] }, "A", true);
  expect(both).toEqual({ q: "x", kinds: ["A", "B"] });
  expect(withKind(withKind(both, "A", false), "B", false)).toEqual({ q: "x" });
});

test("the platform is asked in its own words", () => {
  expect(queryOf({ q: "Target 1" }).q).toBe("take profit 1");
  expect(queryOf({}).q).toBeUndefined();
  const { from, to } = queryOf({ from: "2026-11-20", to: "2026-11-20" });
  expect(Date.parse(String(to)) - Date.parse(String(from))).toBe(86_400_000);
});

test("what comes over the socket fits as what is fetched does", () => {
  const at = { from: "2026-11-21T10:00:00.000Z", to: "2026-11-21T11:00:00.000Z" };
  expect(fits({}, event())).toBe(true);
  expect(fits({ kind: ["TradeClosed"] }, event())).toBe(false);
  expect(fits({ kind: ["TradeOpened", "TradeClosed"], token_address: "A" }, event())).toBe(true);
  expect(fits({ token_address: "B" }, event())).toBe(false);
  expect(fits({ token_address: "A" }, event({ data: { kind: "WalletResumed" } }))).toBe(false);
  expect(fits(at, event())).toBe(true);
  expect(fits({ to: at.from }, event())).toBe(false);
  expect(fits({ from: at.to }, event())).toBe(false);
  expect(fits({ q: "bonk" }, event())).toBeNull();
});
