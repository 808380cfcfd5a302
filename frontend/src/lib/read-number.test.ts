import { expect, test } from "vitest";
import { readNumber } from "./read-number";

test.each([
  ["1 000", 1000],
  ["1,5", 1.5],
  ["−3", -3],
  ["15 %", 15],
  ["1e3", 1000],
])("%s is read as %s", (text, value) => {
  expect(readNumber(text)).toBe(value);
});

test.each(["", "ten", "1.2.3", "1,2,3"])("%j is no number", (text) => {
  expect(readNumber(text)).toBeNaN();
});
