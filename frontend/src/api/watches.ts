/** What a wallet waits for: signals under watch, and how each condition stands. */
import { queryOptions } from "@tanstack/react-query";
import { thrown } from "./client";
import { listWatches } from "./generated/sdk.gen";
import type { WatchOut } from "./generated/types.gen";
import { data, signedIn } from "./queries";

export type Watch = WatchOut;

/** Candles may close each second. */
const AGAIN = 2_000;

/** The watch of a signal; null when it has ended or the wallet has bought. */
export const watchQuery = (wallet: string, signal_id: number) =>
  queryOptions({
    queryKey: ["watches", wallet, signal_id],
    enabled: signedIn(wallet),
    queryFn: async ({ signal }) => {
      const asked = { path: { wallet }, query: { signal_id }, signal, ...thrown };
      return (await data(listWatches(asked))).items[0] ?? null;
    },
    refetchInterval: AGAIN,
  });
