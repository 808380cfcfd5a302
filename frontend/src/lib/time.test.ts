import { expect, test } from "vitest";
import { daysAfter, formatAge, formatDuration, isDay } from "./time";

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

test("days are those of the calendar", () => {
  expect(["2026-02-28", "2026-02-29", "2026-13-01", "soon"].map(isDay)).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect([daysAfter("2026-02-28", 1), daysAfter("2026-03-01", -1)]).toEqual([
    "2026-03-01",
    "2026-02-28",
  ]);
});
