import { describe, expect, it, test } from "vitest";
import type { ChartCandles } from "@/api/candles";
import { index } from "@/api/samples";
import { adopt, type Bars, barAt, catchUp, fold, prepend } from "./bars";

const candle = (time: number, close = 1, reach = 0) => ({
  time,
  open: 1,
  high: Math.max(1, close) + reach,
  low: Math.min(1, close) - reach,
  close,
});

function page(times: number[], newest: ChartCandles["newest"] = null): ChartCandles {
  const candles = times.map((time) => candle(time));
  const volumes = times.map((time) => ({ time, value: 10, color: "" }));
  return { token: index, timeframe: "5s", timeframes: [], newest, candles, volumes };
}

const start = (times: number[], newest: ChartCandles["newest"], width = 5): Bars =>
  adopt(null, page(times, newest), width);
const timesOf = ({ bars }: Bars) => bars.map((bar) => bar.time);

describe("live candles", () => {
  it("join the last bar, whose open stays", () => {
    const bars = fold(start([0, 5], { time: 6, volume: 3 }), candle(7, 2, 1), 4, false);
    expect(bars.bars.at(-1)).toEqual({ time: 5, open: 1, high: 3, low: 0, close: 2, volume: 14 });
    expect(bars.newest).toEqual({ time: 7, volume: 4 });
  });

  it("count once, however often they are told", () => {
    let bars = fold(start([5], { time: 6, volume: 3 }), candle(6, 2), 4, false);
    bars = fold(bars, candle(6, 2), 4, false);
    expect(bars.bars.at(-1)?.volume).toBe(11);
  });

  it("begin a bar at its edge, and after a gap the one they fall in", () => {
    let bars = fold(start([5], { time: 9, volume: 1 }), candle(10, 2), 7, false);
    expect(bars.bars.at(-1)).toMatchObject({ time: 10, open: 1, close: 2, volume: 7 });
    bars = fold(bars, candle(23), 1, false);
    expect(timesOf(bars)).toEqual([5, 10, 20]);
    expect(bars.revision).toBe(1);
  });

  it("are left out when they come late", () => {
    const bars = start([5, 10], { time: 12, volume: 1 });
    expect(fold(bars, candle(11, 9), 9, false)).toBe(bars);
    expect(fold({ ...bars, newest: null }, candle(9, 9), 9, false).bars).toBe(bars.bars);
  });

  it("replace the bar where bars are as long as they are", () => {
    const bars = fold(start([1, 2], { time: 2, volume: 10 }, 1), candle(2, 0.5), 12, true);
    expect(bars.bars.at(-1)).toEqual({ ...candle(2, 0.5), volume: 12 });
  });

  it("make the bars that the platform would make of them", () => {
    const candles = Array.from({ length: 60 }, (_, time) => candle(time, 1 + Math.sin(time)));
    const empty: Bars = { width: 15, bars: [], newest: null, revision: 0 };
    const bars = candles.reduce((all, it) => fold(all, it, 2, false), empty);
    expect(bars.bars.map((bar) => bar.volume)).toEqual([30, 30, 30, 30]);
    expect(bars.bars.map((bar) => bar.close)).toEqual(
      [14, 29, 44, 59].map((at) => 1 + Math.sin(at)),
    );
  });
});

test("what came in while a page was fetched is folded on, nothing twice", () => {
  const told = {
    candles: [4, 5, 6, 7].map((time) => candle(time, time)),
    volumes: [4, 5, 6, 7].map((time) => ({ time, value: 1, color: "" })),
  };
  const bars = catchUp(start([0, 5], { time: 5, volume: 1 }), told, false);
  expect(timesOf(bars)).toEqual([0, 5]);
  expect(bars.bars.at(-1)).toMatchObject({ close: 7, volume: 12 });
  expect(catchUp(bars, told, false)).toMatchObject({ bars: bars.bars });
});

test("older pages go before, without doubles", () => {
  const bars = prepend(start([10, 15], null), page([0, 5, 10]));
  expect(timesOf(bars)).toEqual([0, 5, 10, 15]);
  expect(bars.revision).toBe(2);
  expect(prepend(bars, page([]))).toBe(bars);
});

test("a page after a break joins on, or replaces what would leave a gap", () => {
  const bars = start([0, 5, 10], null);
  expect(timesOf(adopt(bars, page([10, 15]), 5))).toEqual([0, 5, 10, 15]);
  expect(timesOf(adopt(bars, page([15, 20]), 5))).toEqual([0, 5, 10, 15, 20]);
  expect(timesOf(adopt(bars, page([30, 35]), 5))).toEqual([30, 35]);
});

test("a bar is found by its time", () => {
  const { bars } = start([0, 5, 15], null);
  expect([0, 5, 10, 15, 20].map((time) => barAt(bars, time)?.time)).toEqual([
    0,
    5,
    undefined,
    15,
    undefined,
  ]);
  expect(barAt([], 5)).toBeUndefined();
});
