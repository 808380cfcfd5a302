/** Strategies and defaults for tests, as the platform would send them. */
import type { Strategy } from "@/api/wire";
import type { Ground } from "./draft";

const breakout: Strategy = {
  name: "breakout",
  aliases: [],
  summary: "Buys a new high.",
  parameters: {
    properties: {
      window: {
        default: 20,
        description: "Candles before this one.",
        maximum: 500,
        minimum: 2,
        title: "Window",
        type: "integer",
      },
      max_atr: {
        default: 0.25,
        description: "Largest average true range, as a fraction of the close.",
        exclusiveMinimum: 0,
        maximum: 100,
        type: "number",
      },
    },
  },
  spellings: {},
  templates: { aggressive: { window: 10, max_atr: 0.5 } },
  lookback: 21,
};

const crossover: Strategy = {
  name: "sma_crossover",
  aliases: ["ma_crossover"],
  summary: "Buys a cross.",
  parameters: { properties: { fast: { default: 10, minimum: 1, maximum: 499, type: "integer" } } },
  spellings: { fast_ma: "fast" },
  templates: {},
  lookback: 31,
};

export const ground: Ground = {
  strategies: [breakout, crossover],
  standard: {
    entries: [
      { strategy: "sma_crossover", parameters: { fast: 10 } },
      { strategy: "breakout", parameters: { window: 20, max_atr: 0.25 } },
    ],
    exit: {
      stop_loss: 0.15,
      take_profit: [
        [0.3, 0.33],
        [0.75, 0.33],
      ],
      trailing_stop: 0.2,
      breakeven_after_tier: 1,
      trailing_after_tier: 1,
      max_holding_candles: null,
    },
    sizing: { risk_per_trade: 0.02, min_spend_sol: 0.01, reserve_sol: 0, max_spend_sol: null },
    limits: { max_open_positions: 10, max_drawdown: 0.3 },
  },
};
