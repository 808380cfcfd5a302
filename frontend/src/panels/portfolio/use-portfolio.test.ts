import { expect, test } from "vitest";
import type { Snapshot, Wallet } from "@/api/wire";
import { figuresOf, valueAt } from "./use-portfolio";

const wallet: Wallet = {
  wallet_address: "W",
  created_at: "2026-11-20T10:00:00.000Z",
  reset_at: null,
  initial_sol_balance: 10,
  sol_balance: 9,
  total_value: 10.5,
  overall_pnl: 0.5,
  trade_pnl: 0.1,
  paused: false,
  pause_reason: null,
};
const mark = (timestamp: string, total_value: number): Snapshot => ({
  timestamp,
  total_value,
  sol_balance: 0,
  overall_pnl: 0,
  drawdown_percent: 0,
});
const midnight = Date.parse("2026-11-21T00:00:00Z");

test("today begins with the last value before midnight", () => {
  const marks = [
    mark("2026-11-20T22:59:59.000Z", 10.1),
    mark("2026-11-20T23:59:59.000Z", 10.2),
    mark("2026-11-21T01:00:00.000Z", 10.9),
  ];
  expect(valueAt(marks, 10, midnight)).toBe(10.2);
  expect(valueAt(marks.slice(2), 10, midnight)).toBe(10);
});

test("what is live wins over what was fetched", () => {
  expect(figuresOf(wallet, null, 10.2)).toMatchObject({
    totalValue: 10.5,
    overallPercent: 5,
    free: 9,
  });
  const portfolio = {
    sol_balance: 8,
    total_value: 11,
    trade_pnl: 0.6,
    overall_pnl: 1,
    positions: {},
  };
  expect(figuresOf(wallet, portfolio, 10.2)).toEqual({
    totalValue: 11,
    overallPnl: 1,
    overallPercent: 10,
    todayPnl: expect.closeTo(0.8),
    todayPercent: expect.closeTo(7.843, 3),
    openPnl: 0.6,
    free: 8,
  });
  expect(figuresOf(wallet, portfolio, null).todayPnl).toBeNull();
});
