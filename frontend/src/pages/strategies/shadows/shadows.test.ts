import { describe, expect, it, test } from "vitest";
import type { Pair, Snapshot } from "@/api/wire";
import { ground } from "@/lib/settings/samples";
import { curvesOf } from "./curves";
import { daysToTell, wordsOf } from "./verdict";
import { adopted, differencesBySymbol, ownOnly } from "./wishes";

const pair = (changes: Partial<Pair>) =>
  ({ verdict: "cannot tell yet", days: 3, daily_return_percent: null, ...changes }) as Pair;

describe("the verdict", () => {
  it("is plain where the interval is", () => {
    expect(wordsOf(pair({ verdict: "better" })).title).toBe("Better than yours");
    expect(wordsOf(pair({ verdict: "worse" })).tone).toBe("down");
  });

  it("says how long until a first answer", () => {
    expect(wordsOf(pair({})).more).toBe("7 more days are needed for a first answer");
    expect(wordsOf(pair({ days: 9 })).more).toBe("1 more day is needed for a first answer");
  });

  it("says how long until it could tell, if things go on", () => {
    const difference = { value: 0.1, low: -0.1, high: 0.3 };
    expect(daysToTell(20, difference)).toBe(60);
    expect(wordsOf(pair({ days: 20, daily_return_percent: difference })).more).toBe(
      "About 60 more days, if the difference stays as it is",
    );
    expect(daysToTell(20, { value: 0.001, low: -0.2, high: 0.2 })).toBeNull();
    expect(daysToTell(20, { value: 0, low: -0.2, high: 0.2 })).toBeNull();
  });
});

const mark = (second: number, total_value: number): Snapshot => ({
  timestamp: new Date(1000 * second).toISOString(),
  total_value,
  sol_balance: 0,
  overall_pnl: 0,
  drawdown_percent: 0,
});

describe("the curves", () => {
  it("begin with the first shadow, and each shadow leaves mine where it began", () => {
    const mine = [mark(0, 5), mark(60, 10), mark(120, 11), mark(180, 12)];
    const [own, first, second] = curvesOf(mine, [
      { id: "1", history: [mark(60, 20), mark(120, 18)] },
      { id: "2", history: [mark(120, 8), mark(180, 16)] },
    ]);
    expect(own?.points.map(({ time, value }) => [time, Math.round(value)])).toEqual([
      [60, 0],
      [120, 10],
      [180, 20],
    ]);
    expect(first?.points.map(({ value }) => Math.round(value))).toEqual([0, -10, -10]);
    expect(first?.points.at(-1)?.time).toBe(180);
    expect(first?.drawdown.map(({ value }) => Math.round(value))).toEqual([0, -10, -10]);
    expect(second?.points.map(({ value }) => Math.round(value))).toEqual([10, 120]);
  });

  it("are none before anything was marked", () => {
    expect(curvesOf([], [{ id: "1", history: [] }])).toEqual([]);
  });
});

test("what a shadow does differently is told by symbol, every token first", () => {
  const stop = (stop_loss: number) => ({ risk_settings: { stop_loss } });
  const mine = { "*": stop(0.1), BONK: stop(0.2) };
  const shadow = { "*": stop(0.05), WIF: stop(0.05) };
  const told = (before: typeof mine | typeof shadow, after: object) =>
    differencesBySymbol(before, after as typeof mine, ground).map(({ symbol, differences }) => [
      symbol,
      differences.map(({ before: old, after: young }) => `${old} to ${young}`).join(),
    ]);
  expect(told(mine, shadow)).toEqual([
    ["*", "10 % to 5 %"],
    ["BONK", "20 % to 5 %"],
    ["WIF", "10 % to 5 %"],
  ]);
  expect(told(mine, adopted(mine, shadow, false)).map(([symbol]) => symbol)).toEqual(["*", "WIF"]);
  expect(told(mine, adopted(mine, shadow, true)).map(([symbol]) => symbol)).toEqual([
    "*",
    "BONK",
    "WIF",
  ]);
  expect(ownOnly(mine, shadow)).toEqual(["BONK"]);
});
