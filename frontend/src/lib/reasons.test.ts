import { expect, test } from "vitest";
import { formatMeasure } from "./measure";
import { inWords, stepInWords } from "./reasons";

test("short names become words, unknown ones stay readable", () => {
  expect(inWords("sentiment_low")).toBe("Sentiment too low");
  expect(inWords("take_profit_2")).toBe("Target 2");
  expect(inWords("something_new")).toBe("Something new");
  expect(inWords(null)).toBe("");
});

test("a step keeps the condition as it was computed", () => {
  expect(stepInWords("open_positions")).toBe("Open positions");
  expect(stepInWords("sma_crossover: fast > slow")).toBe("SMA crossover: fast > slow");
});

test("numbers of a decision have their unit", () => {
  expect(formatMeasure("exposure", 0.0611)).toBe("6.11 %");
  expect(formatMeasure("price_age", 7.084)).toBe("7.1 s");
  expect(formatMeasure("kill_switch", 0)).toBe("no");
  expect(formatMeasure("breakout: atr <= 0.25", 0.0055)).toBe("0.55 %");
  expect(formatMeasure("breakout: close > highest", 0.0000002343)).toBe("0.0₆23430");
  expect(formatMeasure("open_positions", 3)).toBe("3");
  expect(formatMeasure("buy", null)).toBe("");
});
