/** Every request of the dashboard, as options for TanStack Query. Keys start with the noun. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type Query, request } from "./request";
import type {
  Candles,
  Challenge,
  Decision,
  Overall,
  Page,
  Position,
  Registered,
  Signal,
  Snapshot,
  TokenGroup,
  Trade,
  TradeDetail,
  Wallet,
} from "./wire";

const path = (noun: string, wallet: string) => `/api/${noun}/${encodeURIComponent(wallet)}`;

export const walletQuery = (wallet: string) =>
  queryOptions({
    queryKey: ["wallet", wallet],
    queryFn: ({ signal }) => request<Wallet>(path("user", wallet), { signal }),
  });

export const positionsQuery = (wallet: string) =>
  queryOptions({
    queryKey: ["positions", wallet],
    queryFn: ({ signal }) => request<{ items: Position[] }>(path("positions", wallet), { signal }),
  });

/** `epoch` counts sign-ins of the socket: what a broken link missed is fetched again. */
export const candlesQuery = (token: string, epoch: number) =>
  queryOptions({
    queryKey: ["candles", token, epoch],
    queryFn: ({ signal }) =>
      request<Candles>(`/api/market/candles/${encodeURIComponent(token)}`, {
        query: { limit: 500 },
        signal,
      }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

export const tradesQuery = (wallet: string, filters: Query) =>
  infiniteQueryOptions({
    queryKey: ["trades", wallet, filters],
    queryFn: ({ pageParam, signal }) =>
      request<Page<Trade>>(path("trades", wallet), {
        query: { ...filters, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const tradeQuery = (wallet: string, id: number) =>
  queryOptions({
    queryKey: ["trades", wallet, id],
    queryFn: ({ signal }) => request<TradeDetail>(`${path("trades", wallet)}/${id}`, { signal }),
  });

export const signalQuery = (id: number) =>
  queryOptions({
    queryKey: ["signals", id],
    queryFn: ({ signal }) => request<Signal>(`/api/signals/${id}`, { signal }),
  });

export const decisionsQuery = (wallet: string, filters: Query) =>
  queryOptions({
    queryKey: ["decisions", wallet, filters],
    queryFn: ({ signal }) =>
      request<Page<Decision>>(path("decisions", wallet), { query: filters, signal }),
  });

export const statisticsQuery = (wallet: string) =>
  queryOptions({
    queryKey: ["analytics", "overall", wallet],
    queryFn: ({ signal }) => request<Overall>(path("analytics/overall", wallet), { signal }),
  });

export const perTokenQuery = (wallet: string) =>
  queryOptions({
    queryKey: ["analytics", "per-token", wallet],
    queryFn: ({ signal }) =>
      request<{ items: TokenGroup[] }>(path("analytics/per-token", wallet), { signal }),
  });

export const equityQuery = (wallet: string, resolution: string) =>
  queryOptions({
    queryKey: ["equity", wallet, resolution],
    queryFn: ({ signal }) =>
      request<Snapshot[]>(path("portfolio/history", wallet), { query: { resolution }, signal }),
  });

export const strategiesQuery = queryOptions({
  queryKey: ["strategies"],
  queryFn: ({ signal }) => request<{ items: { name: string }[] }>("/api/strategies", { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export const register = () => request<Registered>("/api/register", { method: "POST" });

export const challenge = (wallet_address: string) =>
  request<Challenge>("/api/auth/challenge", { method: "POST", body: { wallet_address } });

export const login = (body: { wallet_address: string; message: string; signature: string }) =>
  request<{ wallet_address: string }>("/api/auth/login", { method: "POST", body });

export const logout = () => request<null>("/api/auth/logout", { method: "POST" });

export const closePosition = (wallet: string, token: string, portion: number, strategy: string) =>
  request<unknown>(`${path("positions", wallet)}/${encodeURIComponent(token)}/close`, {
    method: "POST",
    body: { portion, strategy },
  });

export const setPaused = (wallet: string, paused: boolean) =>
  request<unknown>(`${path("wallets", wallet)}/${paused ? "pause" : "resume"}`, { method: "POST" });
