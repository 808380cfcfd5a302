/** What is to be said of a signal or a trade: how it stands, and the steps to it. Pure. */
import type { Watch } from "@/api/watches";
import type { Signal, Step, SummaryStatus } from "@/api/wire";
import { own } from "@/lib/own";
import { inWords } from "@/lib/reasons";

export interface Reasoning {
  /** One sentence above the steps. */
  verdict: string;
  tone: "up" | "down" | "warn" | "neutral";
  steps: Step[];
  /** Unix ISO time of what was decided last. */
  at: string | null;
  /** It is still waited for: a condition that does not hold may do so later. */
  watch: Watch | null;
}

interface Decided {
  verdict: "taken" | "refused" | "failed" | "skipped";
  reason: string | null;
  why: Step[];
  at: string;
}

/** A signal still in play: its screening, then each condition as it stands now. */
export function waitingFor(
  watch: Watch,
  signal: Signal | null,
  decided: Decided | null,
): Reasoning {
  const isRefused = watch.refused !== null && decided?.verdict === "refused";
  return {
    verdict: isRefused
      ? `Confirmed, but: ${inWords(watch.refused)}`
      : "Waiting until a strategy confirms",
    tone: "warn",
    steps: isRefused ? decided.why : [...(signal?.screening ?? []), ...watch.why],
    at: isRefused ? decided.at : watch.since,
    watch,
  };
}

/** What a wallet decided, or why there was nothing to decide. */
export function decidedOn({ verdict, reason, why, at }: Decided): Reasoning {
  if (verdict === "taken") return { verdict: "Bought", tone: "up", steps: why, at, watch: null };
  const words = {
    refused: `Not bought: ${inWords(reason)}`,
    failed: `Failed: ${inWords(reason)}`,
    skipped: "Confirmed for others; nothing new for this wallet",
  }[verdict];
  return { verdict: words, tone: "down", steps: why, at, watch: null };
}

const stands: Record<string, Pick<Reasoning, "verdict" | "tone">> = {
  Screening: { verdict: "Being screened", tone: "warn" },
  Monitoring: { verdict: "Waiting until a strategy confirms", tone: "warn" },
  Finished: { verdict: "Finished", tone: "neutral" },
};

/** A signal of which nothing is decided: as far as it came. */
export function cameSoFar(signal: Signal): Reasoning {
  const stand = own(stands, signal.status) ?? {
    verdict: signal.reason === null ? signal.status : `Failed: ${inWords(signal.reason)}`,
    tone: "down" as const,
  };
  return { ...stand, steps: signal.screening, at: signal.received_at, watch: null };
}

/** States in which a signal still goes on. */
export function isInPlay(status: SummaryStatus | null): boolean {
  return status === "Screening" || status === "Monitoring" || status === "Pending";
}
