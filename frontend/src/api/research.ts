/** Requests about runs over the past: backtests and sweeps. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { thrown } from "./client";
import {
  adoptBacktest,
  adoptCombination,
  cancelBacktest,
  cancelSweep,
  compareBacktests,
  createBacktest,
  createSweep,
  deleteBacktest,
  deleteSweep,
  getBacktest,
  getDefinitions,
  getSweep,
  listBacktests,
  listSweeps,
} from "./generated/sdk.gen";
import type {
  BacktestOut,
  BacktestRequest,
  ComparedOut,
  DefinitionOut,
  RunOut,
  RunTradeOut,
  SweepOut,
  SweepRequest,
  SweepRowOut,
} from "./generated/types.gen";
import { data } from "./queries";

export type Run = RunOut;
export type RunStatus = RunOut["status"];
export type Backtest = BacktestOut;
export type RunTrade = RunTradeOut;
export type Sweep = SweepOut;
export type SweepRow = SweepRowOut;
export type Score = SweepRowOut["inside"];
export type Fold = SweepOut["folds"][number];
export type Luck = NonNullable<SweepOut["luck"]>;
export type Compared = ComparedOut;
export type FigureDefinition = DefinitionOut;
export type RunKind = "backtest" | "sweep";

const FOLLOWED_EVERY = 1_000;
const LISTED_EVERY = 2_000;
const PAGE = 50;

export function isGoing(run: Pick<Run, "status">): boolean {
  return run.status === "queued" || run.status === "running";
}

/** A run's own question, asked again each second until it has ended. */
function followed(run: Run | undefined): number | false {
  return run !== undefined && isGoing(run) ? FOLLOWED_EVERY : false;
}

export const runsQuery = (kind: RunKind) =>
  infiniteQueryOptions({
    queryKey: ["runs", kind],
    queryFn: ({ pageParam: cursor, signal }) => {
      const query = { limit: PAGE, cursor };
      const list = kind === "backtest" ? listBacktests : listSweeps;
      return data(list({ query, signal, ...thrown }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some(isGoing)) ? LISTED_EVERY : false,
  });

export const backtestQuery = (run_id: number) =>
  queryOptions({
    queryKey: ["runs", "backtest", run_id],
    queryFn: ({ signal }) => data(getBacktest({ path: { run_id }, signal, ...thrown })),
    refetchInterval: ({ state }) => followed(state.data),
    staleTime: 60_000,
  });

/** Rows by the objective, best first; a map needs them all. */
export const sweepQuery = (run_id: number) =>
  queryOptions({
    queryKey: ["runs", "sweep", run_id],
    queryFn: ({ signal }) =>
      data(getSweep({ path: { run_id }, query: { limit: 20_000 }, signal, ...thrown })),
    refetchInterval: ({ state }) => followed(state.data),
    staleTime: 60_000,
  });

export const comparedQuery = (ids: number[]) =>
  queryOptions({
    queryKey: ["runs", "compared", ids],
    queryFn: ({ signal }) =>
      data(compareBacktests({ query: { ids: ids.join(",") }, signal, ...thrown })),
  });

export const definitionsQuery = queryOptions({
  queryKey: ["definitions"],
  queryFn: ({ signal }) => data(getDefinitions({ signal, ...thrown })),
  staleTime: Number.POSITIVE_INFINITY,
});

interface Asked {
  name: string;
  body: Record<string, unknown>;
}

/** The draft was read field by field; the platform judges the whole of it again. */
export const askBacktest = ({ name, body }: Asked) =>
  data(
    createBacktest({
      body: body as unknown as BacktestRequest,
      query: { name: name || null },
      ...thrown,
    }),
  );

export const askSweep = ({ name, body }: Asked) =>
  data(
    createSweep({
      body: body as unknown as SweepRequest,
      query: { name: name || null },
      ...thrown,
    }),
  );

export const cancelRun = (kind: RunKind, run_id: number) =>
  data((kind === "backtest" ? cancelBacktest : cancelSweep)({ path: { run_id }, ...thrown }));

export const deleteRun = (kind: RunKind, run_id: number) =>
  data((kind === "backtest" ? deleteBacktest : deleteSweep)({ path: { run_id }, ...thrown }));

/** Makes what a run was run with the wallet's settings; of a sweep one combination. */
export const adoptRun = (run_id: number, symbol: string, number: number | null) =>
  data(
    number === null
      ? adoptBacktest({ path: { run_id }, body: { symbol }, ...thrown })
      : adoptCombination({ path: { run_id }, body: { symbol, number }, ...thrown }),
  );
