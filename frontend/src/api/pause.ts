/** Stopping and starting new entries. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { notify } from "@/ui/toast";
import { setPaused, walletQuery } from "./queries";

/** Whether a wallet enters trades, and the way to change that; exits go on either way. */
export function usePause(wallet: string) {
  const { data } = useQuery(walletQuery(wallet));
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (paused: boolean) => setPaused(wallet, paused),
    onSuccess: (_, paused) =>
      notify(paused ? "Paused: no new entries, exits go on." : "Trading goes on."),
    onError: (error, paused) =>
      notify(`Trading was not ${paused ? "paused" : "resumed"}. ${error.message}`, {
        failed: true,
      }),
    onSettled: () => client.invalidateQueries(walletQuery(wallet)),
  });
  return {
    isKnown: data !== undefined,
    paused: data?.paused ?? false,
    reason: data?.pause_reason ?? null,
    isChanging: change.isPending,
    change: (paused: boolean) => change.mutate(paused),
  };
}
