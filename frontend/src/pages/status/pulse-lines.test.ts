import { expect, test } from "vitest";
import type { Sample } from "@/api/status";
import { isEnough, lagCurves, priceCurves, rateCurves } from "./pulse-lines";

const sample = (time: number, changes: Partial<Sample> = {}): Sample => ({
  time,
  lag_ms: 2,
  longest_ms: 9,
  loop_lag_ms: 4,
  waiting: 0,
  commits: 60,
  answers: { signals: 6, candles: 118 },
  ...changes,
});

test("a stretch without inputs is a gap in the mean and no zero", () => {
  const [mean, longest] = lagCurves([sample(10), sample(20, { lag_ms: null }), sample(30)]);
  expect(mean?.points.map((it) => it.time)).toEqual([10, 30]);
  expect(longest?.points).toHaveLength(3);
});

test("each second stands once", () => {
  const [, , loop] = lagCurves([sample(10), sample(10, { loop_lag_ms: 8 }), sample(20)]);
  expect(loop?.points).toEqual([
    { time: 10, value: 4 },
    { time: 20, value: 4 },
  ]);
});

test("a rate is drawn per service, one that was not there yet not at all", () => {
  const curves = rateCurves([sample(10), sample(20)], ["signals", "tokens"]);
  expect(curves.map((it) => [it.id, it.points.length])).toEqual([
    ["signals", 2],
    ["tokens", 0],
  ]);
  expect(isEnough(curves)).toBe(true);
  expect(isEnough(rateCurves([sample(10)], ["signals"]))).toBe(false);
});

test("prices stand beside what the engine wrote", () => {
  expect(priceCurves([sample(10)]).map((it) => it.points[0]?.value)).toEqual([118, 60]);
});
