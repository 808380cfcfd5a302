import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pause, Play } from "lucide-react";
import { setPaused, walletQuery } from "@/api/queries";
import { inWords } from "@/lib/reasons";
import { useWallet } from "@/lib/session";
import { Button } from "@/ui/button";
import { notify } from "@/ui/toast";

/** No new entries while paused; exits go on. */
export function PauseSwitch() {
  const wallet = useWallet();
  const { data } = useQuery(walletQuery(wallet));
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (paused: boolean) => setPaused(wallet, paused),
    onSuccess: (_, paused) =>
      notify(paused ? "Paused: no new entries, exits go on." : "Trading goes on."),
    onError: (error) => notify(error.message, { failed: true }),
    onSettled: () => client.invalidateQueries(walletQuery(wallet)),
  });
  const paused = data?.paused ?? false;
  const why = data?.pause_reason ? ` (${inWords(data.pause_reason)})` : "";
  const Icon = paused ? Play : Pause;
  return (
    <Button
      size="small"
      busy={change.isPending}
      disabled={data === undefined}
      aria-pressed={paused}
      title={paused ? `Paused${why}: no new entries` : "Stop new entries; exits go on"}
      onClick={() => change.mutate(!paused)}
      className={paused ? "border-warn text-warn" : undefined}
    >
      <Icon size={14} aria-hidden="true" />
      <span className="sr-only sm:not-sr-only">{paused ? "Resume" : "Pause"}</span>
    </Button>
  );
}
