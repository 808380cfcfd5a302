import { expect, test } from "vitest";
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
