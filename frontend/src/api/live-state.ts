/** What the WebSocket told so far, as one value. */
import { own } from "@/lib/own";
import type {
  BotTrade,
  Candle,
  MarketTrade,
  Portfolio,
  Position,
  StoredEvent,
  StrategyState,
  Summary,
  Token,
  Volume,
} from "./wire";

/** A chart's candles. A new revision replaces all of them; otherwise only the end has moved. */
export interface Series {
  revision: number;
  candles: Candle[];
  volumes: Volume[];
}

/** A transaction in the feed. */
export interface Transaction extends MarketTrade {
  key: number;
  /** The reason of an own fill; null for a trade of somebody else. */
  own: string | null;
}

export interface LiveState {
  /** The last stored event seen; null before the first sign-in. */
  seq: number | null;
  /** Counts sign-ins: market data of the time between two of them has to be fetched. */
  epoch: number;
  /** Counts sign-ins that could not resume: whatever was fetched before is stale. */
  resets: number;
  lastEvent: { kind: string; seq: number } | null;
  /** The stored events among the frames that were folded in last, the newest last. */
  told: StoredEvent[];
  summaries: Summary[] | null;
  portfolio: Portfolio | null;
  positions: Record<number, Position>;
  /** When each position's price was heard, Unix milliseconds. */
  pricedAt: Record<number, number>;
  /** What the platform shows: the token of the newest trade, or the market index. */
  stage: Token | null;
  /** Tokens that somebody asked for, once for each who did. */
  watched: string[];
  /** By the token's address, as are the next three. */
  series: Record<string, Series>;
  strategy: Record<string, StrategyState>;
  fills: Record<string, BotTrade[]>;
  /** The newest first. */
  feed: Record<string, Transaction[]>;
  /** Numbers the transactions. */
  counter: number;
}

export const nothingYet: LiveState = {
  seq: null,
  epoch: 0,
  resets: 0,
  lastEvent: null,
  told: [],
  summaries: null,
  portfolio: null,
  positions: {},
  pricedAt: {},
  stage: null,
  watched: [],
  series: {},
  strategy: {},
  fills: {},
  feed: {},
  counter: 0,
};

const LONGEST_FEED = 60;

function isSame(one: MarketTrade, other: MarketTrade): boolean {
  return (
    one.time === other.time &&
    one.side === other.side &&
    one.token_amount === other.token_amount &&
    one.sol_amount === other.sol_amount
  );
}

/** Adds a transaction where its time belongs; one that is there already is left out. */
export function addTransaction(
  state: LiveState,
  token: string,
  trade: MarketTrade,
  reason: string | null,
): LiveState {
  const before = own(state.feed, token) ?? [];
  const oldest = before.length < LONGEST_FEED ? undefined : before.at(-1);
  const isLate = oldest !== undefined && trade.time < oldest.time;
  if (isLate || before.some((it) => it.own === reason && isSame(it, trade))) return state;
  const place = before.findIndex((it) => it.time <= trade.time);
  const after = [...before];
  after.splice(place < 0 ? after.length : place, 0, { ...trade, own: reason, key: state.counter });
  return {
    ...state,
    feed: { ...state.feed, [token]: after.slice(0, LONGEST_FEED) },
    counter: state.counter + 1,
  };
}
