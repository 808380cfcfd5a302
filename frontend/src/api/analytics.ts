/** Figures of trades and equity, as options for TanStack Query. Keys start with "analytics". */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { zoneName } from "@/lib/preferences";
import type { Within } from "@/lib/profile";
import { thrown } from "./client";
import {
  getAnalyticsCalendar,
  getAnalyticsExcursions,
  getAnalyticsPerExitReason,
  getAnalyticsPerHour,
  getAnalyticsPerSource,
  getAnalyticsPerStrategy,
  getAnalyticsPerToken,
  getAnalyticsPerWeekday,
  getAnalyticsSkippedSummary,
  getDefinitions,
  getOverallAnalytics,
  getPortfolioHistory,
  listWalletTrades,
} from "./generated/sdk.gen";
import type {
  DayOut,
  DefinitionOut,
  ExcursionOut,
  GroupOut,
  ListWalletTradesData,
  SavingsOut,
} from "./generated/types.gen";
import { data, type Resolution, signedIn } from "./queries";

export type Day = DayOut;
export type Definition = DefinitionOut;
export type Excursion = ExcursionOut;
export type Group = GroupOut;
export type Savings = SavingsOut;
export type TradesWanted = NonNullable<ListWalletTradesData["query"]>;

/** What is shown stays while the figures of another time are fetched. */
const kept = { placeholderData: keepPreviousData };

export const overallQuery = (wallet: string, within: Within) =>
  queryOptions({
    queryKey: ["analytics", "overall", wallet, within],
    enabled: signedIn(wallet),
    queryFn: ({ signal }) =>
      data(getOverallAnalytics({ path: { wallet }, query: within, signal, ...thrown })),
    ...kept,
  });

export const definitionsQuery = queryOptions({
  queryKey: ["definitions"],
  queryFn: async ({ signal }) => (await data(getDefinitions({ signal, ...thrown }))).items,
  staleTime: Number.POSITIVE_INFINITY,
});

/** Every day on which trades ended, by the person's calendar. */
export const calendarQuery = (wallet: string) => {
  const zone = zoneName();
  return queryOptions({
    queryKey: ["analytics", "calendar", wallet, zone],
    enabled: signedIn(wallet),
    queryFn: async ({ signal }) => {
      const asked = { path: { wallet }, query: { zone }, signal, ...thrown };
      return (await data(getAnalyticsCalendar(asked))).days;
    },
  });
};

export const perTokenWithinQuery = (wallet: string, within: Within) =>
  queryOptions({
    queryKey: ["analytics", "per-token", wallet, within],
    enabled: signedIn(wallet),
    queryFn: async ({ signal }) => {
      const asked = { path: { wallet }, query: within, signal, ...thrown };
      return (await data(getAnalyticsPerToken(asked))).items;
    },
    ...kept,
  });

const groupings = {
  strategy: getAnalyticsPerStrategy,
  source: getAnalyticsPerSource,
  "exit-reason": getAnalyticsPerExitReason,
  hour: getAnalyticsPerHour,
  weekday: getAnalyticsPerWeekday,
} as const;

export type Grouping = keyof typeof groupings;

export const groupsQuery = (wallet: string, by: Grouping, within: Within) => {
  const query = by === "hour" || by === "weekday" ? { ...within, zone: zoneName() } : within;
  return queryOptions({
    queryKey: ["analytics", `per-${by}`, wallet, query],
    enabled: signedIn(wallet),
    queryFn: async ({ signal }): Promise<Group[]> => {
      const found = await data(groupings[by]({ path: { wallet }, query, signal, ...thrown }));
      return found.items;
    },
  });
};

const MOST_EXCURSIONS = 500;

export const excursionsQuery = (wallet: string, within: Within) =>
  queryOptions({
    queryKey: ["analytics", "excursions", wallet, within],
    enabled: signedIn(wallet),
    queryFn: ({ signal }) => {
      const query = { ...within, limit: MOST_EXCURSIONS };
      return data(getAnalyticsExcursions({ path: { wallet }, query, signal, ...thrown }));
    },
    ...kept,
  });

export const skippedQuery = (wallet: string, within: Within) =>
  queryOptions({
    queryKey: ["analytics", "skipped", wallet, within],
    enabled: signedIn(wallet),
    queryFn: ({ signal }) =>
      data(getAnalyticsSkippedSummary({ path: { wallet }, query: within, signal, ...thrown })),
    ...kept,
  });

const MOST_MARKS = 5_000;

export const equityWithinQuery = (wallet: string, resolution: Resolution, within: Within) =>
  queryOptions({
    queryKey: ["equity", wallet, resolution, within],
    enabled: signedIn(wallet),
    queryFn: ({ signal }) => {
      const query = { ...within, resolution, limit: MOST_MARKS };
      return data(getPortfolioHistory({ path: { wallet }, query, signal, ...thrown }));
    },
    ...kept,
  });

/** A stretch of a long list: the trades from a place on, and how many there are in all. */
export const tradesFromQuery = (wallet: string, wanted: TradesWanted, skip: number) =>
  queryOptions({
    queryKey: ["trades", wallet, "from", wanted, skip],
    enabled: signedIn(wallet),
    queryFn: async ({ signal }) => {
      const query = { ...wanted, skip, total: true };
      const found = await data(listWalletTrades({ path: { wallet }, query, signal, ...thrown }));
      return { skip, trades: found.items, total: found.total ?? found.items.length };
    },
    gcTime: 60_000,
    ...kept,
  });
