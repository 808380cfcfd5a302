/** What can be chosen in a run, each with a sentence about it. */
import type { Costs, Draft, Method, Objective } from "./draft";

interface Choice<Value extends string> {
  value: Value;
  title: string;
  about: string;
}

export const costChoices: Choice<Costs>[] = [
  {
    value: "jupiter",
    title: "Jupiter",
    about: "0.1 % fee and 0.5 % slippage a swap, and 0.00005 SOL for the network.",
  },
  {
    value: "jupiter_new_token",
    title: "Jupiter, new token",
    about:
      "For tokens younger than a day: 0.5 % fee, 1 % slippage, the network, and 0.0015 SOL rent of a token account.",
  },
  {
    value: "own",
    title: "Own",
    about: "Fee and slippage of each swap in hundredths of a percent.",
  },
  {
    value: "none",
    title: "None",
    about: "Swaps cost nothing. Real ones do: what earns here can lose live.",
  },
];

export const pathChoices: Choice<Draft["price_path"]>[] = [
  {
    value: "close",
    title: "Closes",
    about:
      "Trading sees one price a candle, its close. Stops and targets between two closes are not seen.",
  },
  {
    value: "ohlc",
    title: "Open, low, high, close",
    about:
      "Trading sees four prices a candle, the low before the high: where the order is not known, it counts against the trade.",
  },
];

export const riskChoices: Choice<Draft["risk"]>[] = [
  { value: "off", title: "Off", about: "Only the size of a trade and the free balance decide." },
  {
    value: "standard",
    title: "Standard",
    about:
      "The platform's own limits, as a live wallet has them: 10 open trades, 10 % in a token, a daily loss of 10 %.",
  },
  { value: "own", title: "Own", about: "Limits of your own." },
];

export const methodChoices: Choice<Method>[] = [
  { value: "grid", title: "Grid", about: "Tries every combination." },
  {
    value: "random",
    title: "Random",
    about: "Tries so many combinations, drawn at random; ranges need no step.",
  },
  {
    value: "optuna",
    title: "Optuna",
    about:
      "Chooses each next combination by what the ones before gave. A named study can be gone on with.",
  },
];

export const objectives: Record<Objective, string> = {
  net_pnl: "Net P&L",
  profit_factor: "Profit factor",
  expectancy: "Expectancy",
  sharpe: "Sharpe",
  sortino: "Sortino",
  calmar: "Calmar",
  sqn: "SQN",
  win_rate: "Win rate",
};
