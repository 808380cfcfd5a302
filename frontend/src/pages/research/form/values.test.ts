import { expect, test } from "vitest";
import type { NumberSpec } from "@/lib/settings/fields";
import { type Varied, varied } from "./draft";
import { readVaried } from "./values";

const stop: NumberSpec = {
  name: "stop_loss",
  title: "Stop loss",
  help: "",
  unit: "percent",
  above: 0,
  below: 1,
};
const fast: NumberSpec = {
  name: "fast",
  title: "Fast",
  help: "",
  unit: "candles",
  least: 1,
  most: 499,
  whole: true,
};
const holding: NumberSpec = { ...fast, name: "max_holding_candles", none: "no end" };

const read = (spec: NumberSpec, given: Partial<Varied>, method: "grid" | "random" = "grid") =>
  readVaried(spec, { ...varied(), ...given }, method);

test("percentages are sent as fractions without noise", () => {
  expect(read(stop, { fixed: "7" }).value?.sent).toBe(0.07);
  expect(read(stop, { mode: "list", list: "5, 10; 14.5" }).value).toEqual({
    sent: [0.05, 0.1, 0.145],
    count: 3,
  });
  expect(read(stop, { mode: "range", min: "5", max: "20", step: "5" }).value).toEqual({
    sent: { min: 0.05, max: 0.2, step: 0.05 },
    count: 4,
  });
});

test("a value that stands twice counts once", () => {
  expect(read(fast, { mode: "list", list: "5 5, 10" }).value?.count).toBe(2);
});

test("a parameter that may have none takes the word for it", () => {
  expect(read(holding, { fixed: "" }).value?.sent).toBeNull();
  expect(read(holding, { mode: "list", list: "off, 24" }).value?.sent).toEqual([null, 24]);
  expect(read(fast, { fixed: "" }).fault).toBe("Must not be empty");
});

test.each([
  [{ mode: "list", list: "" }, "Write values to try"],
  [{ mode: "list", list: "5, x" }, "x: must be a number"],
  [{ mode: "list", list: "5, 0" }, "0: must be at least"],
  [{ mode: "list", list: "2.5" }, "2.5: must be a whole number"],
  [{ mode: "range", min: "9", max: "5", step: "1" }, "From must be below to"],
  [{ mode: "range", min: "", max: "5", step: "1" }, "From: must not be empty"],
  [{ mode: "range", min: "1", max: "5", step: "0" }, "Step: must be above 0"],
  [{ mode: "range", min: "1", max: "5", step: "" }, "A grid needs a step"],
] as [Partial<Varied>, string][])("%o is refused in words", (given, words) => {
  expect(read(fast, given).fault).toContain(words);
});

test("a search at random needs no step", () => {
  const given: Partial<Varied> = { mode: "range", min: "1", max: "5" };
  expect(read(fast, given, "random").value).toEqual({ sent: { min: 1, max: 5 }, count: null });
});
