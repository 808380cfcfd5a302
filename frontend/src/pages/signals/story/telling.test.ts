import { describe, expect, it, test } from "vitest";
import type { Decision, Evaluation, Skip } from "@/api/signals";
import {
  decisionInWords,
  evaluationInWords,
  inOrder,
  measuresOf,
  timesOf,
  wouldHaveInWords,
} from "./telling";

const decision = (changes: Partial<Decision>): Decision => ({
  evaluation_id: 1,
  trade_id: null,
  at: "2026-11-21T10:00:00.000Z",
  token: null,
  signal_id: 1,
  strategy: "breakout",
  verdict: "refused",
  reason: "exposure",
  why: [],
  ...changes,
});
const evaluation = (changes: Partial<Evaluation>): Evaluation => ({
  id: 1,
  at: "",
  strategy: "sma_crossover",
  verdict: "taken",
  reason: "met: fast > slow",
  parameters: {},
  numbers: {},
  limits: {},
  ...changes,
});

describe("a decision", () => {
  it("is one line", () => {
    expect(decisionInWords(decision({ verdict: "taken", reason: null }), true)).toBe(
      "Bought on Breakout",
    );
    expect(decisionInWords(decision({}), false)).toBe(
      "Not bought on Breakout: Too much invested in all",
    );
    const failed = decision({ verdict: "failed", reason: "superseded", strategy: null });
    expect(decisionInWords(failed, false)).toBe("Ended for everybody: A newer signal took over");
    expect(decisionInWords(decision({ verdict: "skipped", reason: null }), false)).toMatch(
      /^Confirmed/,
    );
  });

  it("that was taken comes first, and what ended later is no failure", () => {
    const failed = decision({ verdict: "failed", reason: "not_confirmed", strategy: null });
    const taken = decision({ verdict: "taken" });
    expect(inOrder([failed, taken])).toEqual([taken, failed]);
    expect(decisionInWords(failed, true)).toBe("Watched no longer, for everybody");
  });

  it("that was missed is looked for when it was made, the first one first", () => {
    const later = decision({ at: "2026-11-21T11:00:00.000Z" });
    expect(timesOf([later, decision({}), decision({ verdict: "skipped", at: "x" })])).toEqual([
      "2026-11-21T10:00:00.000Z",
      "2026-11-21T11:00:00.000Z",
    ]);
    expect(timesOf([later, decision({ verdict: "taken" })])).toEqual([]);
  });
});

test("an answer for everybody names who gave it", () => {
  expect(evaluationInWords(evaluation({}))).toBe("SMA crossover said yes: fast > slow");
  const late = evaluation({ strategy: null, reason: "not_confirmed", verdict: "failed" });
  expect(evaluationInWords(late)).toBe("No strategy confirmed in time");
});

test("every value stands beside its limit", () => {
  const measures = measuresOf(
    evaluation({
      strategy: null,
      numbers: { candles: 120, score: null },
      limits: { candles: 120 },
    }),
  );
  expect(measures).toEqual([
    { name: "candles", title: "Candles watched", value: "120", limit: "120" },
    { name: "score", title: "Sentiment score", value: "", limit: "" },
  ]);
});

test("what was missed has an end, stands open, or is not known", () => {
  const skip = (would_have: Partial<Skip["would_have"]>) => ({ would_have }) as Skip;
  expect(
    wouldHaveInWords(skip({ status: "closed", pnl_percent: -15, exit_reason: "stop_loss" })),
  ).toBe("It would have ended at −15.0 %: Stop loss.");
  expect(wouldHaveInWords(skip({ status: "open", pnl_percent: 4 }))).toContain("+4.0 %");
  expect(wouldHaveInWords(skip({ status: "unpriced", note: "no prices" }))).toBe(
    "Nobody can tell: no prices.",
  );
});
