/** What a run is called and what it was about. Pure. */
import type { Run, RunKind } from "@/api/research";
import { inWords } from "@/lib/reasons";
import { cleanText } from "@/lib/text";
import { isRecord, type Json } from "./form/restore";

const listed = (value: unknown) => (Array.isArray(value) ? value : [value]).filter(isRecord);
const text = (value: unknown) => (typeof value === "string" ? value : "");

/** By their symbols once they were read, else as they were asked for. */
export function tokensOf(run: Pick<Run, "request" | "summary">): string[] {
  if (run.summary) return run.summary.tokens.map((symbol) => cleanText(symbol, 24));
  const asked = listed((run.request as Json).candles);
  return asked.map((one) => cleanText(text(one.symbol) || text(one.token) || "uploaded", 24));
}

export function strategiesOf(request: Json): string {
  const entries = listed(request.entry ?? { strategy: "sma_crossover" });
  return entries.map((entry) => inWords(text(entry.strategy) || "sma_crossover")).join(", ");
}

/** Its own name, else what it is about: `SMA crossover on BONK`. */
export function titleOf(run: Pick<Run, "name" | "request" | "summary">): string {
  if (run.name) return cleanText(run.name, 100);
  return `${strategiesOf(run.request as Json)} on ${tokensOf(run).join(", ") || "–"}`;
}

export const kindsInWords: Record<RunKind, string> = { backtest: "Backtest", sweep: "Sweep" };

/** A set of a sweep in short: `fast 10, stop loss 0.1`. */
export function setInWords(params: Json): string {
  return Object.entries(params)
    .map(([path, value]) => `${pathInWords(path)} ${valueInShort(value, path)}`)
    .join(", ");
}

/** `entry.fast` is fast, `exit.stop_loss` is stop loss. */
export function pathInWords(path: string): string {
  return path.replace(/^(entry|exit)\./, "").replaceAll("_", " ");
}

const percents = new Set(["exit.stop_loss", "exit.trailing_stop"]);

function tierInShort(tier: unknown): string {
  const [gain, portion] = Array.isArray(tier) ? tier.map(Number) : [];
  if (gain === undefined || portion === undefined) return "–";
  return `+${Number((100 * gain).toPrecision(6))} %: ${Number((100 * portion).toPrecision(6))} %`;
}

/** A value of a parameter; stops are shares, which people read in percent. */
export function valueInShort(value: unknown, path = ""): string {
  if (value === null || value === undefined) return "off";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.length ? value.map(tierInShort).join(", ") : "none";
  if (typeof value === "number" && percents.has(path)) {
    return `${Number((100 * value).toPrecision(4))} %`;
  }
  return typeof value === "number" ? String(Number(value.toPrecision(8))) : String(value);
}
