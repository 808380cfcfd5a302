/** The platform's short names, in words a trader uses. Unknown ones are shown readable, never hidden. */

import { own } from "./own";

const words: Record<string, string> = {
  // why a signal ended before anybody watched it
  sentiment_low: "Sentiment too low",
  mentions_low: "Too few mentions",
  sentiment_no_data: "Nobody talks about it yet",
  sentiment_unavailable: "Sentiment source did not answer",
  no_pool: "No pool to trade in",
  no_decimals: "Token details incomplete",
  directory_unavailable: "Token directory did not answer",
  internal_error: "Failed on our side; the log says why",
  expired: "Came too late to be screened",
  not_confirmed: "No strategy confirmed in time",
  superseded: "A newer signal took over",
  // which limit stood in the way of an entry
  kill_switch: "Trading is stopped for everybody",
  wallet_paused: "Wallet is paused",
  price_age: "Price too old",
  drawdown: "Drawdown limit reached",
  daily_loss: "Daily loss limit reached",
  stop_guard: "Pausing after several stops",
  loss_cooldown: "Cooling down after a loss",
  open_positions: "As many positions open as allowed",
  open_in_token: "Already holds this token",
  token_exposure: "Too much in this token",
  exposure: "Too much invested in all",
  min_spend: "Spend below the minimum",
  // why a trade or a part of it was sold
  stop_loss: "Stop loss",
  breakeven_stop: "Break-even stop",
  trailing_stop: "Trailing stop",
  max_holding: "Held as long as allowed",
  manual: "Closed by hand",
  reset: "Wallet reset",
  written_off: "Written off, no price",
  // strategies and phases
  sma_crossover: "SMA crossover",
  ma_crossover: "SMA crossover",
  breakout: "Breakout",
  INITIAL: "Initial stop",
  BREAKEVEN: "Break-even",
  TRAILING: "Trailing",
};

/** What a step of a decision looks at; the reasons above say what went wrong with it. */
const steps: Record<string, string> = {
  unique_wallets: "Wallets that bought",
  sentiment_score: "Sentiment score",
  mention_count: "Mentions",
  kill_switch: "Platform stopped",
  wallet_paused: "Wallet paused",
  price_age: "Age of the price",
  drawdown: "Drawdown",
  daily_loss: "Loss today",
  stop_guard: "Stops in a row",
  loss_cooldown: "Cool-down after a loss",
  open_positions: "Open positions",
  open_in_token: "Open in this token",
  token_exposure: "Share in this token",
  exposure: "Share invested",
  min_spend: "Spend",
  buy: "Bought, SOL",
};

/** `sma_crossover: fast > slow` keeps its condition as it was computed. */
export function stepInWords(name: string): string {
  const [first = "", ...rest] = name.split(": ");
  return [own(steps, first) ?? inWords(first), ...rest].join(": ");
}

export function inWords(code: string | null | undefined): string {
  if (!code) return "";
  const known = own(words, code);
  if (known !== undefined) return known;
  const tier = /^take_profit_(\d+)$/.exec(code);
  if (tier) return `Target ${tier[1]}`;
  const spaced = code.replaceAll("_", " ");
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
