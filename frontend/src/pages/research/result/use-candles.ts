import { type UseQueryResult, useQueries } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { spanQuery, type Timeframe } from "@/api/history";
import type { Backtest } from "@/api/research";
import type { Candles } from "@/api/wire";
import { parseTime } from "@/lib/time";
import { around, type Chunks, chunksOf, grown, listOf, sizeOf } from "./chunks";

type Used = Backtest["tokens"][number];

type Piece = UseQueryResult<Candles, Error>;

/** Made once: it is then worked out anew only when a piece has changed. */
function combined(queries: Piece[]) {
  return {
    candles: queries.every((query) => query.data)
      ? queries.flatMap((query) => query.data?.candles ?? [])
      : null,
    error: queries.find((query) => query.isError)?.error ?? null,
    isFetching: queries.some((query) => query.isFetching),
    retry: () => {
      for (const query of queries) if (query.isError) query.refetch();
    },
  };
}

/** The stored candles around what is looked at; more of them as the chart is moved. */
export function useCandles(used: Used, timeframe: string, start: number) {
  const bounds = useMemo(
    () => ({ first: parseTime(used.first), last: parseTime(used.last) }),
    [used.first, used.last],
  );
  const [chunks, setChunks] = useState<Chunks>(() =>
    around(null, chunksOf(start, start, timeframe), bounds, timeframe),
  );
  const size = sizeOf(timeframe);
  const result = useQueries({
    queries: listOf(chunks).map((chunk) =>
      spanQuery({
        token: used.token.address,
        timeframe: timeframe as Timeframe,
        from: chunk * size,
        to: (chunk + 1) * size,
      }),
    ),
    combine: combined,
  });
  const show = useCallback(
    (from: number, to: number) =>
      setChunks((now) => around(now, chunksOf(from, to, timeframe), bounds, timeframe)),
    [bounds, timeframe],
  );
  const grow = useCallback(
    (edge: "before" | "after") => setChunks((now) => grown(now, edge, bounds, timeframe)),
    [bounds, timeframe],
  );
  return { ...result, show, grow };
}
