/** What parts of the platform are called, and what it means for trades when one does not work. */
import type { Service } from "@/api/status";
import { formatNumber } from "@/lib/format";
import { formatDuration } from "@/lib/time";

interface Part {
  title: string;
  /** Trades are in danger without it. */
  isVital: boolean;
  /** What follows while it does not work. */
  means: string;
}

const STOPS = "Stops and targets of open positions are not checked until it runs again.";
const NO_EFFECT = "Trading goes on as before.";

const tasks: Record<string, Part> = {
  pulse: { title: "Measures lag and rates", isVital: false, means: NO_EFFECT },
  engine: {
    title: "Keeps the engine's lease",
    isVital: true,
    means: "Nothing is bought or sold until it runs again.",
  },
  "engine loop": {
    title: "Decides and writes",
    isVital: true,
    means: "Nothing is bought or sold until it runs again.",
  },
  listen: {
    title: "Listens to signals",
    isVital: true,
    means: "No new trades begin; open positions are watched as before.",
  },
  screen: {
    title: "Screens signals",
    isVital: true,
    means: "New signals wait, so no new trades begin; open positions are watched as before.",
  },
  name: {
    title: "Finds tokens that settings name",
    isVital: false,
    means: "Symbols that you name newly are not found yet.",
  },
  watch: { title: "Follows prices", isVital: true, means: STOPS },
  index: {
    title: "Follows the market index",
    isVital: false,
    means: "The chart shows no index; trading goes on as before.",
  },
  beat: {
    title: "Tells the engine the time",
    isVital: true,
    means: "Holding times and daily limits are judged late.",
  },
  compile: { title: "Makes exits fast", isVital: false, means: NO_EFFECT },
  backup: {
    title: "Backs the record up",
    isVital: false,
    means: "No new backups are made; trading goes on as before.",
  },
  audit: {
    title: "Proves the record every night",
    isVital: false,
    means: "Faults of the record are found late; trading goes on as before.",
  },
  replay: {
    title: "Runs closed trades again",
    isVital: false,
    means: "Closed trades are not checked for now; trading goes on as before.",
  },
  retention: {
    title: "Archives old prices",
    isVital: false,
    means: "The database grows until it runs again; trading goes on as before.",
  },
};

export function taskPart(name: string): Part {
  return tasks[name] ?? { title: name, isVital: false, means: NO_EFFECT };
}

export const serviceParts: Record<Service["name"], Part> = {
  signals: {
    title: "Signals",
    isVital: true,
    means: "No new trades begin; open positions are watched as before.",
  },
  candles: {
    title: "Prices and candles",
    isVital: true,
    means:
      "Stops and targets are not checked until prices come again, and nothing is bought at a price older than a minute.",
  },
  sentiment: {
    title: "Sentiment",
    isVital: false,
    means: "New signals fail without a score, so fewer trades begin; open positions are as before.",
  },
  tokens: {
    title: "Token directory",
    isVital: false,
    means:
      "Tokens that were not seen before fail, so fewer trades begin; open positions are as before.",
  },
};

const errors: Record<string, string> = {
  UnavailableError: "did not answer",
  RateLimitedError: "asked too often",
  RejectedError: "refused",
  BadPayloadError: "answered nonsense",
};

/** "3 did not answer, 1 refused"; null for none. */
export function errorsInWords(counts: Record<string, number>): string | null {
  const parts = Object.entries(counts).map(([kind, count]) => `${count} ${errors[kind] ?? kind}`);
  return parts.length === 0 ? null : parts.join(", ");
}

export function totalOf(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

const units = ["B", "kB", "MB", "GB", "TB"];

/** 210000000 is "210 MB". */
export function bytesInWords(bytes: number): string {
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1_000 ** step;
  return `${formatNumber(Number(value.toFixed(value < 10 && step > 0 ? 1 : 0)))} ${units[step]}`;
}

const SECOND = 1_000;

/** Two digits below ten seconds, "3.2 ms" and "1.3 s"; above as a length of time. */
export function formatDelay(milliseconds: number): string {
  if (milliseconds >= 10 * SECOND) return formatDuration(milliseconds);
  const rounded = Number(milliseconds.toPrecision(2));
  return rounded >= SECOND ? `${formatNumber(rounded / SECOND)} s` : `${formatNumber(rounded)} ms`;
}
