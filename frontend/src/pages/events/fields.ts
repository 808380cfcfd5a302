/** What an event holds, as a tidy list: a name and a value in its unit. Pure. */
import {
  exactSol,
  formatNumber,
  formatPercentChange,
  formatPrice,
  isKnown,
  shortAddress,
  UNKNOWN,
} from "@/lib/format";
import { inWords } from "@/lib/reasons";
import { cleanText } from "@/lib/text";
import { formatFull } from "@/lib/time";

export interface EventField {
  name: string;
  title: string;
  value: string;
  /** To copy: an address. */
  copy?: string;
  /** Another page or a drawer tells more of it. */
  link?: { to: "signal" | "trade"; id: number };
}

const titles: Record<string, string> = {
  wallet_address: "Wallet",
  initial_sol_balance: "Starting balance",
  trade_id: "Trade",
  signal_id: "Signal",
  token: "Token",
  strategy: "Strategy",
  reason: "Reason",
  price: "Price, SOL",
  token_amount: "Tokens",
  tokens_left: "Tokens left",
  sol_amount: "Amount",
  fee_sol: "Fee",
  stop_loss_price: "Stop at, SOL",
  pnl_sol: "Profit or loss",
  pnl_percent: "Of the cost",
  symbol: "For",
  version: "Version",
  differences: "Differences",
  fields: "Where",
  faults: "Faults",
  chain_ok: "Events follow",
  closed: "Trades closed",
  written_off: "Of them for nothing",
  deposit_sol: "Given or taken",
};

/** `TradeOpened` is "Trade opened", `fee_sol` is "Fee sol". */
export function humanised(name: string): string {
  const words = cleanText(name, 60)
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .replaceAll(/[_-]+/g, " ")
    .toLowerCase()
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const ISO = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;
const ADDRESS = /^[1-9A-HJ-NP-Za-km-z]{32,44}$/;
const CODES = new Set(["reason", "strategy", "phase"]);
const LONGEST = 300;

function numberInWords(name: string, value: number): string {
  if (name.startsWith("pnl_") && name.endsWith("_sol")) {
    return `${value > 0 ? "+" : ""}${exactSol(value)}`;
  }
  if (name.endsWith("_percent")) return formatPercentChange(value);
  if (name.endsWith("_sol") || name.startsWith("sol_") || name.endsWith("_balance")) {
    return exactSol(value);
  }
  if (name === "price" || name.endsWith("_price")) return formatPrice(value, 6);
  return formatNumber(value);
}

function textInWords(name: string, value: string): string {
  if (CODES.has(name)) return inWords(cleanText(value, 80));
  if (name === "symbol" && value === "*") return "Every token";
  return ISO.test(value) ? formatFull(Date.parse(value)) : cleanText(value, LONGEST) || UNKNOWN;
}

function inText(name: string, value: unknown): string {
  if (isKnown(value as number)) return numberInWords(name, value as number);
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (typeof value === "string") return textInWords(name, value);
  if (Array.isArray(value)) return value.map((it) => inText(name, it)).join(", ") || "None";
  return UNKNOWN;
}

function linkOf(name: string, value: unknown): EventField["link"] {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) return undefined;
  if (name === "trade_id") return { to: "trade", id: value };
  return name === "signal_id" ? { to: "signal", id: value } : undefined;
}

function isToken(value: unknown): value is { address: string; symbol: string | null } {
  return typeof value === "object" && value !== null && "address" in value && "symbol" in value;
}

function fieldOf(path: string, name: string, value: unknown): EventField[] {
  const title = titles[path] ?? humanised(path);
  if (isToken(value)) {
    const { address, symbol } = value;
    const short = shortAddress(address);
    const shown = symbol === null ? short : `${cleanText(symbol, 24)}, ${short}`;
    return [{ name: path, title, value: shown, copy: address }];
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, it]) => fieldOf(`${path} ${key}`, key, it));
  }
  const copy = typeof value === "string" && ADDRESS.test(value) ? value : undefined;
  return [{ name: path, title, value: inText(name, value), copy, link: linkOf(name, value) }];
}

/** Everything that the data of an event holds, but its kind, which stands above. */
export function fieldsOf(data: object): EventField[] {
  return Object.entries(data)
    .filter(([name]) => name !== "kind")
    .flatMap(([name, value]) => fieldOf(name, name, value));
}
