/** What other exit plans would have made of trades. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { thrown } from "./client";
import { leadTrade, leadTrades } from "./generated/sdk.gen";
import type { PeriodWhatIfIn } from "./generated/types.gen";
import { data, signedIn } from "./queries";
import type { ExitPlan } from "./wire";

/** Which trades of a wallet: those opened in a time, of a token, by a strategy. */
export type Period = Pick<PeriodWhatIfIn, "from" | "to" | "token" | "strategy">;

/** An exit plan with lists where a value varies. */
export type PlanGrid = { [Name in keyof ExitPlan]: ExitPlan[Name] | ExitPlan[Name][] };

/** Answers for a plan stay true, so that a slider that goes back asks for nothing. */
const KEPT = { staleTime: 60_000, gcTime: 60_000, placeholderData: keepPreviousData } as const;

export const tradeWhatIf = (wallet: string, trade_id: number, plan: ExitPlan) =>
  queryOptions({
    queryKey: ["what-if", wallet, trade_id, plan],
    enabled: signedIn(wallet),
    queryFn: ({ signal }) =>
      data(
        leadTrade({ path: { wallet, trade_id }, body: { plan, path: true }, signal, ...thrown }),
      ),
    ...KEPT,
  });

export const tradeWhatIfMap = (wallet: string, trade_id: number, grid: PlanGrid) =>
  queryOptions({
    queryKey: ["what-if", wallet, trade_id, "map", grid],
    enabled: signedIn(wallet),
    queryFn: async ({ signal }) => {
      const body = { grid };
      return (await data(leadTrade({ path: { wallet, trade_id }, body, signal, ...thrown })))
        .results;
    },
    ...KEPT,
  });

export const periodWhatIf = (wallet: string, period: Period, plans: ExitPlan[]) =>
  queryOptions({
    queryKey: ["what-if", wallet, period, plans],
    enabled: signedIn(wallet),
    queryFn: ({ signal }) =>
      data(leadTrades({ path: { wallet }, body: { ...period, plans }, signal, ...thrown })),
    ...KEPT,
  });

export const periodWhatIfMap = (wallet: string, period: Period, grid: PlanGrid) =>
  queryOptions({
    queryKey: ["what-if", wallet, period, "map", grid],
    enabled: signedIn(wallet),
    queryFn: async ({ signal }) =>
      (await data(leadTrades({ path: { wallet }, body: { ...period, grid }, signal, ...thrown })))
        .results,
    ...KEPT,
  });
