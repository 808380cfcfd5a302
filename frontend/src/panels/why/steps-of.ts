/** What is known about a signal that no wallet decided on, as steps. Pure. */
import type { Signal, Step } from "@/api/wire";

const sentimentReasons = new Set([
  "sentiment_low",
  "mentions_low",
  "sentiment_no_data",
  "sentiment_unavailable",
]);

function limitOf(signal: Signal, name: string): number | null {
  return signal.evaluations.find((it) => it.limits[name] != null)?.limits[name] ?? null;
}

export function stepsOf(signal: Signal): Step[] {
  const { reason } = signal;
  const steps: Step[] = [
    {
      step: "signal",
      name: "wallets",
      value: signal.unique_wallets,
      limit: null,
      verdict: "passed",
    },
  ];
  if (signal.sentiment_score !== null) {
    steps.push({
      step: "sentiment",
      name: "score",
      value: signal.sentiment_score,
      limit: limitOf(signal, "sentiment_score"),
      verdict: reason === "sentiment_low" ? "failed" : "passed",
    });
  }
  if (signal.mention_count !== null) {
    steps.push({
      step: "sentiment",
      name: "mentions",
      value: signal.mention_count,
      limit: limitOf(signal, "mention_count"),
      verdict: reason === "mentions_low" ? "failed" : "passed",
    });
  }
  const isTold = steps.some((step) => step.verdict === "failed");
  if (reason !== null && !isTold) {
    const step = sentimentReasons.has(reason) ? "sentiment" : "confirmation";
    steps.push({ step, name: reason, value: null, limit: null, verdict: "failed" });
  }
  return steps;
}
