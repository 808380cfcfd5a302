import { expect, test } from "vitest";
import { candle } from "./samples";
import { grow, replace } from "./series";

const times = (points: { time: number }[]) => points.map((point) => point.time);

test("a candle of the same time is replaced, a newer one added, a late one left out", () => {
  let series = grow(undefined, candle(1), { time: 1, value: 5, color: "" });
  series = grow(series, candle(1, 2));
  series = grow(series, candle(2, 3));
  series = grow(series, candle(1, 9));
  expect(series.candles.map((it) => [it.time, it.close])).toEqual([
    [1, 2],
    [2, 3],
  ]);
  expect(series.volumes).toHaveLength(1);
  expect(series.revision).toBe(0);
});

test("what came in while candles were fetched stays behind them", () => {
  const told = grow(grow(undefined, candle(3, 7)), candle(4));
  const series = replace(told, [candle(1), candle(2), candle(3, 5)], []);
  expect(times(series.candles)).toEqual([1, 2, 3, 4]);
  expect(series.candles[2]?.close).toBe(7);
  expect(series.revision).toBe(1);
});

test("a series keeps the newest only", () => {
  let series = replace(undefined, [], []);
  for (let time = 1; time <= 90; time += 1) series = grow(series, candle(time));
  expect(times(series.candles)).toEqual(Array.from({ length: 60 }, (_, place) => 31 + place));
  const fetched = Array.from({ length: 300 }, (_, place) => candle(1 + place));
  series = replace(series, fetched, []);
  expect(times(series.candles)).toEqual(Array.from({ length: 60 }, (_, place) => 241 + place));
});
