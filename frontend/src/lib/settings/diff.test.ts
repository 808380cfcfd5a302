import { expect, test } from "vitest";
import { differencesOf, draftDifferences, inShort } from "./diff";
import { type Draft, nothingSet } from "./draft";
import { draftFaults, strayFaults, toldFaults } from "./faults";
import { ground } from "./samples";

const draft = (changes: Partial<Draft>): Draft => ({ ...nothingSet, ...changes });

test("only what differs is told, before and after, in words", () => {
  const rows = draftDifferences(
    ground.standard,
    draft({
      custom: { window: 40 },
      risk: { stop_loss: 0.08, trailing_stop: null, take_profit: [[0.3, 0.5]] },
    }),
    ground,
  );
  expect(rows.map(({ title, before, after }) => [title, before, after])).toEqual([
    ["Breakout: Window", "20 candles", "40 candles"],
    ["Target 1", "+30 % sells 33 %", "+30 % sells 50 %"],
    ["Target 2", "+75 % sells 33 %", null],
    ["Stop loss", "15 %", "8 %"],
    ["Trailing stop", "20 %", "off"],
  ]);
  expect(inShort(rows, 2)).toBe(
    "Breakout: Window 40 candles, Target 1 +30 % sells 50 % and 3 more",
  );
  expect(differencesOf(ground.standard, ground.standard, ground)).toEqual([]);
});

test("a strategy that goes takes its parameters out of the list", () => {
  const rows = draftDifferences(ground.standard, draft({ strategies: ["breakout"] }), ground);
  expect(rows).toEqual([
    {
      name: "strategies",
      title: "Strategies",
      before: "SMA crossover, Breakout",
      after: "Breakout",
    },
    {
      name: "sma_crossover/fast",
      title: "SMA crossover: Fast",
      before: "10",
      after: null,
    },
  ]);
});

test("what does not fit is told at its field, in the unit of the field", () => {
  const faults = draftFaults(
    draft({
      strategies: ["breakout"],
      custom: { window: 1000, max_atr: 0 },
      risk: {
        stop_loss: 1,
        max_open_positions: 2.5,
        max_drawdown: Number.NaN,
        take_profit: [
          [0.5, 0.6],
          [0.4, 0.6],
        ],
      },
    }),
    ground,
  );
  expect(faults).toEqual({
    "/parameters/custom_params/window": "Must be at most 500 candles",
    "/parameters/custom_params/max_atr": "Must be above 0 %",
    "/risk_settings/stop_loss": "Must be below 100 %",
    "/risk_settings/max_open_positions": "Must be a whole number",
    "/risk_settings/max_drawdown": "Must be a number",
    "/risk_settings/take_profit/1": "Each gain must be above the one before",
  });
  expect(draftFaults(draft({ strategies: [] }), ground)).toEqual({
    "/active_strategy": "Choose at least one strategy",
  });
  expect(draftFaults(draft({ risk: { max_holding_candles: null } }), ground)).toEqual({});
});

test("the platform's complaints lead to the fields, the first of several", () => {
  const told = [
    { pointer: "/settings/*/risk_settings/trailing_stop/constrained-float", detail: "below 1" },
    { pointer: "/settings/*/risk_settings/trailing_stop/TrailingStopIn", detail: "a dictionary" },
    { pointer: "/settings/*/parameters/custom_params", detail: "fast must be below slow" },
    { pointer: "/settings/*/active_strategy/1", detail: "stands here twice" },
    { pointer: "/name", detail: "too long" },
  ];
  const faults = toldFaults(told, "/settings/*");
  expect(faults).toEqual({
    "/risk_settings/trailing_stop": "below 1",
    "/parameters/custom_params": "fast must be below slow",
    "/active_strategy": "stands here twice",
    "/name": "too long",
  });
  expect(strayFaults(faults, (pointer) => pointer !== "/name")).toEqual(["/name: too long"]);
});
