import { expect, test } from "vitest";
import type { Watch } from "@/api/watches";
import type { Signal, Step } from "@/api/wire";
import { cameSoFar, decidedOn, isInPlay, waitingFor } from "./reasoning";

const step = (name: string, verdict: Step["verdict"] = "passed"): Step => ({
  step: "sentiment",
  name,
  value: 1,
  limit: 2,
  verdict,
});
const signal: Signal = {
  id: 3,
  token: { address: "A", symbol: "BONK" },
  source: "sse",
  triggered_at: "",
  received_at: "then",
  unique_wallets: 4,
  status: "Screening",
  reason: null,
  sentiment_score: null,
  mention_count: null,
  screened_at: null,
  ended_at: null,
  evaluations: [],
  screening: [step("sentiment_score")],
};
const watch: Watch = {
  signal_id: 3,
  token: signal.token,
  since: "since",
  candles: 120,
  candles_left: 97,
  ends_at: "",
  refused: null,
  why: [step("breakout: close > highest", "failed")],
};
const names = ({ steps }: { steps: Step[] }) => steps.map(({ name }) => name);

test("a watched signal shows its screening, then what it waits for", () => {
  const found = waitingFor(watch, signal, null);
  expect(names(found)).toEqual(["sentiment_score", "breakout: close > highest"]);
  expect(found).toMatchObject({
    verdict: "Waiting until a strategy confirms",
    tone: "warn",
    watch,
  });
});

test("a confirmed one that a limit holds back shows the decision", () => {
  const why = [step("exposure")];
  const refused = { verdict: "refused" as const, reason: "exposure", why, at: "" };
  const found = waitingFor({ ...watch, refused: "exposure" }, signal, refused);
  expect(names(found)).toEqual(["exposure"]);
  expect(found.verdict).toBe("Confirmed, but: Too much invested in all");
});

test.each([
  ["taken", null, "Bought", "up"],
  ["refused", "loss_cooldown", "Not bought: Cooling down after a loss", "down"],
  ["failed", "sentiment_low", "Failed: Sentiment too low", "down"],
  ["skipped", null, "Confirmed for others; nothing new for this wallet", "down"],
] as const)("%s for %s: %s", (verdict, reason, words, tone) => {
  expect(decidedOn({ verdict, reason, why: [], at: "" })).toMatchObject({ verdict: words, tone });
});

test("one of which nothing was decided came as far as it came", () => {
  expect(cameSoFar(signal)).toMatchObject({ verdict: "Being screened", at: "then" });
  const failed: Signal = { ...signal, status: "Failed", reason: "no_pool" };
  expect(cameSoFar(failed)).toMatchObject({ verdict: "Failed: No pool to trade in", tone: "down" });
  expect(
    ["Screening", "Pending", "Active", "Failed"].map((it) => isInPlay(it as "Active")),
  ).toEqual([true, true, false, false]);
});
