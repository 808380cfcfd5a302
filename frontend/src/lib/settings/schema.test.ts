import { expect, test } from "vitest";
import { ground } from "./samples";
import { parametersOf, specOf } from "./schema";
import { rangeText, valueInWords } from "./words";

test("a strategy's fields come from its schema, with range, unit and default", () => {
  const [window, atr] = ground.strategies[0] ? parametersOf(ground.strategies[0]) : [];
  expect(window).toMatchObject({
    kind: "number",
    title: "Window",
    unit: "candles",
    least: 2,
    most: 500,
    whole: true,
    standard: 20,
  });
  expect(window && rangeText(window)).toBe("2 to 500 candles");
  expect(atr).toMatchObject({ title: "Largest ATR", unit: "percent", above: 0, most: 100 });
  expect(atr?.help).toBe("Largest average true range, as a share of the close.");
  expect(atr && valueInWords(atr, 0.25)).toBe("25 %");
});

test("flags, choices, texts and optional numbers are told apart", () => {
  expect(specOf("strict", { type: "boolean", default: true })).toMatchObject({
    kind: "flag",
    standard: true,
  });
  expect(specOf("side", { enum: ["up", "down"], type: "string" })).toMatchObject({
    kind: "choice",
    choices: ["up", "down"],
  });
  expect(specOf("note", { type: "string" }).kind).toBe("text");
  const optional = specOf("limit", { anyOf: [{ type: "number", minimum: 1 }, { type: "null" }] });
  expect(optional).toMatchObject({ kind: "number", least: 1, none: "off" });
  expect(valueInWords(optional, null)).toBe("off");
});

test("a strategy without parameters has no fields", () => {
  const [strategy] = ground.strategies;
  expect(strategy && parametersOf({ ...strategy, parameters: {} })).toEqual([]);
});
