/** What a wallet did with a signal, in words. Pure. */
import type { Decision, Evaluation, Skip } from "@/api/signals";
import { formatPercentChange } from "@/lib/format";
import { formatMeasure } from "@/lib/measure";
import { inWords, stepInWords } from "@/lib/reasons";

const MOST_TIMES = 3;

/** What the wallet bought first, then the newest. */
export function inOrder(decisions: Decision[]): Decision[] {
  const isBought = ({ verdict }: Decision) => verdict === "taken";
  return [...decisions.filter(isBought), ...decisions.filter((it) => !isBought(it))];
}

/** One line for a decision; `hasBought` where the wallet has, on this or another. */
export function decisionInWords(
  { verdict, reason, strategy }: Decision,
  hasBought: boolean,
): string {
  const by = strategy === null ? "" : ` on ${inWords(strategy)}`;
  if (verdict === "taken") return `Bought${by}`;
  if (verdict === "refused") return `Not bought${by}: ${inWords(reason) || "refused"}`;
  if (verdict === "failed" && hasBought) return "Watched no longer, for everybody";
  if (verdict === "failed") return `Ended for everybody: ${inWords(reason) || "failed"}`;
  return `Confirmed${by}, with nothing left to decide for you`;
}

/** One line for what was answered for everybody. */
export function evaluationInWords({ verdict, reason, strategy }: Evaluation): string {
  if (strategy === null) return inWords(reason) || inWords(verdict);
  const [met = "", conditions] = (reason ?? "").split(": ");
  const answer = met === "met" ? "said yes" : met === "not met" ? "said no" : inWords(reason);
  return `${inWords(strategy)} ${answer}${conditions ? `: ${conditions}` : ""}`;
}

export interface Measure {
  name: string;
  title: string;
  value: string;
  limit: string;
}

/** What was seen beside what it met. */
export function measuresOf({ numbers, limits, strategy }: Evaluation): Measure[] {
  const names = [...new Set([...Object.keys(numbers), ...Object.keys(limits)])];
  return names.map((name) => {
    const value = numbers[name] ?? null;
    const limit = limits[name] ?? null;
    // A strategy's own numbers keep the names of its conditions.
    const title = strategy !== null && name in numbers ? name.replaceAll("_", " ") : titleOf(name);
    return { name, title, value: formatMeasure(name, value), limit: formatMeasure(name, limit) };
  });
}

const titles: Record<string, string> = {
  candles: "Candles watched",
  score: "Sentiment score",
  mentions: "Mentions",
  sentiment_low: "Score needed",
  mentions_low: "Mentions needed",
};

function titleOf(name: string): string {
  return titles[name] ?? stepInWords(name);
}

/** At which times the wallet may have missed the signal, the first refusal first; none if it bought. */
export function timesOf(decisions: Decision[]): string[] {
  if (decisions.some(({ verdict }) => verdict === "taken")) return [];
  const missed = decisions.filter(({ verdict }) => verdict === "refused" || verdict === "failed");
  return [...new Set(missed.map(({ at }) => at))].sort().slice(0, MOST_TIMES);
}

function unpriced(note: string | null): string {
  const why = note ?? "no prices are recorded from then on";
  return `Nobody can tell: ${why}.`;
}

/** What buying would have come to. */
export function wouldHaveInWords({ would_have: seen }: Skip): string {
  if (seen.status === "unpriced") return unpriced(seen.note);
  const change = formatPercentChange(seen.pnl_percent);
  if (seen.status === "open") return `It would still be open, at ${change} now.`;
  return `It would have ended at ${change}: ${inWords(seen.exit_reason)}.`;
}
