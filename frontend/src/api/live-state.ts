/** What the WebSocket told so far, as one value. */
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

/** A chart's candles. A new revision replaces all of them; otherwise only the end has moved. */
export interface Series {
  revision: number;
  candles: Candle[];
  volumes: Volume[];
}

export interface FeedItem extends MarketTrade {
  key: number;
  token: string;
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
  summaries: Summary[] | null;
  portfolio: Portfolio | null;
  positions: Record<number, Position>;
  /** When each position's price was heard, Unix milliseconds. */
  pricedAt: Record<number, number>;
  /** What the platform shows: the token of the newest trade, or the market index. */
  stage: Token | null;
  /** By the token's address, as are the next two. */
  series: Record<string, Series>;
  strategy: Record<string, StrategyState>;
  fills: Record<string, BotTrade[]>;
  feed: FeedItem[];
  counter: number;
}

export const nothingYet: LiveState = {
  seq: null,
  epoch: 0,
  resets: 0,
  lastEvent: null,
  summaries: null,
  portfolio: null,
  positions: {},
  pricedAt: {},
  stage: null,
  series: {},
  strategy: {},
  fills: {},
  feed: [],
  counter: 0,
};
