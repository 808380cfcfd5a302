import { expect, test } from "vitest";
import type { Run } from "@/api/research";
import { bestOf } from "./compare/best";
import { guessOf, placeOf } from "./history/file-name";
import { idsOf, readSearch } from "./places";
import { aheadOf, everyRun, filtered, joined } from "./runs/filter";
import { beside } from "./settings-words";
import { setInWords, titleOf } from "./titles";

test("an address means what can be shown", () => {
  expect(readSearch({ view: "backtest", id: "17" })).toEqual({ view: "backtest", id: 17 });
  expect(readSearch({ view: "backtest", id: "x" })).toEqual({});
  expect(readSearch({ view: "compare", ids: 17 })).toEqual({ view: "compare", ids: "17" });
  expect(readSearch({ view: "nonsense" })).toEqual({});
  expect(idsOf("17,18,17,x,19,20,21")).toEqual([17, 18, 19, 20]);
});

const run = (changes: Partial<Run> = {}): Run =>
  ({
    id: 1,
    name: null,
    status: "finished",
    created_at: "2026-11-21T10:00:00.000Z",
    request: { candles: { token: "BONK-SOL" }, entry: { strategy: "breakout" } },
    summary: null,
    ...changes,
  }) as Run;

test("a run is called by its name, else by what it is about", () => {
  expect(titleOf(run({ name: "wider\u202e stop" }))).toBe("wider stop");
  expect(titleOf(run())).toBe("Breakout on BONK-SOL");
  expect(setInWords({ "entry.fast": 10, "exit.stop_loss": 0.1, "exit.trailing_stop": null })).toBe(
    "fast 10, stop loss 10 %, trailing stop off",
  );
});

test("both kinds are one list, found by name, token, kind and status", () => {
  const runs = joined(
    [run({ id: 1 }), run({ id: 2, name: "Tight", status: "failed" })],
    [run({ id: 3, created_at: "2026-11-21T11:00:00.000Z" })],
  );
  const ids = (changes: object) => filtered(runs, { ...everyRun, ...changes }).map(({ id }) => id);
  expect(ids({})).toEqual([3, 1, 2]);
  expect(ids({ text: "tight" })).toEqual([2]);
  expect(ids({ text: "bonk", kind: "sweep" })).toEqual([3]);
  expect(ids({ status: "failed" })).toEqual([2]);
});

test("what runs, and what was asked for before, comes first", () => {
  const waiting = run({ id: 1, status: "queued" });
  const others = [
    run({ id: 2, status: "running" }),
    run({ id: 3, status: "queued", created_at: "2026-11-21T09:00:00.000Z" }),
    run({ id: 4, status: "queued", created_at: "2026-11-21T11:00:00.000Z" }),
    run({ id: 5 }),
  ];
  expect(aheadOf(waiting, [waiting, ...others])).toBe(2);
  expect(aheadOf(run(), others)).toBe(0);
});

test.each([
  ["BONK-SOL_5m.parquet", "BONK-SOL", "5m"],
  ["wif 1h.csv", "wif", "1h"],
  ["candles.csv", "candles", null],
  ["a/b$c_15m.feather", "a-b-c", "15m"],
])("%s is %s in %s", (name, token, timeframe) => {
  expect(guessOf(name)).toEqual({ token, timeframe });
});

test("a bad row is named by its line", () => {
  expect(placeOf("/17/close")).toBe("Row 17, close");
  expect(placeOf("")).toBe("The file");
});

test("settings stand side by side, and what differs is marked", () => {
  const rows = beside([
    { candles: { token: "BONK" }, exit: { stop_loss: 0.15 }, risk: null },
    { candles: { token: "BONK" }, exit: { stop_loss: 0.25 }, risk: {} },
  ]);
  expect(rows.filter(({ differs }) => differs).map(({ title, texts }) => [title, texts])).toEqual([
    ["Stop loss", ["15 %", "25 %"]],
    ["Risk limits", ["Off", "Standard"]],
  ]);
});

test("the best of several is marked where there is one", () => {
  expect(bestOf("net_pnl_sol", [1, 3, null])).toBe(1);
  expect(bestOf("max_drawdown_percent", [4, 2])).toBe(1);
  expect(bestOf("trades", [4, 2])).toBeNull();
  expect(bestOf("sharpe", [2, 2])).toBeNull();
});
