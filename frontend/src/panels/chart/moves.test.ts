import { describe, expect, it, test } from "vitest";
import { position, token } from "@/api/samples";
import { strategyOf } from "@/api/shown";
import type { Effective, Position } from "@/api/wire";
import { type Plan, planOf } from "@/lib/settings/plan";
import {
  changeOfMove,
  distanceAt,
  type Handle,
  movesOf,
  planAfter,
  priceOf,
  snapped,
} from "./moves";

const effective = (take_profit: [number, number][]): Effective => ({
  entries: [],
  exit: { take_profit },
  sizing: { risk_per_trade: 0.02, min_spend_sol: 0.01, reserve_sol: 0, max_spend_sol: null },
  limits: null,
});
const plan = (changes: Partial<Plan> = {}) => planOf(changes);
const state = (changes: Partial<Position> = {}) =>
  strategyOf({ positions: { 7: position(changes) }, strategy: {} }, token.address, null);
const moves = (changes: Partial<Position> = {}, exit: Partial<Plan> = {}) =>
  movesOf(state(changes), plan(exit));
const firstTaken = position().tiers.map((tier, place) => ({ ...tier, taken: place === 0 }));

describe("what can be moved", () => {
  it("is the stop and each target of the trade's own plan", () => {
    const { handles } = moves();
    expect(Object.keys(handles)).toEqual(["stop", "target-1", "target-2"]);
    expect(handles.stop).toMatchObject({ distance: -0.15, basis: 0.00025, from: "entry" });
    expect(handles["target-1"]).toMatchObject({ distance: 0.3, least: 0.001, most: 0.749 });
    expect(moves({}, { stop_loss: 0.08 }).handles.stop).toMatchObject({ distance: -0.08 });
  });

  it("is the trailing distance once the stop trails, not below what the plan keeps", () => {
    const trailing = { phase: "TRAILING", stop_loss_price: 0.0003 * 0.8 };
    const { stop } = moves(trailing).handles;
    expect(stop).toMatchObject({
      title: "Trailing stop",
      setting: { name: "trailing_stop" },
      basis: 0.0003,
      from: "highest price",
    });
    expect(priceOf(stop as Handle, stop?.least ?? 0)).toBeCloseTo(0.00025 * 0.85, 12);
    const kept = moves({ ...trailing, tiers: firstTaken }).handles.stop as Handle;
    expect(priceOf(kept, kept.least)).toBeCloseTo(0.00025, 12);
  });

  it("is no stop at break-even, and no target that was taken", () => {
    expect(moves({ phase: "BREAKEVEN", stop_loss_price: 0.00025 }).fixed.stop).toContain("rose");
    expect(moves({ tiers: firstTaken }).fixed["target-1"]).toBe("It was taken.");
    expect(moves({ tiers: firstTaken }).handles["target-1"]).toBeUndefined();
    expect(movesOf(null, plan())).toEqual(movesOf(state(), null));
    expect(moves({}, { take_profit: [[0.3, 0.33]] }).handles["target-2"]).toBeUndefined();
  });
});

test("a line snaps to steps that a pixel can reach, within bounds", () => {
  const stop = moves().handles.stop as Handle;
  expect(distanceAt(stop, 0.00025 * 0.9234, 0)).toBe(-0.077);
  expect(distanceAt(stop, 0.00025 * 0.9234, 0.00025 * 0.004)).toBe(-0.075);
  expect(distanceAt(stop, 0.0003, 0)).toBe(-0.001);
  expect(snapped(stop, -5)).toBe(-0.99);
  expect(priceOf(stop, -0.08)).toBeCloseTo(0.00023, 12);
});

test("a move changes one value of the trade's plan", () => {
  const { handles } = moves();
  expect(planAfter(handles.stop as Handle, -0.08, plan())).toEqual(plan({ stop_loss: 0.08 }));
  const take_profit: Plan["take_profit"] = [
    [0.3, 0.33],
    [0.9, 0.33],
  ];
  expect(planAfter(handles["target-2"] as Handle, 0.9, plan())).toEqual(plan({ take_profit }));
});

test("the same change of settings is offered where they have such a line", () => {
  const { handles } = moves();
  const own = effective([
    [0.3, 0.33],
    [0.75, 0.33],
  ]);
  expect(changeOfMove(handles.stop as Handle, -0.08, own)).toEqual({
    kind: "risk",
    name: "stop_loss",
    value: 0.08,
  });
  const second = handles["target-2"] as Handle;
  expect(changeOfMove(second, 0.9, own)?.kind).toBe("risk");
  expect(changeOfMove(second, 0.9, effective([[0.3, 0.33]]))).toBeNull();
  expect(changeOfMove(handles["target-1"] as Handle, 0.8, own)).toBeNull();
});
