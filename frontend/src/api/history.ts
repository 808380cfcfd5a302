/** Requests about the candles of the past: what is stored, uploads, and candles of a span. */
import { queryOptions } from "@tanstack/react-query";
import { thrown } from "./client";
import { deleteHistory, getHistory, listHistory, uploadHistory } from "./generated/sdk.gen";
import type { GetHistoryData, HistoryEntryOut, UploadedOut } from "./generated/types.gen";
import { data } from "./queries";

export type HistoryEntry = HistoryEntryOut;
export type Uploaded = UploadedOut;
export type Timeframe = GetHistoryData["path"]["timeframe"];

export const timeframes: Timeframe[] = ["1s", "1m", "5m", "15m", "1h", "4h", "1d"];
const MOST_PAGES = 20;

/** Everything that is stored, page after page. */
export const historyQuery = queryOptions({
  queryKey: ["history"],
  queryFn: async ({ signal }) => {
    const items: HistoryEntry[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < MOST_PAGES; page++) {
      const query: { limit: number; cursor: string | null } = { limit: 500, cursor };
      const found = await data(listHistory({ query, signal, ...thrown }));
      items.push(...found.items);
      cursor = found.next_cursor;
      if (cursor === null) break;
    }
    return items;
  },
});

export interface Span {
  token: string;
  timeframe: Timeframe;
  /** Unix ms: first inclusive, last exclusive. */
  from: number;
  to: number;
}

export const spanQuery = ({ token, timeframe, from, to }: Span) =>
  queryOptions({
    queryKey: ["history", "candles", token, timeframe, from, to],
    queryFn: ({ signal }) => {
      const times = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
      const query = { ...times, limit: 5_000 };
      return data(getHistory({ path: { token, timeframe }, query, signal, ...thrown }));
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

export interface Uploading {
  token: string;
  timeframe: Timeframe;
  symbol: string;
  file: File;
  fill: boolean;
  skipBad: boolean;
}

/** The platform tells the format by the content; a browser may not know the kind of a file. */
export const upload = ({ token, timeframe, symbol, file, fill, skipBad }: Uploading) => {
  const query = {
    symbol,
    fill: fill ? ("previous_close" as const) : ("none" as const),
    skip_bad: skipBad,
  };
  return data(
    uploadHistory({
      path: { token, timeframe },
      query,
      // The generated type knows text only; the client sends a file as it is.
      body: file as unknown as string,
      headers: { "Content-Type": "application/octet-stream" },
      ...thrown,
    }),
  );
};

export const removeHistory = (token: string, timeframe: Timeframe) =>
  data(deleteHistory({ path: { token, timeframe }, ...thrown }));
