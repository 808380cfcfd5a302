/** Every request of the dashboard, as options for TanStack Query. Keys start with the noun. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { thrown } from "./client";
import {
  login as askToLogin,
  logout as askToLogout,
  register as askToRegister,
  createChallenge,
  getAnalyticsPerToken,
  getOverallAnalytics,
  getPortfolioHistory,
  getSignal,
  getTrade,
  getUser,
  listPositions,
  listStrategies,
  listWalletDecisions,
  listWalletTrades,
  pauseWallet,
  resumeWallet,
} from "./generated/sdk.gen";
import type { GetPortfolioHistoryData, ListWalletTradesData, LoginIn } from "./generated/types.gen";

export type TradeFilters = NonNullable<ListWalletTradesData["query"]>;
export type Resolution = NonNullable<NonNullable<GetPortfolioHistoryData["query"]>["resolution"]>;

export async function data<T>(answer: Promise<{ data: T }>): Promise<T> {
  return (await answer).data;
}

/** Between signing out and leaving the page there is no wallet to ask about. */
export const signedIn = (wallet: string) => wallet !== "";

export const walletQuery = (wallet: string) =>
  queryOptions({
    queryKey: ["wallet", wallet],
    enabled: signedIn(wallet),
    queryFn: ({ signal }) => data(getUser({ path: { wallet }, signal, ...thrown })),
  });

export const positionsQuery = (wallet: string) =>
  queryOptions({
    queryKey: ["positions", wallet],
    enabled: signedIn(wallet),
    queryFn: ({ signal }) => data(listPositions({ path: { wallet }, signal, ...thrown })),
  });

export const tradesQuery = (wallet: string, filters: TradeFilters) =>
  infiniteQueryOptions({
    queryKey: ["trades", wallet, filters],
    enabled: signedIn(wallet),
    queryFn: ({ pageParam: cursor, signal }) =>
      data(
        listWalletTrades({ path: { wallet }, query: { ...filters, cursor }, signal, ...thrown }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor,
  });

export const tradeQuery = (wallet: string, trade_id: number) =>
  queryOptions({
    queryKey: ["trades", wallet, trade_id],
    enabled: signedIn(wallet),
    queryFn: ({ signal }) => data(getTrade({ path: { wallet, trade_id }, signal, ...thrown })),
  });

/** The trade of a token that ran at a moment (Unix ms), the newest of several; null for none. */
export async function tradeAt(wallet: string, token: string, at: number): Promise<number | null> {
  const query = { token_address: token, to: new Date(at + 1_000).toISOString(), limit: 20 };
  const { items } = await data(listWalletTrades({ path: { wallet }, query, ...thrown }));
  const ran = items.find(
    ({ exit_time }) =>
      exit_time === null || Date.parse(exit_time) >= Math.floor(at / 1_000) * 1_000,
  );
  return ran?.id ?? null;
}

export const signalQuery = (signal_id: number) =>
  queryOptions({
    queryKey: ["signals", signal_id],
    queryFn: ({ signal }) => data(getSignal({ path: { signal_id }, signal, ...thrown })),
  });

/** The newest decision on a signal or, where that is not known, on a token. */
export const decisionQuery = (
  wallet: string,
  on: { signal_id: number } | { token_address: string },
) =>
  queryOptions({
    queryKey: ["decisions", wallet, on],
    enabled: signedIn(wallet),
    queryFn: ({ signal }) =>
      data(
        listWalletDecisions({
          path: { wallet },
          query: { ...on, limit: 1 },
          signal,
          ...thrown,
        }),
      ),
  });

export const statisticsQuery = (wallet: string) =>
  queryOptions({
    queryKey: ["analytics", "overall", wallet],
    enabled: signedIn(wallet),
    queryFn: ({ signal }) => data(getOverallAnalytics({ path: { wallet }, signal, ...thrown })),
  });

export const perTokenQuery = (wallet: string) =>
  queryOptions({
    queryKey: ["analytics", "per-token", wallet],
    enabled: signedIn(wallet),
    queryFn: ({ signal }) => data(getAnalyticsPerToken({ path: { wallet }, signal, ...thrown })),
  });

export const equityQuery = (wallet: string, resolution: Resolution) =>
  queryOptions({
    queryKey: ["equity", wallet, resolution],
    enabled: signedIn(wallet),
    queryFn: ({ signal }) =>
      data(getPortfolioHistory({ path: { wallet }, query: { resolution }, signal, ...thrown })),
  });

export const strategiesQuery = queryOptions({
  queryKey: ["strategies"],
  queryFn: ({ signal }) => data(listStrategies({ signal, ...thrown })),
  staleTime: Number.POSITIVE_INFINITY,
});

export const register = () => data(askToRegister(thrown));

export const challenge = (wallet_address: string) =>
  data(createChallenge({ body: { wallet_address }, ...thrown }));

export const login = (body: LoginIn) => data(askToLogin({ body, ...thrown }));

export const logout = () => data(askToLogout(thrown));

export const setPaused = (wallet: string, paused: boolean) =>
  data((paused ? pauseWallet : resumeWallet)({ path: { wallet }, ...thrown }));
