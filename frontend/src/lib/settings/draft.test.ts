import { describe, expect, it, test } from "vitest";
import type { Setting } from "@/api/wire";
import { type Change, changed, draftOf, effectiveOf, nothingSet, settingOf } from "./draft";
import { ground } from "./samples";

const changedBy = (...changes: Change[]) =>
  changes.reduce((draft, change) => changed(draft, change, ground), nothingSet);

const original: Setting = {
  active_strategy: "ma_crossover",
  parameters: { custom_params: { fast_ma: 12 } },
  risk_settings: {
    position_size: 100,
    stop_loss: 0.02,
    trailing_stop: { active: false, distance: 0.03 },
  } as Setting["risk_settings"],
};

test("the original's spelling is read with the one name of each field", () => {
  expect(draftOf(original, ground)).toEqual({
    strategies: ["sma_crossover"],
    template: null,
    custom: { fast: 12 },
    risk: { stop_loss: 0.02, trailing_stop: null, max_spend_sol: 100 },
  });
  expect(draftOf(null, ground)).toEqual(nothingSet);
});

test("what is left out keeps the platform's default", () => {
  expect(settingOf(nothingSet, ground)).toEqual({});
  expect(effectiveOf(nothingSet, ground)).toEqual(ground.standard);
});

test("parameters name the strategies that they are for", () => {
  const draft = changedBy({ kind: "parameter", name: "window", value: 40 });
  expect(settingOf(draft, ground)).toEqual({
    active_strategy: ["sma_crossover", "breakout"],
    parameters: { custom_params: { window: 40 } },
  });
  expect(effectiveOf(draft, ground).entries[1]?.parameters).toEqual({ window: 40, max_atr: 0.25 });
});

describe("a value that is the ground again", () => {
  it("is no longer one's own", () => {
    const stop: Change = { kind: "risk", name: "stop_loss", value: 0.08 };
    expect(changedBy(stop).risk).toEqual({ stop_loss: 0.08 });
    expect(changedBy(stop, { ...stop, value: 0.15 })).toEqual(nothingSet);
    expect(changedBy(stop, { ...stop, value: undefined })).toEqual(nothingSet);
  });

  it("is the template's where there is one", () => {
    const template: Change = { kind: "template", name: "aggressive" };
    const draft = changedBy(template, { kind: "parameter", name: "window", value: 10 });
    expect(draft).toMatchObject({ template: "aggressive", custom: {} });
    expect(effectiveOf(draft, ground).entries[1]?.parameters.window).toBe(10);
    const other = changedBy(template, { kind: "parameter", name: "window", value: 20 });
    expect(other.custom).toEqual({ window: 20 });
  });

  it("is told from one that is no number yet", () => {
    const change: Change = { kind: "risk", name: "max_spend_sol", value: Number.NaN };
    expect(changedBy(change).risk).toEqual({ max_spend_sol: Number.NaN });
    expect(changedBy({ ...change, value: null })).toEqual(nothingSet);
  });

  it("may be a list of targets", () => {
    const change: Change = { kind: "risk", name: "take_profit", value: [[0.5, 1]] };
    expect(changedBy(change).risk.take_profit).toEqual([[0.5, 1]]);
    const back: Change = { ...change, value: ground.standard.exit.take_profit };
    expect(changedBy(change, back)).toEqual(nothingSet);
  });
});

test("a strategy that goes takes its values and its template with it", () => {
  const draft = changedBy(
    { kind: "template", name: "aggressive" },
    { kind: "parameter", name: "window", value: 33 },
    { kind: "strategies", names: ["sma_crossover"] },
  );
  expect(draft).toEqual({ ...nothingSet, strategies: ["sma_crossover"] });
  const both = changed(draft, { kind: "strategies", names: ["sma_crossover", "breakout"] }, ground);
  expect(both).toEqual(nothingSet);
});
