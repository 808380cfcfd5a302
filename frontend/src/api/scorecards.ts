/** Requests about how good each source of signals is. */
import { queryOptions } from "@tanstack/react-query";
import { thrown } from "./client";
import { getScorecards } from "./generated/sdk.gen";
import type { BinOut, ResultsOut, ScorecardOut } from "./generated/types.gen";
import { data } from "./queries";

export type Scorecard = ScorecardOut;
export type Results = ResultsOut;
export type Bin = BinOut;

/** The platform works them out once a minute at most. */
const EVERY = 60_000;

export const scorecardsQuery = (days: number) =>
  queryOptions({
    queryKey: ["scorecards", days],
    queryFn: ({ signal }) => data(getScorecards({ query: { days }, signal, ...thrown })),
    staleTime: EVERY,
    refetchInterval: EVERY,
    placeholderData: (before) => before,
  });
