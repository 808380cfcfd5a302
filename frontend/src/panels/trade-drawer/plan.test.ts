import { expect, test } from "vitest";
import { planOf } from "@/lib/settings/plan";
import { bestOf, cellsOf, shadeOf } from "./heat";
import { axesOf, cellOf, changedPlan, type PlanChange, samePlan } from "./plan";
import { gridOf } from "./plan-map";

const plan = planOf({});
const changedBy = (...changes: PlanChange[]) => changes.reduce(changedPlan, plan);

test("a plan says every field, and equals one that is written shorter", () => {
  expect(plan.stop_loss).toBe(0.15);
  expect(samePlan(plan, planOf({ stop_loss: 0.15 }))).toBe(true);
  expect(samePlan(plan, planOf({ stop_loss: 0.1 }))).toBe(false);
});

test("gains stay in their order, however far a slider goes", () => {
  expect(changedBy({ kind: "gain", tier: 0, value: 2 }).take_profit[0]).toEqual([0.74, 0.33]);
  expect(changedBy({ kind: "gain", tier: 1, value: 0 }).take_profit[1]).toEqual([0.31, 0.33]);
  expect(changedBy({ kind: "gain", tier: 0, value: -1 }).take_profit[0]).toEqual([0.01, 0.33]);
});

test("portions never add up to more than all", () => {
  expect(changedBy({ kind: "portion", tier: 0, value: 1 }).take_profit[0]).toEqual([0.3, 0.67]);
  const full = changedBy({ kind: "portion", tier: 0, value: 1 });
  expect(changedPlan(full, { kind: "add" })).toEqual(full);
  expect(changedBy({ kind: "add" }).take_profit[2]).toEqual([1.05, 0.33]);
});

test("nothing waits for a target that is gone", () => {
  const none = changedBy({ kind: "remove", tier: 0 }, { kind: "remove", tier: 0 });
  expect(none).toMatchObject({
    take_profit: [],
    breakeven_after_tier: 0,
    trailing_after_tier: 0,
  });
});

test("the map holds one's own values, and knows where a plan stands", () => {
  const axes = axesOf({ ...plan, stop_loss: 0.13, trailing_stop: 0.07 });
  expect(axes.stops).toContain(0.13);
  expect(axes.trails).toContain(0.07);
  expect(axes.trails.at(-1)).toBeNull();
  const [row, column] = cellOf({ ...plan, stop_loss: 0.135, trailing_stop: null }, axes);
  expect(axes.stops[row]).toBe(0.13);
  expect(axes.trails[column]).toBeNull();
  const grid = gridOf(plan, axes);
  expect(Object.keys(grid).slice(-2)).toEqual(["stop_loss", "trailing_stop"]);
});

test("cells are shaded by how far they are from what was made", () => {
  const values = [
    [-1, 0],
    [1, 3],
  ];
  expect(values.flat().map((value) => shadeOf(value, values, 1))).toEqual([-1, -0.5, 0, 1]);
  expect(shadeOf(null, values, 1)).toBe(0);
  expect(bestOf(values)).toEqual({ x: 1, y: 1 });
  expect(bestOf([[2, 2, null]])).toBeNull();
  const [line] = cellsOf({
    values,
    rows: { title: "Stop", values: ["3 %", "5 %"] },
    columns: { title: "Trailing", values: ["10 %", "off"] },
    pivot: 1,
    here: { x: 1, y: 0 },
    write: String,
  });
  expect(line?.map((cell) => cell.about)).toEqual([
    "Stop 3 %, trailing 10 %: -1",
    "Stop 3 %, trailing off: 0, you are here",
  ]);
});
