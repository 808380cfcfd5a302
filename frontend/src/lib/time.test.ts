import { expect, test } from "vitest";
import { formatAge, formatDuration } from "./time";

test.each([
  [999, "now"],
  [12_400, "12 s"],
  [185_000, "3 min"],
  [5 * 3_600_000, "5 h"],
  [50 * 3_600_000, "2 d"],
])("an age of %s ms is %s", (age, text) => {
  expect(formatAge(age)).toBe(text);
});

test.each([
  [500, "0 s"],
  [48_000, "48 s"],
  [200_000, "3 min 20 s"],
  [3_600_000, "1 h"],
  [18_240_000, "5 h 4 min"],
  [90_000_000, "1 d 1 h"],
])("%s ms last %s", (length, text) => {
  expect(formatDuration(length)).toBe(text);
});
