import { expect, test } from "vitest";
import type { Definition } from "@/api/analytics";
import type { Overall } from "@/api/wire";
import { FEW_DAYS, readingOf, sections } from "./figures";

const overall = {
  win_rate: 0.548,
  profit_factor: null,
  sharpe: 2.512,
  net_pnl_sol: -0.25,
  annualised_reliable: false,
  intervals: { win_rate: { low: 0.43, high: 0.66 } },
  nulls: { profit_factor: "no losing trade yet" },
} as unknown as Overall;

const figures = sections.flatMap((section) => section.figures);

function read(key: string, unit: Definition["unit"], changes: Partial<Overall> = {}) {
  const figure = figures.find((it) => it.key === key);
  if (figure === undefined) throw new Error(`no figure ${key}`);
  return readingOf(figure, { ...overall, ...changes }, unit);
}

test("a figure shows its value and interval, or the platform's reason why there is none", () => {
  expect(read("win_rate", "fraction")).toEqual({
    value: 0.548,
    text: "54.8 %",
    interval: "43.0 % to 66.0 %",
  });
  expect(read("profit_factor", "ratio")).toMatchObject({
    value: null,
    text: "no losing trade yet",
  });
  expect(read("net_pnl_sol", "SOL").text).toBe("−0.2500");
});

test("yearly figures wait for 30 days of history", () => {
  expect(read("sharpe", "ratio")).toMatchObject({ value: null, text: FEW_DAYS });
  expect(read("sharpe", "ratio", { annualised_reliable: true }).text).toBe("2.51");
});

test("every figure stands once", () => {
  expect(new Set(figures.map(({ key }) => key)).size).toBe(figures.length);
});
