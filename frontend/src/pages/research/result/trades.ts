/** Trades of a backtest: numbered, summed up by what they have in common, and as CSV. Pure. */
import type { RunTrade } from "@/api/research";
import { inWords } from "@/lib/reasons";
import { cleanText } from "@/lib/text";
import { parseTime } from "@/lib/time";

export interface NumberedTrade extends RunTrade {
  /** From 1, in the order of entries. */
  number: number;
}

export function numbered(trades: RunTrade[]): NumberedTrade[] {
  const sorted = [...trades].sort((one, other) => one.entry_time.localeCompare(other.entry_time));
  return sorted.map((trade, index) => ({ ...trade, number: index + 1 }));
}

export function symbolOf({ token }: Pick<RunTrade, "token">): string {
  return cleanText(token.symbol ?? token.address, 24);
}

/** Milliseconds from the entry to the exit; null while it is open. */
export function heldOf({ entry_time, exit_time }: RunTrade): number | null {
  return exit_time === null ? null : parseTime(exit_time) - parseTime(entry_time);
}

export interface Group {
  key: string;
  label: string;
  trades: number;
  wins: number;
  pnl: number;
}

export type Grouping = "exit_reason" | "token" | "strategy" | "weekday" | "hour";

const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** A key that sorts, and its words; weekdays and hours in UTC, by the exit. */
function placeOf(trade: RunTrade, by: Grouping): [string, string] {
  const ended = new Date(trade.exit_time ?? 0);
  switch (by) {
    case "exit_reason":
      return [trade.exit_reason ?? "", inWords(trade.exit_reason)];
    case "token":
      return [trade.token.address, symbolOf(trade)];
    case "strategy":
      return [trade.strategy, inWords(trade.strategy)];
    case "weekday": {
      const day = (ended.getUTCDay() + 6) % 7;
      return [String(day), weekdays[day] ?? ""];
    }
    case "hour": {
      const hour = String(ended.getUTCHours()).padStart(2, "0");
      return [hour, `${hour}:00`];
    }
  }
}

const isOfTime = (by: Grouping) => by === "weekday" || by === "hour";

/** Finished trades by what they have in common: times in their order, the rest by its P&L. */
export function groupsOf(trades: RunTrade[], by: Grouping): Group[] {
  const groups = new Map<string, Group>();
  for (const trade of trades) {
    if (trade.pnl_sol === null || trade.exit_time === null) continue;
    const [key, label] = placeOf(trade, by);
    const group = groups.get(key) ?? { key, label, trades: 0, wins: 0, pnl: 0 };
    group.trades += 1;
    group.wins += Number(trade.pnl_sol > 0);
    group.pnl += trade.pnl_sol;
    groups.set(key, group);
  }
  const all = [...groups.values()];
  if (isOfTime(by)) return all.sort((one, other) => one.key.localeCompare(other.key));
  return all.sort((one, other) => other.pnl - one.pnl);
}

const columns: [string, (trade: NumberedTrade) => string | number | null][] = [
  ["number", (it) => it.number],
  ["token", (it) => it.token.address],
  ["symbol", (it) => it.token.symbol ?? null],
  ["strategy", (it) => it.strategy],
  ["entry_time", (it) => it.entry_time],
  ["entry_price", (it) => it.entry_price],
  ["quantity", (it) => it.quantity],
  ["sol_invested", (it) => it.sol_invested],
  ["fee_sol", (it) => it.fee_sol],
  ["exit_time", (it) => it.exit_time],
  ["exit_price", (it) => it.exit_price],
  ["exit_reason", (it) => it.exit_reason],
  ["pnl_sol", (it) => it.pnl_sol],
  ["pnl_percent", (it) => it.pnl_percent],
  ["sales", (it) => it.fills.length],
  ["open_quantity", (it) => it.open_quantity],
  ["open_value_sol", (it) => it.open_value_sol],
];

/** A spreadsheet must not take a name for a formula. */
function cellOf(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csvOf(trades: NumberedTrade[]): string {
  const head = columns.map(([name]) => name).join(",");
  const rows = trades.map((trade) => columns.map(([, read]) => cellOf(read(trade))).join(","));
  return `${[head, ...rows].join("\r\n")}\r\n`;
}
