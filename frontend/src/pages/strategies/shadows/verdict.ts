/** What a comparison says, in plain words. Pure. */
import type { Pair } from "@/api/wire";
import type { Tone } from "@/ui/badge";

const FEWEST_DAYS = 10;
const LONGEST_WAIT = 365;

export interface Words {
  tone: Tone;
  title: string;
  /** Why, or how long until it can be told. */
  more: string;
}

function count(number: number, noun: string): string {
  return `${number} more ${noun}${number === 1 ? "" : "s"}`;
}

/** Days until an interval of this width would leave zero out, if the difference stays as it is. */
export function daysToTell(days: number, difference: { value: number; low: number; high: number }) {
  const half = (difference.high - difference.low) / 2;
  const distance = Math.abs(difference.value);
  if (distance === 0) return null;
  const needed = Math.ceil(days * (half / distance) ** 2) - days;
  return needed > LONGEST_WAIT ? null : Math.max(1, needed);
}

function waiting({ days, daily_return_percent: daily }: Pair): string {
  if (days < FEWEST_DAYS || daily === null) {
    return `${count(Math.max(1, FEWEST_DAYS - days), "day")} are needed for a first answer`;
  }
  const needed = daysToTell(days, daily);
  return needed === null
    ? "No difference in sight: a year more would not tell them apart"
    : `About ${count(needed, "day")}, if the difference stays as it is`;
}

export function wordsOf(pair: Pair): Words {
  if (pair.verdict === "better") {
    return { tone: "up", title: "Better than yours", more: "The interval is above zero" };
  }
  if (pair.verdict === "worse") {
    return { tone: "down", title: "Worse than yours", more: "The interval is below zero" };
  }
  return {
    tone: "neutral",
    title: "Cannot tell yet",
    more: waiting(pair).replace("1 more day are", "1 more day is"),
  };
}
