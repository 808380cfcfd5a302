import { expect, test } from "vitest";
import type { Fill, TradeDetail } from "@/api/wire";
import { planOf } from "@/lib/settings/plan";
import { linesOf, marksOf, pointsOf } from "./scene";
import { momentsOf } from "./timeline";

const fill = (changes: Partial<Fill>): Fill => ({
  id: 1,
  side: "SELL",
  time: "2026-11-21T10:00:10.000Z",
  price: 1.3,
  token_amount: 33,
  sol_amount: 42.9,
  fee_sol: 0,
  reason: "take_profit_1",
  ...changes,
});

const fills = [
  fill({ id: 1, side: "BUY", reason: "entry", time: "2026-11-21T10:00:00.000Z", price: 1 }),
  fill({ id: 2 }),
  fill({ id: 3, reason: "manual", time: "2026-11-21T10:00:12.000Z" }),
  fill({ id: 4, reason: "trailing_stop", time: "2026-11-21T10:00:20.000Z", price: 1.1 }),
];

const trade = (changes: Partial<TradeDetail> = {}) =>
  ({
    id: 7,
    strategy: "breakout",
    status: "finished",
    entry_price: 1,
    exit_plan: {},
    plan_changes: [],
    exit_state: null,
    fills,
    ...changes,
  }) as TradeDetail;

test("a trade is told from its entry to its end, with what each target set off", () => {
  expect(momentsOf(trade()).map(({ kind, title }) => [kind, title])).toEqual([
    ["entry", "Bought on Breakout"],
    ["target", "Target 1"],
    ["breakeven", "Break-even"],
    ["trailing", "Trailing begins"],
    ["hand", "Closed by hand"],
    ["exit", "Trailing stop"],
  ]);
  expect(momentsOf(trade()).at(-1)?.more).toBe("Sold 33, +10.0 % from the entry");
});

test("a change of the plan stands in its place, and each target counts by the plan of its time", () => {
  const changed = (at: string, before: object, stop_after = 0.9) => ({
    at,
    plan_before: before,
    plan_after: {},
    stop_before: 0.85,
    stop_after,
  });
  const plan_changes = [
    changed("2026-11-21T10:00:05.000Z", {}),
    changed("2026-11-21T10:00:11.000Z", { breakeven_after_tier: 0, trailing_after_tier: 2 }, 0.85),
  ];
  const moments = momentsOf(trade({ plan_changes }));
  expect(moments.map(({ kind }) => kind)).toEqual([
    "entry",
    "moved",
    "target",
    "moved",
    "hand",
    "exit",
  ]);
  expect(moments[1]?.more).toBe("The stop moved from 0.8500 to 0.9000");
  expect(moments[3]?.more).toBe("The stop stays at 0.8500");
});

test("a plan without break-even and trailing sets nothing off", () => {
  const exit_plan = { breakeven_after_tier: null, trailing_stop: null };
  const kinds = momentsOf(trade({ exit_plan })).map(({ kind }) => kind);
  expect(kinds).toEqual(["entry", "target", "hand", "exit"]);
});

test("an open trade says what is left", () => {
  const exit_state = { tokens_left: 67 } as TradeDetail["exit_state"];
  const open = trade({ status: "active", fills: fills.slice(0, 1), exit_state });
  expect(
    momentsOf(open)
      .map(({ title, more }) => [title, more])
      .at(-1),
  ).toEqual(["Still open", "67 tokens are held"]);
});

test("the chart has one point a second, and marks stand on points", () => {
  const start = Date.parse("2026-11-21T10:00:00.000Z") / 1000;
  const points = pointsOf([
    { time: start + 1.2, price: 2 },
    { time: start, price: 1 },
    { time: start + 1.8, price: 3 },
    { time: start + 11, price: 4 },
  ]);
  expect(points.map(({ time, price }) => [time - start, price])).toEqual([
    [0, 1],
    [1, 3],
    [11, 4],
  ]);
  const marks = marksOf(points, fills.slice(0, 2), [
    { time: fills[3]?.time ?? "", reason: "stop_loss" },
  ]);
  expect(marks.map(({ time, of, text }) => [time - start, of, text])).toEqual([
    [0, "recorded", "Buy"],
    [1, "recorded", "Target 1"],
    [11, "tried", "Stop loss"],
  ]);
  expect(marksOf([], fills, null)).toEqual([]);
});

test("the levels of a plan hang on the entry", () => {
  const lines = linesOf(2, planOf({ stop_loss: 0.5, take_profit: [[1, 1]] }));
  expect(lines.map(({ title, price }) => [title, price])).toEqual([
    ["Entry", 2],
    ["Stop", 1],
    ["T1", 4],
  ]);
});
