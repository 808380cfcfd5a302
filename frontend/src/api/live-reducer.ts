/** What each frame does to the live state. Pure: frames in, state out. */
import { own } from "@/lib/own";
import { forgetOldTokens } from "./forgetting";
import { addTransaction, type LiveState, nothingYet } from "./live-state";
import { grow, replace } from "./series";
import type { BotTrade, Frame, FrameData, Position } from "./wire";

const MOST_FILLS = 500;
const MILLISECONDS = 1_000;

function same(one: BotTrade, other: BotTrade): boolean {
  return (
    one.time === other.time &&
    one.side === other.side &&
    one.reason === other.reason &&
    one.token_amount === other.token_amount
  );
}

/** An own fill stands on the chart and in the feed. It can come twice: with its trade and alone. */
function ownFill(state: LiveState, address: string, fill: BotTrade): LiveState {
  const before = own(state.fills, address) ?? [];
  if (before.some((it) => same(it, fill))) return state;
  const after = [...before, fill].sort((one, other) => one.time - other.time).slice(-MOST_FILLS);
  const next = { ...state, fills: { ...state.fills, [address]: after } };
  return addTransaction(next, address, fill, fill.reason);
}

function without<Value>(record: Record<number, Value>, key: number): Record<number, Value> {
  const { [key]: _, ...rest } = record;
  return rest;
}

function withoutPosition(state: LiveState, id: number): LiveState {
  return {
    ...state,
    positions: without(state.positions, id),
    pricedAt: without(state.pricedAt, id),
  };
}

function withPosition(state: LiveState, position: Position, heardAt: number): LiveState {
  const id = position.trade_id;
  if (position.tokens <= 0) return withoutPosition(state, id);
  const pricedAt = heardAt - position.price_age_seconds * MILLISECONDS;
  return {
    ...state,
    positions: { ...state.positions, [id]: position },
    pricedAt: { ...state.pricedAt, [id]: pricedAt },
  };
}

/** Takes over positions as they were fetched; from there on frames move them. */
export function adopt(state: LiveState, positions: Position[], heardAt: number): LiveState {
  const empty = { ...state, positions: {}, pricedAt: {} };
  return positions.reduce((next, position) => withPosition(next, position, heardAt), empty);
}

function starting(state: LiveState, data: FrameData<"NEW_TRADE_STARTING">): LiveState {
  const { address } = data.token_info;
  const strategy = data.strategy_state;
  const series = replace(own(state.series, address), data.candles, data.volumes);
  const next: LiveState = {
    ...state,
    stage: data.token_info,
    series: { ...state.series, [address]: series },
    strategy: strategy ? { ...state.strategy, [address]: strategy } : state.strategy,
    portfolio: data.portfolio,
  };
  return forgetOldTokens(data.bot_trades.reduce((it, fill) => ownFill(it, address, fill), next));
}

function market(state: LiveState, address: string, data: FrameData<"UPDATE">): LiveState {
  let next = state;
  if (data.candle || data.volume) {
    const grown = grow(
      own(next.series, address),
      data.candle ?? undefined,
      data.volume ?? undefined,
    );
    next = { ...next, series: { ...next.series, [address]: grown } };
  }
  if (data.market_trade) next = addTransaction(next, address, data.market_trade, null);
  if (data.bot_trade) next = ownFill(next, address, data.bot_trade);
  if (data.strategy_state) {
    next = { ...next, strategy: { ...next.strategy, [address]: data.strategy_state } };
  }
  return data.position === null ? nothingHeld(next, address) : next;
}

/** The token is no longer held: said with `position: null`. */
function nothingHeld(state: LiveState, address: string): LiveState {
  const gone = Object.values(state.positions).filter((it) => it.token.address === address);
  const { [address]: _, ...strategy } = state.strategy;
  return gone.reduce((next, it) => withoutPosition(next, it.trade_id), { ...state, strategy });
}

function updated(state: LiveState, data: FrameData<"UPDATE">, heardAt: number): LiveState {
  let next = data.token ? market(state, data.token, data) : state;
  if (data.portfolio) next = { ...next, portfolio: data.portfolio };
  if (data.position) next = withPosition(next, data.position, heardAt);
  return next;
}

function closed(state: LiveState, trade: number): LiveState {
  const strategy = Object.entries(state.strategy).filter(([, it]) => it.trade_id !== trade);
  return { ...withoutPosition(state, trade), strategy: Object.fromEntries(strategy) };
}

/** Events have one order: what is not newer than the last was here already. */
function event(state: LiveState, seq: number, data: FrameData<"EVENT">): LiveState {
  if (state.seq !== null && seq <= state.seq) return state;
  const told = [...state.told, data];
  const next = { ...state, seq, lastEvent: { kind: data.kind, seq }, told };
  const ended = data.kind === "TradeClosed" ? data.trade_id : null;
  return ended === null ? next : closed(next, ended);
}

/** Folds one frame in; `heardAt` is when it arrived, Unix milliseconds. */
export function reduce(state: LiveState, frame: Frame, heardAt: number): LiveState {
  switch (frame.type) {
    case "AUTH_SUCCESS":
      // On a resumed connection the missed events follow: newer than ours, older than this seq.
      return { ...state, epoch: state.epoch + 1, seq: state.seq ?? frame.data.seq };
    case "RESET":
      return {
        ...nothingYet,
        seq: frame.data.seq,
        epoch: state.epoch + 1,
        resets: state.resets + 1,
        watched: state.watched,
      };
    case "TRADE_SUMMARY_UPDATE":
      return { ...state, summaries: frame.data.summaries };
    case "NEW_TRADE_STARTING":
      return starting(state, frame.data);
    case "UPDATE":
      return updated(state, frame.data, heardAt);
    case "EVENT":
      return event(state, frame.seq, frame.data);
    default:
      return state;
  }
}
