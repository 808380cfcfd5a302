import { expect, test } from "vitest";
import type { Day } from "@/api/analytics";
import { dayAfterKey, layMonth, monthsAfter, sumOf } from "./month";

const day = (name: string, net_pnl_sol: number, trades = 1): Day => ({
  day: name,
  trades,
  wins: net_pnl_sol > 0 ? trades : 0,
  losses: net_pnl_sol < 0 ? trades : 0,
  net_pnl_sol,
  volume_sol: 1,
});

test("a month is whole weeks from Monday on, and only its own days count", () => {
  const results = [day("2026-10-31", 9), day("2026-11-01", 0.1), day("2026-11-30", -0.3, 2)];
  const month = layMonth("2026-11", new Map(results.map((it) => [it.day, it])));
  expect(month.weeks.map(({ cells }) => cells[0]?.day)).toEqual([
    "2026-10-26",
    "2026-11-02",
    "2026-11-09",
    "2026-11-16",
    "2026-11-23",
    "2026-11-30",
  ]);
  expect(month.weeks[0]?.sum).toMatchObject({ trades: 1, pnl: 0.1, green: 1 });
  expect(month.sum).toEqual({ trades: 3, wins: 1, losses: 2, pnl: -0.2, days: 2, green: 1 });
  expect(month.largest).toBe(0.3);
});

test("sums of SOL stay exact to the lamport", () => {
  expect(sumOf([day("a", 0.1), null, day("b", 0.2)]).pnl).toBe(0.3);
});

test("months go on over the year's end", () => {
  expect([
    monthsAfter("2026-12", 1),
    monthsAfter("2026-01", -1),
    monthsAfter("2026-03", 13),
  ]).toEqual(["2027-01", "2025-12", "2027-04"]);
});

test.each([
  ["ArrowLeft", "2026-10-31"],
  ["ArrowDown", "2026-11-08"],
  ["Home", "2026-10-26"],
  ["End", "2026-11-01"],
  ["PageDown", "2026-12-01"],
  ["Enter", null],
])("%s leads on like in a calendar", (key, expected) => {
  expect(dayAfterKey(key, "2026-11-01")).toBe(expected);
});

test("a shorter month ends the step at its last day", () => {
  expect(dayAfterKey("PageDown", "2026-01-31")).toBe("2026-02-28");
});
