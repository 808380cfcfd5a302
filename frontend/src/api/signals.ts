/** Requests about signals: every one of them, one in full, and how far they got. */
import { queryOptions } from "@tanstack/react-query";
import { thrown } from "./client";
import {
  countSignals,
  getAnalyticsSkipped,
  getFunnel,
  listAllSignals,
  listWalletDecisions,
} from "./generated/sdk.gen";
import type {
  DecisionOut,
  EvaluationOut,
  FunnelOut,
  ListAllSignalsData,
  SignalOut,
  SkipOut,
} from "./generated/types.gen";
import { data, signedIn } from "./queries";

export type ListedSignal = SignalOut;
export type SignalStatus = SignalOut["status"];
export type Evaluation = EvaluationOut;
export type Decision = DecisionOut;
export type Skip = SkipOut;
export type Funnel = FunnelOut;
export type SignalQuery = Omit<NonNullable<ListAllSignalsData["query"]>, "cursor" | "limit">;

const MOST_DECISIONS = 100;
const COUNTED_EVERY = 30_000;

/** A page of signals, the newest first. */
export const newestSignals = (
  query: SignalQuery,
  limit: number,
  cursor: string | undefined,
  signal?: AbortSignal,
) => data(listAllSignals({ query: { ...query, limit, cursor }, signal, ...thrown }));

/** What signals may be filtered by. Refreshed by the clock: each new signal would be too often. */
export const countsQuery = queryOptions({
  queryKey: ["signal-counts"],
  queryFn: ({ signal }) => data(countSignals({ signal, ...thrown })),
  staleTime: COUNTED_EVERY,
  refetchInterval: COUNTED_EVERY,
});

export const funnelQuery = (wallet: string, days: number, source: string | undefined) =>
  queryOptions({
    queryKey: ["signal-funnel", wallet, days, source],
    enabled: signedIn(wallet),
    queryFn: ({ signal }) =>
      data(getFunnel({ path: { wallet }, query: { days, source }, signal, ...thrown })),
    refetchInterval: COUNTED_EVERY,
    placeholderData: (before) => before,
  });

/** Everything that a wallet decided on a signal, the newest first. */
export const signalDecisionsQuery = (wallet: string, signal_id: number) =>
  queryOptions({
    queryKey: ["decisions", wallet, "signal", signal_id],
    enabled: signedIn(wallet),
    queryFn: ({ signal }) =>
      data(
        listWalletDecisions({
          path: { wallet },
          query: { signal_id, limit: MOST_DECISIONS },
          signal,
          ...thrown,
        }),
      ),
  });

/** What buying on a signal would have made, when that was decided at one of these times. */
export const skipQuery = (wallet: string, signal_id: number, times: string[]) =>
  queryOptions({
    queryKey: ["analytics", "skipped", wallet, signal_id, times],
    enabled: signedIn(wallet) && times.length > 0,
    queryFn: async ({ signal }) => {
      for (const at of times) {
        const until = new Date(Date.parse(at) + 1).toISOString();
        const query = { from: at, to: until, limit: 500 };
        const { items } = await data(
          getAnalyticsSkipped({ path: { wallet }, query, signal, ...thrown }),
        );
        const found = items.find((skip) => skip.signal_id === signal_id);
        if (found) return found;
      }
      return null;
    },
  });
