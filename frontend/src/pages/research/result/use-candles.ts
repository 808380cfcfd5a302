import { useQueries } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { spanQuery, type Timeframe } from "@/api/history";
import type { Backtest } from "@/api/research";
import { parseTime } from "@/lib/time";
import { around, type Chunks, chunksOf, grown, listOf, sizeOf } from "./chunks";

type Used = Backtest["tokens"][number];

/** The stored candles around what is looked at; more of them as the chart is moved. */
export function useCandles(used: Used, start: number) {
  const { timeframe } = used;
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
    combine: (queries) => ({
      candles: queries.every((query) => query.data)
        ? queries.flatMap((query) => query.data?.candles ?? [])
        : null,
      error: queries.find((query) => query.isError)?.error ?? null,
      isFetching: queries.some((query) => query.isFetching),
      retry: () => {
        for (const query of queries) if (query.isError) query.refetch();
      },
    }),
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
