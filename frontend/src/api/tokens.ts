/** The tokens that the platform knows. */
import { queryOptions } from "@tanstack/react-query";
import { thrown } from "./client";
import { listMarketTokens } from "./generated/sdk.gen";
import { data } from "./queries";

const MOST = 200;

/** The newest of them, those whose prices come in first. */
export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: async ({ signal }) =>
    (await data(listMarketTokens({ query: { limit: MOST }, signal, ...thrown }))).items,
});
