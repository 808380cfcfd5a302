import { expect, test } from "vitest";
import { botTrade, candle } from "@/api/samples";
import { candleAt, joinMarks, markersOf, markOfTrade } from "./marks";

const colours = { up: "green", down: "red" };
const buy = markOfTrade(botTrade({ time: 12 }));
const sell = markOfTrade(botTrade({ time: 27, side: "SELL", reason: "take_profit_1" }));

test("fills stand on the candle in which they fell, and nowhere before the first", () => {
  const candles = [candle(10), candle(20), candle(30)];
  expect([5, 10, 12, 29, 99].map((time) => candleAt(candles, time))).toEqual([
    null,
    10,
    10,
    20,
    30,
  ]);
  expect(markersOf([buy, sell], candles, colours)).toMatchObject([
    { time: 10, shape: "arrowUp", color: "green", position: "belowBar", text: "Buy 0.2500" },
    { time: 20, shape: "arrowDown", color: "red", position: "aboveBar", text: "Target 1" },
  ]);
  expect(markersOf([buy], [candle(20)], colours)).toEqual([]);
});

test("a fill that was fetched and told is marked once, the oldest first", () => {
  expect(joinMarks([sell], [buy, { ...sell }])).toEqual([buy, sell]);
});
