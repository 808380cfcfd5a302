import { describe, expect, it, test } from "vitest";
import type { Strategy } from "@/api/wire";
import { changed, type Draft, newDraft } from "./draft";
import { backtestOf } from "./request";
import { backtestOfSet, draftOf } from "./restore";
import { combinationsOf, sweepOf } from "./sweep-request";
import { readPlans, readTiers } from "./tiers";
import { combinationsText, placeInWords } from "./words";

const number = (type: string, minimum: number, maximum: number, standard: number) => ({
  type,
  minimum,
  maximum,
  default: standard,
  description: "Candles.",
});
const strategies = [
  {
    name: "sma_crossover",
    aliases: ["ma_crossover"],
    summary: "",
    parameters: {
      properties: { fast: number("integer", 1, 499, 10), slow: number("integer", 2, 500, 30) },
    },
    spellings: {},
    templates: { aggressive: { fast: 10, slow: 21 } },
    lookback: 31,
  },
] as unknown as Strategy[];

const drafted = (...changes: Parameters<typeof changed>[1][]): Draft =>
  changes.reduce(changed, { ...newDraft(), tokens: ["BONK-SOL"] });
const param = (name: string, values: object) =>
  ({ type: "param", index: 0, name, varied: values }) as const;

describe("a backtest", () => {
  it("asks for what stands in the fields", () => {
    const draft = drafted(param("fast", { fixed: "5" }), {
      type: "set",
      values: { from: "2024-04-01", to: "2024-04-30" },
    });
    const { body, faults } = backtestOf(draft, strategies);
    expect(faults).toEqual({});
    expect(body).toMatchObject({
      candles: {
        token: "BONK-SOL",
        from: "2024-04-01T00:00:00.000Z",
        to: "2024-05-01T00:00:00.000Z",
      },
      entry: { strategy: "sma_crossover", params: { fast: 5 } },
      exit: {
        stop_loss: 0.15,
        max_holding_candles: null,
        take_profit: [
          [0.3, 0.33],
          [0.75, 0.33],
        ],
      },
      risk_per_trade: 0.02,
      risk: null,
      preset: "jupiter",
    });
  });

  it("points at each field that does not fit", () => {
    const draft = drafted(
      param("fast", { fixed: "0" }),
      { type: "exit", name: "stop_loss", varied: { fixed: "100" } },
      { type: "exit", name: "take_profit", varied: { fixed: "30:80; 75:33" } },
      { type: "money", name: "initial_sol", text: "" },
      { type: "token", token: "BONK-SOL", picked: false },
    );
    expect(Object.keys(backtestOf(draft, strategies).faults).sort()).toEqual([
      "/candles",
      "/entry/params/fast",
      "/exit/stop_loss",
      "/exit/take_profit",
      "/initial_sol",
    ]);
  });

  it("refuses one strategy twice, and points by number where there are several", () => {
    const draft = drafted(
      { type: "add-strategy", strategy: "sma_crossover" },
      { type: "param", index: 1, name: "slow", varied: { fixed: "x" } },
    );
    expect(backtestOf(draft, strategies).faults).toMatchObject({
      "/entry": "Each strategy may stand once",
      "/entry/1/params/slow": "Must be a number",
    });
  });
});

describe("a sweep", () => {
  const draft = drafted(
    { type: "set", values: { kind: "sweep", walk_forward: "3" } },
    param("fast", { mode: "range", min: "5", max: "40", step: "5" }),
    { type: "exit", name: "stop_loss", varied: { mode: "list", list: "5, 10, 20" } },
    { type: "exit", name: "take_profit", varied: { mode: "list", list: "30:33; 75:33\nnone" } },
  );

  it("counts its combinations while they are typed", () => {
    const { varied, body } = sweepOf(draft, strategies);
    expect(varied).toEqual({ "entry.fast": 8, "exit.stop_loss": 3, "exit.take_profit": 2 });
    expect(combinationsText(draft, varied)).toBe("8 × 3 × 2 = 48 combinations");
    expect(body).toMatchObject({
      entry: { params: { fast: { min: 5, max: 40, step: 5 } } },
      exit: {
        stop_loss: [0.05, 0.1, 0.2],
        take_profit: [
          [
            [0.3, 0.33],
            [0.75, 0.33],
          ],
          [],
        ],
      },
      out_of_sample: 0.3,
      walk_forward: 3,
    });
  });

  it("wants something to vary, and not too much", () => {
    expect(sweepOf(drafted(), strategies).faults["/search"]).toContain("at least one parameter");
    const many = drafted(
      param("fast", { mode: "range", min: "1", max: "400", step: "1" }),
      param("slow", { mode: "range", min: "2", max: "400", step: "1" }),
    );
    expect(sweepOf(many, strategies).faults["/search/method"]).toContain("At most 20,000");
    const random = changed(many, { type: "set", values: { method: "random" } });
    expect(sweepOf(random, strategies).faults).toEqual({});
    expect(combinationsText(random, { a: 400, b: null })).toBe("200 of 400 × any combinations");
  });

  it("comes back from its request as it was", () => {
    const { body } = sweepOf(draft, strategies);
    const restored = draftOf("sweep", body, "again", () => "candles");
    expect(sweepOf(restored, strategies).body).toEqual(body);
    expect(restored.name).toBe("again");
  });

  it("hands one set on as a backtest over the whole history", () => {
    const { body } = sweepOf(draft, strategies);
    const set = { "entry.fast": 15, "exit.stop_loss": 0.1, "exit.take_profit": [[0.5, 1]] };
    const backtest = backtestOfSet(body, set);
    expect(backtest).toMatchObject({
      entry: { params: { fast: 15 } },
      exit: { stop_loss: 0.1, take_profit: [[0.5, 1]], trailing_stop: 0.2 },
    });
    expect(Object.keys(backtest)).not.toContain("search");
    expect(Object.keys(backtest)).not.toContain("out_of_sample");
  });
});

test("another strategy starts clean, another kind of run loses nothing", () => {
  const draft = drafted(param("fast", { fixed: "5" }));
  const other = changed(draft, { type: "strategy", index: 0, strategy: "breakout" });
  expect(other.entries).toEqual([{ strategy: "breakout", template: "", params: {} }]);
  const sweep = changed(draft, { type: "set", values: { kind: "sweep" } });
  expect(sweep.entries).toBe(draft.entries);
});

test("any number of values makes any number of combinations", () => {
  expect(combinationsOf([3, null, 2])).toBeNull();
  expect(combinationsOf([3, 2])).toBe(6);
});

test("targets are read from their text, with what is wrong in words", () => {
  expect(readTiers("").value).toEqual([]);
  expect(readTiers("50:100").value).toEqual([[0.5, 1]]);
  expect(readTiers("50").fault).toContain("gain:portion");
  expect(readTiers("75:33; 30:33").fault).toContain("above the one before");
  expect(readPlans("30:33\n\n50:x").fault).toBe(
    "Line 2: Write gain:portion in percent, such as 30:33; 75:33",
  );
});

test("a pointer is said in words", () => {
  expect(placeInWords("/exit/stop_loss")).toBe("Exit, stop loss");
  expect(placeInWords("/entry/params/fast")).toBe("Entry, fast");
  expect(placeInWords("")).toBe("The run");
});
