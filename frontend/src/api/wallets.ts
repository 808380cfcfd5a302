/** Requests about a wallet itself: letting a paper wallet begin again. */
import { queryOptions } from "@tanstack/react-query";
import { thrown } from "./client";
import { resetWallet as askToReset, getResetPlan } from "./generated/sdk.gen";
import type { ResetPlanOut } from "./generated/types.gen";
import { data, signedIn } from "./queries";

export type ResetPlan = ResetPlanOut;

const REFRESH = 5_000;

/** What a reset would end now; prices move, so it is asked again. */
export const resetPlanQuery = (wallet: string) =>
  queryOptions({
    queryKey: ["reset", wallet],
    enabled: signedIn(wallet),
    queryFn: ({ signal }) => data(getResetPlan({ path: { wallet }, signal, ...thrown })),
    refetchInterval: REFRESH,
  });

interface Beginning {
  wallet: string;
  /** Null draws as at registration. */
  sol: number | null;
  /** The same for each try of one reset: it happens once. */
  key: string;
}

export const resetWallet = ({ wallet, sol, key }: Beginning) =>
  data(
    askToReset({
      path: { wallet },
      body: { initial_sol: sol },
      headers: { "Idempotency-Key": key },
      ...thrown,
    }),
  );
