/** Values for tests, as the platform would send them. */
import type { BotTrade, Candle, Position, Summary } from "./wire";

export const token = { address: "Bonk1111", symbol: "BONK" };
export const index = { address: "Index111", symbol: "INDEX" };

export function candle(time: number, close = 1): Candle {
  return { time, open: 1, high: Math.max(1, close), low: Math.min(1, close), close };
}

export function position(changes: Partial<Position> = {}): Position {
  return {
    trade_id: 7,
    token,
    strategy: "breakout",
    side: "LONG",
    tokens: 1_000,
    initial_tokens: 1_000,
    cost_basis: 0.25,
    sol_returned: 0,
    entry_price: 0.00025,
    entry_time: "2026-11-21T10:00:00.000Z",
    price: 0.0003,
    price_age_seconds: 0.5,
    price_state: "fresh",
    value: 0.3,
    unrealised_pnl: 0.05,
    unrealised_pnl_percent: 20,
    stop_loss_price: 0.0002125,
    stop_distance_percent: 29.2,
    next_tier: { price: 0.000325, portion: 0.33, taken: false },
    tiers: [
      { price: 0.000325, portion: 0.33, taken: false },
      { price: 0.0004375, portion: 0.33, taken: false },
    ],
    highest_price_seen: 0.0003,
    phase: "INITIAL",
    deadline: null,
    ...changes,
  };
}

export function summary(changes: Partial<Summary> = {}): Summary {
  return {
    token,
    status: "Monitoring",
    signal_id: 3,
    trade_id: null,
    at: "2026-11-21T10:00:00.000Z",
    pnl: null,
    sentiment_score: 78.5,
    mention_count: 14,
    reason: null,
    ...changes,
  };
}

export function botTrade(changes: Partial<BotTrade> = {}): BotTrade {
  return {
    time: 100,
    side: "BUY",
    price: 0.00025,
    sol_amount: 0.25,
    token_amount: 1_000,
    reason: "entry",
    ...changes,
  };
}
