import { expect, test } from "vitest";
import type { Results, Scorecard } from "@/api/scorecards";
import { cardOf, figures, missing, worthOf } from "./figures";

const nothing: Results = {
  results: 0,
  wins: 0,
  losses: 0,
  draws: 0,
  win_rate: null,
  win_rate_low: null,
  win_rate_high: null,
  average_pnl_percent: null,
  median_time_to_peak_seconds: null,
};
const card: Scorecard = {
  source: "sse",
  signals: 12,
  judged: 10,
  screened: 5,
  confirmed: 2,
  bought: 1,
  screened_rate: 0.5,
  confirmed_rate: 0.4,
  bought_rate: 0.5,
  made: {
    ...nothing,
    results: 4,
    wins: 1,
    losses: 3,
    win_rate: 0.25,
    win_rate_low: 0.0456,
    win_rate_high: 0.6994,
    average_pnl_percent: -3.25,
    median_time_to_peak_seconds: 200,
  },
  not_bought: nothing,
  calibration: { signals: 0, bins: [], brier: null, brier_of_base_rate: null },
  nulls: { "not_bought.win_rate": "no result yet" },
};

const shown = (key: string) => {
  const figure = figures.find((it) => it.key === key);
  if (figure === undefined) throw new Error(key);
  const value = figure.read(card);
  return [value === null ? missing(figure, card) : figure.write(value), figure.more?.(card)];
};

test("figures say of how many they are, and how sure", () => {
  expect(shown("screened_rate")).toEqual(["50.0 %", "5 passed"]);
  expect(shown("made.win_rate")).toEqual(["25.0 %", "95 %: 4.6 % to 69.9 %"]);
  expect(shown("made.average_pnl_percent")).toEqual(["−3.3 %", "4 results"]);
  expect(shown("made.median_time_to_peak_seconds")[0]).toBe("3 min 20 s");
});

test("what does not exist says why", () => {
  expect(shown("not_bought.win_rate")).toEqual(["No result yet", null]);
});

test("a source has its card, and all together have theirs", () => {
  const all = { ...card, source: null };
  expect(cardOf([all, card], undefined)).toBe(all);
  expect(cardOf([all, card], "sse")).toBe(card);
  expect(cardOf([all, card], "gone")).toBeNull();
});

test("a score is worth something when it is wrong less often than a constant", () => {
  const { calibration } = card;
  expect(worthOf(calibration)).toBeNull();
  expect(worthOf({ ...calibration, brier: 0.2, brier_of_base_rate: 0.24 })).toBe("better");
  expect(worthOf({ ...calibration, brier: 0.3, brier_of_base_rate: 0.24 })).toBe("worse");
});
