import { expect, test } from "vitest";
import type { Signal } from "@/api/wire";
import { stepsOf } from "./steps-of";

const signal = (changes: Partial<Signal>): Signal => ({
  id: 3,
  token: { address: "A", symbol: "BONK" },
  source: "sse",
  triggered_at: "",
  received_at: "",
  unique_wallets: 4,
  status: "Screening",
  reason: null,
  sentiment_score: null,
  mention_count: null,
  screened_at: null,
  ended_at: null,
  evaluations: [],
  ...changes,
});
const verdicts = (changes: Partial<Signal>) =>
  stepsOf(signal(changes)).map(({ name, verdict }) => `${name} ${verdict}`);

test("a signal tells as much as is known", () => {
  expect(verdicts({})).toEqual(["unique_wallets passed"]);
  expect(verdicts({ sentiment_score: 41, mention_count: 2, reason: "sentiment_low" })).toEqual([
    "unique_wallets passed",
    "sentiment_score failed",
    "mention_count passed",
  ]);
  expect(verdicts({ reason: "no_pool" })).toEqual(["unique_wallets passed", "no_pool failed"]);
});
