import { describe, expect, it, test } from "vitest";
import {
  arrow,
  directionOf,
  exactSol,
  formatChange,
  formatNumber,
  formatPercent,
  formatPercentChange,
  formatPrice,
  formatShortChange,
  formatSol,
  formatTokens,
  shortAddress,
} from "./format";

describe("a price", () => {
  test.each([
    [0.00000123, "0.0₅1230"],
    [0.000001, "0.0₅1000"],
    [0.00001234, "0.0₄1234"],
    [0.0001234, "0.0001234"],
    [0.012345678, "0.01235"],
    [0.99999, "1.000"],
    [1, "1.000"],
    [12.3456, "12.35"],
    [1234.5678, "1,234.57"],
    [1.2345e-14, "0.0₁₃1235"],
    [-0.00000123, "−0.0₅1230"],
    [0, "0"],
    [null, "–"],
    [undefined, "–"],
    [Number.NaN, "–"],
    [Number.POSITIVE_INFINITY, "–"],
  ])("%s is written %s", (value, text) => {
    expect(formatPrice(value)).toBe(text);
  });

  it("shows more digits where asked", () => {
    expect(formatPrice(0.00000123456, 6)).toBe("0.0₅123456");
  });
});

describe("SOL", () => {
  test.each([
    [15.241312345, "15.2413"],
    [0.25, "0.2500"],
    [0.00001236, "0.00001236"],
    [0.000000001, "0.000000001"],
    [-3, "−3.0000"],
    [0, "0"],
    [null, "–"],
  ])("%s is written %s", (value, text) => {
    expect(formatSol(value)).toBe(text);
  });

  it("is exact to the lamport on hover", () => {
    expect(exactSol(15.241312345)).toBe("15.241312345 SOL");
    expect(exactSol(null)).toBe("not known");
  });
});

describe("a profit or loss", () => {
  it("has its sign, and zero has none", () => {
    expect(formatChange(0.5)).toBe("+0.5000");
    expect(formatChange(-0.5)).toBe("−0.5000");
    expect(formatChange(0)).toBe("0");
    expect(formatChange(-0.000000001)).toBe("0");
    expect(formatPercentChange(12.54)).toBe("+12.5 %");
    expect(formatPercentChange(-12.56)).toBe("−12.6 %");
  });

  it("has no sign where it rounds to nothing", () => {
    expect(formatPercentChange(0.01)).toBe("0.0 %");
    expect(formatPercentChange(-0.01)).toBe("0.0 %");
  });

  it("has an arrow beside its colour", () => {
    expect([1, -1, 0, null].map((value) => arrow(directionOf(value)))).toEqual(["▲", "▼", "", ""]);
  });
});

test("percent, numbers, token amounts and addresses", () => {
  expect(formatPercent(12.5)).toBe("12.5 %");
  expect([0, 60, 78.5, 0.25, 0.0044481, 0.00000124, 1_000_000, null].map(formatNumber)).toEqual([
    "0",
    "60",
    "78.5",
    "0.25",
    "0.0044481",
    "0.0₅12400",
    "1,000,000",
    "–",
  ]);
  expect([12, 12_345, 1_234_567, 2.5e9].map(formatTokens)).toEqual([
    "12",
    "12.3k",
    "1.23M",
    "2.5B",
  ]);
  expect(shortAddress("6XnCGuhHQqPEjgx4GpgVLoJGC3YCc447u1UDj6BhZM5h")).toBe("6XnC…ZM5h");
  expect(shortAddress("BONK")).toBe("BONK");
});

test("where there is little room two digits must do", () => {
  expect([0.01234, -1.251, 123.4, 1e-9].map(formatShortChange)).toEqual([
    "+0.012",
    "−1.3",
    "+120",
    "0",
  ]);
});
