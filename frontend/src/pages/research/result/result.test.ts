import { describe, expect, it, test } from "vitest";
import type { FigureDefinition, RunTrade } from "@/api/research";
import { candle } from "@/api/samples";
import type { Overall } from "@/api/wire";
import { around, CHUNK, fitting, grown, sizeOf } from "./chunks";
import { drawdownOf, inPercent, risingPoints, thinned } from "./curve";
import { markersOf, marksOf } from "./marks";
import { readingOf } from "./statistics";
import { csvOf, groupsOf, numbered } from "./trades";

const token = { address: "Bonk1111", symbol: "BONK" };
const trade = (changes: Partial<RunTrade> = {}): RunTrade => ({
  token,
  strategy: "breakout",
  entry_time: "2024-03-18T10:00:00.000Z",
  entry_price: 0.001,
  quantity: 1_000,
  sol_invested: 1,
  fee_sol: 0.001,
  fills: [
    {
      time: "2024-03-18T12:00:00.000Z",
      price: 0.0013,
      quantity: 1_000,
      sol: 1.3,
      fee_sol: 0.001,
      reason: "take_profit_1",
    },
  ],
  exit_time: "2024-03-18T12:00:00.000Z",
  exit_price: 0.0013,
  exit_reason: "take_profit_1",
  pnl_sol: 0.3,
  pnl_percent: 30,
  open_quantity: 0,
  open_value_sol: 0,
  ...changes,
});

describe("where profit came from", () => {
  const trades = [
    trade(),
    trade({ exit_reason: "stop_loss", pnl_sol: -0.5, exit_time: "2024-03-24T23:30:00.000Z" }),
    trade({ exit_reason: "stop_loss", pnl_sol: 0.1, exit_time: "2024-03-25T00:10:00.000Z" }),
    trade({ exit_reason: null, exit_time: null, pnl_sol: null }),
  ];

  it("counts finished trades only, the most profitable first", () => {
    const groups = groupsOf(trades, "exit_reason");
    expect(groups.map(({ label, trades: many, wins }) => [label, many, wins])).toEqual([
      ["Target 1", 1, 1],
      ["Stop loss", 2, 1],
    ]);
    expect(groups[1]?.pnl).toBeCloseTo(-0.4);
  });

  it("goes by the exit in UTC, in the order of time", () => {
    expect(groupsOf(trades, "weekday").map(({ label, trades: many }) => [label, many])).toEqual([
      ["Monday", 2],
      ["Sunday", 1],
    ]);
    expect(groupsOf(trades, "hour").map(({ label }) => label)).toEqual(["00:00", "12:00", "23:00"]);
  });
});

test("a file for spreadsheets takes no name for a formula", () => {
  const named = trade({ token: { address: "A", symbol: '=HYPERLINK("x"),1' } });
  const [head, row] = csvOf(numbered([named])).split("\r\n");
  expect(head?.split(",").slice(0, 3)).toEqual(["number", "token", "symbol"]);
  expect(row).toContain(`"'=HYPERLINK(""x""),1"`);
});

test("trades are numbered by their entries", () => {
  const late = trade({ entry_time: "2024-03-19T00:00:00.000Z" });
  expect(numbered([late, trade()]).map(({ entry_time }) => entry_time.slice(8, 10))).toEqual([
    "18",
    "19",
  ]);
});

test("a fill at the end of a candle stands on it, not on the next", () => {
  const at = Date.parse("2024-03-18T10:00:00Z") / 1_000;
  const candles = [candle(at - 300), candle(at), candle(at + 7_200 - 300), candle(at + 7_200)];
  const marks = marksOf(numbered([trade()]), token.address);
  const colours = { up: "green", down: "red" };
  const drawn = markersOf(marks, candles, colours, 1);
  expect(drawn).toMatchObject([
    { time: at - 300, shape: "arrowUp", text: "#1 Buy" },
    { time: at + 6_900, shape: "arrowDown", text: "#1 Target 1" },
  ]);
  expect(markersOf(marks, candles, colours).map(({ text }) => text)).toEqual(["#1", "#1"]);
  expect(markersOf(marks, [candle(at + 90_000)], colours)).toEqual([]);
});

test("points rise in time, and drawdown hangs below the peak so far", () => {
  const points = risingPoints([
    [2, 12],
    [1, 10],
    [2, 11],
    [3, 9.9],
  ]);
  expect(points.map(({ value }) => value)).toEqual([10, 11, 9.9]);
  expect(drawdownOf(points).map(({ value }) => Math.round(value))).toEqual([0, 0, -10]);
  expect(inPercent(points, 10).map(({ value }) => Math.round(value))).toEqual([0, 10, -1]);
  expect(thinned([1, 2, 3, 4, 5], 3)).toEqual([1, 3, 5]);
});

describe("a figure", () => {
  const definition = (name: string, unit: FigureDefinition["unit"]): FigureDefinition => ({
    name,
    unit,
    title: name,
    topic: "trades",
    definition: "What it means.",
  });
  const statistics = {
    win_rate: 0.548,
    profit_factor: null,
    sharpe: 2.4999,
    annualised_reliable: false,
    nulls: { profit_factor: "no losing trade yet" },
    intervals: { win_rate: { low: 0.43, high: 0.66 } },
  } as unknown as Overall;

  it("shows its value with its interval, or why there is none", () => {
    expect(readingOf(definition("win_rate", "fraction"), statistics)).toMatchObject({
      text: "54.8 %",
      interval: "43.0 % to 66.0 %",
    });
    expect(readingOf(definition("profit_factor", "ratio"), statistics)).toMatchObject({
      value: null,
      text: "No losing trade yet",
    });
  });

  it("says when it says little", () => {
    expect(readingOf(definition("sharpe", "ratio"), statistics)).toMatchObject({
      text: "2.5",
      doubtful: true,
    });
  });
});

describe("the candles that a chart asks for", () => {
  const size = sizeOf("5m");
  const bounds = { first: 10 * size, last: 40 * size };

  it("grow to a trade near by, and start anew at one far off", () => {
    const first = around(null, { first: 20, last: 20 }, bounds, "5m");
    expect(first).toEqual({ first: 19, last: 21 });
    expect(around(first, { first: 23, last: 23 }, bounds, "5m")).toEqual({ first: 19, last: 24 });
    expect(around(first, { first: 39, last: 39 }, bounds, "5m")).toEqual({ first: 38, last: 40 });
  });

  it("end where the history ends, and before they are too many", () => {
    const start = { first: 10, last: 11 };
    expect(grown(start, "before", bounds, "5m")).toBe(start);
    expect(grown(start, "after", bounds, "5m")).toEqual({ first: 10, last: 12 });
    const many = { first: 10, last: 21 };
    expect(grown(many, "after", bounds, "5m")).toBe(many);
  });

  it("become coarser until all of a trade is in sight", () => {
    expect(fitting("5m", 0, 300_000 * CHUNK)).toBe("15m");
    expect(fitting("5m", 0, 3_600_000)).toBe("5m");
    expect(fitting("5m", 0, 1e15)).toBe("1d");
  });
});
