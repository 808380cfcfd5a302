/** What is known about a signal before anything was decided on it, as steps. Pure. */
import type { Signal, Step } from "@/api/wire";

function step(name: Step["step"], what: string, value: number | null, failed = false): Step {
  return { step: name, name: what, value, limit: null, verdict: failed ? "failed" : "passed" };
}

export function stepsOf(signal: Signal): Step[] {
  const { reason, sentiment_score: score, mention_count: mentions } = signal;
  const steps = [step("signal", "unique_wallets", signal.unique_wallets)];
  if (score !== null) {
    steps.push(step("sentiment", "sentiment_score", score, reason === "sentiment_low"));
  }
  if (mentions !== null) {
    steps.push(step("sentiment", "mention_count", mentions, reason === "mentions_low"));
  }
  const isTold = steps.some(({ verdict }) => verdict === "failed");
  if (reason !== null && !isTold) steps.push(step("confirmation", reason, null, true));
  return steps;
}
