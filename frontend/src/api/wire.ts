/** What the platform sends, under the names the dashboard uses. */

export interface Token {
  address: string;
  symbol: string | null;
}

export interface Candle {
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
}

export interface Volume {
  time: number;
  value: number;
  color: string;
}

export interface Candles {
  token: Token;
  timeframe: string;
  candles: Candle[];
  volumes: Volume[];
}

export interface MarketTrade {
  time: number;
  side: "BUY" | "SELL";
  price: number;
  sol_amount: number;
  token_amount: number;
}

export interface BotTrade extends MarketTrade {
  reason: string;
}

export interface Tier {
  price: number;
  portion: number;
  taken: boolean;
}

export interface StrategyState {
  trade_id: number;
  entry_price: number;
  stop_loss_price: number;
  take_profit_tiers: Tier[];
  highest_price_seen: number;
  phase: string;
}

export interface Portfolio {
  sol_balance: number;
  total_value: number;
  trade_pnl: number;
  overall_pnl: number;
  positions: Record<string, { tokens: number; cost_basis: number }>;
}

export interface Position {
  trade_id: number;
  token: Token;
  strategy: string;
  tokens: number;
  initial_tokens: number;
  cost_basis: number;
  sol_returned: number;
  entry_price: number;
  entry_time: string;
  price: number;
  price_age_seconds: number;
  value: number;
  unrealised_pnl: number;
  unrealised_pnl_percent: number;
  stop_loss_price: number;
  stop_distance_percent: number;
  next_tier: Tier | null;
  tiers: Tier[];
  highest_price_seen: number;
  phase: string;
  deadline: string | null;
}

export type SummaryStatus =
  | "Screening"
  | "Pending"
  | "Monitoring"
  | "Active"
  | "Finished"
  | "Failed";

export interface Summary {
  token: Token;
  status: SummaryStatus;
  signal_id: number | null;
  trade_id: number | null;
  at: string;
  pnl: number | null;
  sentiment_score: number | null;
  mention_count: number | null;
  reason: string | null;
}

export interface Wallet {
  wallet_address: string;
  created_at: string;
  initial_sol_balance: number;
  sol_balance: number;
  total_value: number;
  overall_pnl: number;
  trade_pnl: number;
  paused: boolean;
  pause_reason: string | null;
}

export interface Registered {
  wallet_address: string;
  initial_sol_balance: number;
  secret_key: string;
}

export interface Challenge {
  wallet_address: string;
  message: string;
}

export interface Trade {
  id: number;
  token: Token;
  strategy: string;
  source: string;
  signal_id: number | null;
  status: "active" | "finished" | "failed";
  entry_time: string;
  entry_price: number;
  quantity: number;
  sol_invested: number;
  exit_time: string | null;
  exit_price: number | null;
  sol_returned: number;
  pnl_sol: number | null;
  pnl_percent: number | null;
  exit_reason: string | null;
  stop_loss_price: number;
  highest_price_seen: number;
  initial_sentiment_score: number | null;
  initial_mention_count: number | null;
}

export interface Fill {
  id: number;
  side: "BUY" | "SELL";
  time: string;
  price: number;
  token_amount: number;
  sol_amount: number;
  fee_sol: number;
  reason: string;
}

export interface Step {
  step: "signal" | "sentiment" | "confirmation" | "risk" | "order";
  name: string;
  value: number | string | null;
  limit: number | null;
  verdict: "passed" | "failed" | "skipped";
}

export interface TradeDetail extends Trade {
  fills: Fill[];
  why: Step[];
}

export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}

export interface Snapshot {
  timestamp: string;
  sol_balance: number;
  total_value: number;
  overall_pnl: number;
  drawdown_percent: number;
}

export interface Signal {
  id: number;
  token: Token;
  source: string;
  triggered_at: string;
  received_at: string;
  unique_wallets: number;
  status: string;
  reason: string | null;
  sentiment_score: number | null;
  mention_count: number | null;
  screened_at: string | null;
  ended_at: string | null;
}

export interface Decision {
  evaluation_id: number;
  trade_id: number | null;
  at: string;
  token: Token | null;
  signal_id: number | null;
  strategy: string | null;
  verdict: string;
  reason: string | null;
  why: Step[];
}

export interface Measures {
  trades: number;
  open_trades: number;
  wins: number;
  losses: number;
  draws: number;
  win_rate: number | null;
  net_pnl_sol: number;
  profit_factor: number | null;
  expectancy_sol: number | null;
  expectancy_ratio: number | null;
  average_win_sol: number | null;
  average_loss_sol: number | null;
  best_sol: number | null;
  worst_sol: number | null;
  sqn: number | null;
  volume_sol: number;
  average_size_sol: number | null;
  longest_wins: number;
  longest_losses: number;
  median_holding_seconds: number | null;
}

export interface Overall extends Measures {
  days: number;
  total_return_percent: number | null;
  exposure: number | null;
  max_drawdown_percent: number | null;
  sharpe: number | null;
  sortino: number | null;
  cagr_percent: number | null;
  calmar: number | null;
  annualised_reliable: boolean;
  intervals: Record<string, { low: number; high: number }>;
}

export interface TokenGroup extends Measures {
  key: string | null;
  symbol: string;
}
