import { expect, test } from "vitest";
import type { Overall } from "@/api/wire";
import { figures, readingOf } from "./figures";

const overall = {
  win_rate: 0.548,
  profit_factor: null,
  sharpe: 2.5,
  annualised_reliable: false,
  intervals: { win_rate: { low: 0.43, high: 0.66 } },
} as unknown as Overall;

function read(key: string, changes: Partial<Overall> = {}) {
  const figure = figures.find((it) => it.key === key);
  if (figure === undefined) throw new Error(`no figure ${key}`);
  return readingOf(figure, { ...overall, ...changes });
}

test("a figure shows its value and interval, or why there is none", () => {
  expect(read("win_rate")).toEqual({
    value: 0.548,
    text: "54.8 %",
    interval: "43.0 % to 66.0 %",
  });
  expect(read("profit_factor")).toMatchObject({ value: null, text: "No losing trade yet" });
});

test("yearly figures wait for 30 days of history", () => {
  expect(read("sharpe").value).toBeNull();
  expect(read("sharpe", { annualised_reliable: true }).text).toBe("2.5");
});

test("every figure says what it means", () => {
  expect(
    figures.every((figure) => figure.definition.endsWith(".") || figure.definition.includes("÷")),
  ).toBe(true);
  expect(new Set(figures.map((figure) => figure.key)).size).toBe(figures.length);
});
