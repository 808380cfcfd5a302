import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useLive } from "@/api/live";
import { decisionQuery, signalQuery, signedIn, tradeQuery } from "@/api/queries";
import { useShown } from "@/api/shown";
import { watchQuery } from "@/api/watches";
import type { SummaryStatus } from "@/api/wire";
import { useWallet } from "@/lib/session";
import { cameSoFar, decidedOn, isInPlay, type Reasoning, waitingFor } from "./reasoning";

function useTradeReasoning(trade: number | null) {
  const wallet = useWallet();
  const isAsked = trade !== null && signedIn(wallet);
  const query = useQuery({ ...tradeQuery(wallet, trade ?? 0), enabled: isAsked });
  const found: Reasoning | null = query.data
    ? {
        verdict: "Bought",
        tone: "up",
        steps: query.data.why,
        at: query.data.entry_time,
        watch: null,
      }
    : null;
  return { query, found };
}

/** Where a signal stands; null when it is not in the list any more. */
function useStatus(signal: number | null): SummaryStatus | null {
  return useLive(({ summaries }) =>
    signal === null
      ? null
      : (summaries?.find(({ signal_id }) => signal_id === signal)?.status ?? null),
  );
}

/** The watch of a signal, asked for while it can have one. */
function useWatch(signal: number | null, status: SummaryStatus | null) {
  const isWatched = signal !== null && isInPlay(status) && status !== "Screening";
  const query = useQuery({ ...watchQuery(useWallet(), signal ?? 0), enabled: isWatched });
  return isWatched ? (query.data ?? null) : null;
}

function useSignalReasoning(signal: number | null, token: string | null) {
  const on = signal === null ? { token_address: token ?? "" } : { signal_id: signal };
  const wallet = useWallet();
  const isAsked = token !== null && signedIn(wallet);
  const asked = isAsked ? signal : null;
  const status = useStatus(asked);
  const decisions = useQuery({ ...decisionQuery(wallet, on), enabled: isAsked });
  const known = useQuery({ ...signalQuery(signal ?? 0), enabled: asked !== null });
  const watch = useWatch(asked, status);
  const [again, anew] = [decisions.refetch, known.refetch];
  useEffect(() => {
    // A new state means that something was decided.
    if (status === null) return;
    again();
    anew();
  }, [status, again, anew]);
  const decided = decisions.data?.items[0] ?? null;
  const cameIn = known.data ?? null;
  const query = signal === null ? decisions : known;
  if (watch) return { query, found: waitingFor(watch, cameIn, decided) };
  if (decided) return { query: decisions, found: decidedOn(decided) };
  return { query, found: cameIn && isAsked ? cameSoFar(cameIn) : null };
}

/** Why the shown trade was opened or, without one, how far the chosen signal came. */
export function useWhy() {
  const { token, trade, signal, following } = useShown();
  const isChosen = trade === null && !following;
  const ofTrade = useTradeReasoning(trade);
  const ofSignal = useSignalReasoning(signal, isChosen ? (token?.address ?? null) : null);
  return { token, isAsked: trade !== null || isChosen, ...(trade === null ? ofSignal : ofTrade) };
}
