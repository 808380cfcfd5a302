import { expect, test } from "vitest";
import type { HistoryEntry } from "@/api/history";
import { candlesIn, commonTimeframes, stockOf } from "./stock";

const entry = (token: string, timeframe: string, changes: Partial<HistoryEntry> = {}) =>
  ({
    token,
    symbol: token,
    timeframe,
    first: "2024-03-16T00:00:00.000Z",
    last: "2024-03-17T23:55:00.000Z",
    candles: 576,
    gaps: 0,
    missing: 0,
    source: "file",
    own: false,
    ...changes,
  }) as HistoryEntry;

test("the timeframes of a token are one choice", () => {
  const stock = stockOf([
    entry("BONK", "5m"),
    entry("BONK", "1h", { candles: 48 }),
    entry("WIF", "1h"),
  ]);
  expect(stock.map(({ token, entries }) => [token, entries.length])).toEqual([
    ["BONK", 2],
    ["WIF", 1],
  ]);
  expect(stock[0]?.candles).toBe(576);
});

test("several tokens run in a timeframe that each of them has or can be made to have", () => {
  const [bonk, wif] = stockOf([entry("BONK", "5m"), entry("WIF", "1h")]);
  if (!bonk || !wif) throw new Error("two tokens are stocked");
  expect(commonTimeframes([bonk])).toEqual(["5m", "15m", "1h", "4h", "1d"]);
  expect(commonTimeframes([bonk, wif])).toEqual(["1h", "4h", "1d"]);
  expect(commonTimeframes([])).toEqual([]);
});

test("candles are counted between the days", () => {
  const stock = stockOf([entry("BONK", "5m")]);
  expect(candlesIn(stock, "5m", null, null)).toBe(576);
  expect(candlesIn(stock, "5m", Date.parse("2024-03-17"), null)).toBe(288);
  expect(candlesIn(stock, "1h", null, Date.parse("2024-03-17"))).toBe(24);
  expect(candlesIn(stock, "1h", Date.parse("2024-05-01"), null)).toBe(0);
});
