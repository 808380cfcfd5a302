/** What a file's name says of its candles: `BONK-SOL_5m.parquet`. Pure. */
import { type Timeframe, timeframes } from "@/api/history";

export interface Guess {
  token: string;
  timeframe: Timeframe | null;
}

export function guessOf(fileName: string): Guess {
  const stem = fileName.replace(/\.[^.]*$/, "");
  const found = timeframes.find((it) => new RegExp(`(^|[^a-z0-9])${it}$`, "i").test(stem));
  const token = found === undefined ? stem : stem.slice(0, -found.length);
  return {
    token: token
      .replace(/[^A-Za-z0-9.-]+$/, "")
      .replace(/[^A-Za-z0-9._-]+/g, "-")
      .slice(0, 64),
    timeframe: found ?? null,
  };
}

const named: Record<string, string> = {
  time: "time",
  open: "open",
  high: "high",
  low: "low",
  close: "close",
  volume: "volume",
};

/** A row that is no candle: `/17/close` is row 17, close. */
export function placeOf(pointer: string): string {
  const [, row = "", column = ""] = pointer.split("/");
  if (!/^\d+$/.test(row)) return pointer.replace(/^\//, "") || "The file";
  return `Row ${row}, ${named[column] ?? column}`;
}
