/** The frames of the server, as far as the dashboard understands them. */
import type {
  BotTrade,
  Candle,
  MarketTrade,
  Portfolio,
  Position,
  StrategyState,
  Summary,
  Token,
  Volume,
} from "./wire";

export type Frame =
  | { type: "AUTH_SUCCESS"; data: { wallet_address: string; seq: number } }
  | { type: "RESET"; data: { seq: number } }
  | { type: "TRADE_SUMMARY_UPDATE"; data: { summaries: Summary[] } }
  | { type: "NEW_TRADE_STARTING"; data: Starting }
  | { type: "UPDATE"; data: Update }
  | { type: "EVENT"; seq: number; data: StoredEvent }
  | { type: "ERROR"; data: { code: number; message: string } };

export interface StoredEvent {
  kind: string;
  trade_id: number | null;
}

export interface Starting {
  token_info: Token;
  candles: Candle[];
  volumes: Volume[];
  bot_trades: BotTrade[];
  strategy_state: StrategyState | null;
  portfolio: Portfolio | null;
}

export interface Update {
  /** Of which token; null: of the wallet as a whole. */
  token?: string | null;
  candle?: Candle;
  volume?: Volume;
  market_trade?: MarketTrade;
  portfolio?: Portfolio;
  strategy_state?: StrategyState | null;
  bot_trade?: BotTrade;
  position?: Position;
}

const known = new Set([
  "AUTH_SUCCESS",
  "RESET",
  "TRADE_SUMMARY_UPDATE",
  "NEW_TRADE_STARTING",
  "UPDATE",
  "EVENT",
  "ERROR",
]);

/** A frame of a newer platform may have a type that this dashboard does not know: null. */
export function readFrame(value: unknown): Frame | null {
  if (typeof value !== "object" || value === null) return null;
  if (!("type" in value) || !("data" in value)) return null;
  if (typeof value.type !== "string" || !known.has(value.type)) return null;
  return value as Frame;
}
