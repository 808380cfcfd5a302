/**
 * A run while it is being set up: what stands in the fields, as text. Pure.
 *
 * A backtest and a sweep are one draft: who switches between them loses nothing. A backtest reads
 * the fixed text of each parameter, a sweep reads the text of the mode that was chosen.
 */
import { exitSpecs, limitSpecs, sizingSpecs } from "@/lib/settings/specs";

export type Kind = "backtest" | "sweep";
export type Mode = "fixed" | "list" | "range";

/** A parameter: one value, several, or from … to … in steps. Percentages as people write them. */
export interface Varied {
  mode: Mode;
  fixed: string;
  list: string;
  min: string;
  max: string;
  step: string;
}

export interface EntryDraft {
  strategy: string;
  template: string;
  params: Record<string, Varied>;
}

export type Costs = "none" | "jupiter" | "jupiter_new_token" | "own";
export type Method = "grid" | "random" | "optuna";
export type Objective =
  | "net_pnl"
  | "profit_factor"
  | "expectancy"
  | "sharpe"
  | "sortino"
  | "calmar"
  | "sqn"
  | "win_rate";

export interface Draft {
  kind: Kind;
  name: string;
  tokens: string[];
  timeframe: string;
  /** UTC days, both of them inside; empty: all there is. */
  from: string;
  to: string;
  entries: EntryDraft[];
  exit: Record<string, Varied>;
  money: Record<string, string>;
  risk: "off" | "standard" | "own";
  limits: Record<string, string>;
  costs: Costs;
  fees_bps: string;
  slippage_bps: string;
  decimals: string;
  price_path: "close" | "ohlc";
  method: Method;
  samples: string;
  seed: string;
  study: string;
  objective: Objective;
  out_of_sample: string;
  walk_forward: string;
}

export const TIERS = "take_profit";

export function varied(fixed = ""): Varied {
  return { mode: "fixed", fixed, list: "", min: "", max: "", step: "" };
}

const exitDefaults: Record<string, string> = {
  stop_loss: "15",
  trailing_stop: "20",
  breakeven_after_tier: "1",
  trailing_after_tier: "1",
  max_holding_candles: "",
};
const moneyDefaults: Record<string, string> = {
  initial_sol: "10",
  risk_per_trade: "2",
  min_spend_sol: "0.01",
  max_spend_sol: "",
  reserve_sol: "0",
};
const limitDefaults: Record<string, string> = {
  max_open_positions: "10",
  max_open_per_token: "1",
  max_token_exposure: "10",
  max_exposure: "50",
  max_daily_loss: "10",
  max_drawdown: "30",
  loss_cooldown_minutes: "30",
  stop_guard_count: "4",
  stop_guard_minutes: "60",
};

const pick = (names: string[], from: Record<string, string>) =>
  Object.fromEntries(names.map((name) => [name, from[name] ?? ""]));
const namesOf = (specs: { name: string }[]) => specs.map((spec) => spec.name);

export function newDraft(): Draft {
  const exit = namesOf(exitSpecs).map((name) => [name, varied(exitDefaults[name])]);
  return {
    kind: "backtest",
    name: "",
    tokens: [],
    timeframe: "",
    from: "",
    to: "",
    entries: [{ strategy: "sma_crossover", template: "", params: {} }],
    exit: { ...Object.fromEntries(exit), [TIERS]: varied("30:33; 75:33") },
    money: pick(["initial_sol", ...namesOf(sizingSpecs)], moneyDefaults),
    risk: "off",
    limits: pick(namesOf(limitSpecs), limitDefaults),
    costs: "jupiter",
    fees_bps: "0",
    slippage_bps: "0",
    decimals: "6",
    price_path: "close",
    method: "grid",
    samples: "200",
    seed: "0",
    study: "",
    objective: "net_pnl",
    out_of_sample: "30",
    walk_forward: "0",
  };
}

export type Change =
  | { type: "set"; values: Partial<Draft> }
  | { type: "token"; token: string; picked: boolean }
  | { type: "strategy"; index: number; strategy: string }
  | { type: "template"; index: number; template: string }
  | { type: "add-strategy"; strategy: string }
  | { type: "drop-strategy"; index: number }
  | { type: "param"; index: number; name: string; varied: Partial<Varied> }
  | { type: "exit"; name: string; varied: Partial<Varied> }
  | { type: "money"; name: string; text: string }
  | { type: "limit"; name: string; text: string }
  | { type: "restart" };

function entryAt(draft: Draft, index: number, change: (entry: EntryDraft) => EntryDraft): Draft {
  const entries = draft.entries.map((entry, at) => (at === index ? change(entry) : entry));
  return { ...draft, entries };
}

function withParam(draft: Draft, change: Extract<Change, { type: "param" }>): Draft {
  return entryAt(draft, change.index, (entry) => ({
    ...entry,
    params: {
      ...entry.params,
      [change.name]: { ...(entry.params[change.name] ?? varied()), ...change.varied },
    },
  }));
}

/** The draft after a change by the trader's hand. */
export function changed(draft: Draft, change: Change): Draft {
  switch (change.type) {
    case "set":
      return { ...draft, ...change.values };
    case "token": {
      const others = draft.tokens.filter((token) => token !== change.token);
      return { ...draft, tokens: change.picked ? [...others, change.token] : others };
    }
    case "strategy":
      // Values belong to a strategy: those of another would mean something else.
      return entryAt(draft, change.index, () => ({
        strategy: change.strategy,
        template: "",
        params: {},
      }));
    case "template":
      return entryAt(draft, change.index, (it) => ({
        ...it,
        template: change.template,
        params: {},
      }));
    case "add-strategy":
      return {
        ...draft,
        entries: [...draft.entries, { strategy: change.strategy, template: "", params: {} }],
      };
    case "drop-strategy":
      return { ...draft, entries: draft.entries.filter((_, at) => at !== change.index) };
    case "param":
      return withParam(draft, change);
    case "exit": {
      const before = draft.exit[change.name] ?? varied();
      return { ...draft, exit: { ...draft.exit, [change.name]: { ...before, ...change.varied } } };
    }
    case "money":
      return { ...draft, money: { ...draft.money, [change.name]: change.text } };
    case "limit":
      return { ...draft, limits: { ...draft.limits, [change.name]: change.text } };
    case "restart":
      return { ...newDraft(), kind: draft.kind };
  }
}
