/** Requests of the chart: candles in any timeframe, older ones, and what strategies see of them. */
import { queryOptions } from "@tanstack/react-query";
import { thrown } from "./client";
import { getCandles, getLines } from "./generated/sdk.gen";
import type { GetCandlesData, LineOut, MarketCandlesOut } from "./generated/types.gen";
import { data, signedIn } from "./queries";

export type ChartCandles = MarketCandlesOut;
export type StrategyLine = LineOut;
export type Timeframe = NonNullable<NonNullable<GetCandlesData["query"]>["timeframe"]>;

const SECONDS: Record<Timeframe, number> = {
  "1s": 1,
  "5s": 5,
  "15s": 15,
  "1m": 60,
  "5m": 300,
  "15m": 900,
  "1h": 3_600,
  "4h": 14_400,
  "1d": 86_400,
};

export const timeframes = Object.keys(SECONDS) as Timeframe[];

export function isTimeframe(name: unknown): name is Timeframe {
  return typeof name === "string" && Object.hasOwn(SECONDS, name);
}

/** How long a candle is, in seconds. */
export function widthOf(timeframe: string): number {
  return isTimeframe(timeframe) ? SECONDS[timeframe] : 1;
}

const iso = (seconds: number) => new Date(1_000 * seconds).toISOString();

/** The newest candles; without a timeframe the platform's own. `epoch` counts sign-ins of the
 * socket: what a broken link missed is fetched again. */
export const barsQuery = (token: string, timeframe: Timeframe | null, epoch: number) =>
  queryOptions({
    queryKey: ["candles", token, timeframe, epoch],
    queryFn: ({ signal }) =>
      data(
        getCandles({
          path: { token },
          query: timeframe === null ? {} : { timeframe },
          signal,
          ...thrown,
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

/** The candles before a moment (Unix seconds). */
export const olderBars = (token: string, timeframe: Timeframe, before: number) =>
  data(getCandles({ path: { token }, query: { timeframe, to: iso(before) }, ...thrown }));

export interface LinesAsked {
  wallet: string;
  token: string;
  /** Only the strategy that opened it. */
  trade: number | null;
  timeframe: Timeframe;
}

interface Range {
  /** Unix seconds, inclusive. */
  from?: number;
  /** Unix seconds, exclusive. */
  to?: number;
  limit?: number;
}

export async function fetchLines(asked: LinesAsked, range: Range): Promise<StrategyLine[]> {
  const { wallet, token, trade, timeframe } = asked;
  const query = {
    timeframe,
    trade: trade ?? undefined,
    from: range.from === undefined ? undefined : iso(range.from),
    to: range.to === undefined ? undefined : iso(range.to),
    limit: range.limit,
  };
  return (await data(getLines({ path: { wallet, token }, query, ...thrown }))).lines;
}

/** `stamp` changes with the wallet's settings: other parameters are other lines. */
export const linesQuery = (asked: LinesAsked, epoch: number, stamp: string) =>
  queryOptions({
    queryKey: ["lines", asked, epoch, stamp],
    enabled: signedIn(asked.wallet),
    queryFn: () => fetchLines(asked, {}),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
