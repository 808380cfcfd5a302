import { useQuery } from "@tanstack/react-query";
import { decisionQuery, signalQuery, signedIn, tradeQuery } from "@/api/queries";
import { useShown } from "@/api/shown";
import type { Step } from "@/api/wire";
import { inWords } from "@/lib/reasons";
import { useWallet } from "@/lib/session";
import { stepsOf } from "./steps-of";

export interface Reasoning {
  steps: Step[];
  /** One sentence above the steps. */
  verdict: string | null;
  at: string | null;
}

const verdicts: Record<string, string> = { taken: "Bought" };

function useTradeReasoning(trade: number | null) {
  const wallet = useWallet();
  const isAsked = trade !== null && signedIn(wallet);
  const query = useQuery({ ...tradeQuery(wallet, trade ?? 0), enabled: isAsked });
  const found: Reasoning | null = query.data
    ? { steps: query.data.why, verdict: "Bought", at: query.data.entry_time }
    : null;
  return { query, found };
}

function useSignalReasoning(signal: number | null, token: string | null) {
  const on = signal === null ? { token_address: token ?? "" } : { signal_id: signal };
  const wallet = useWallet();
  const isAsked = token !== null && signedIn(wallet);
  const decisions = useQuery({ ...decisionQuery(wallet, on), enabled: isAsked });
  const query = useQuery({ ...signalQuery(signal ?? 0), enabled: signal !== null });
  const decided = decisions.data?.items[0];
  if (decided) {
    const verdict = verdicts[decided.verdict] ?? inWords(decided.reason);
    return { query: decisions, found: { steps: decided.why, verdict, at: decided.at } };
  }
  const found: Reasoning | null = query.data
    ? { steps: stepsOf(query.data), verdict: query.data.status, at: query.data.received_at }
    : null;
  return { query: signal === null ? decisions : query, found };
}

/** Why the shown trade was opened or, without one, how far the chosen signal came. */
export function useWhy() {
  const { token, trade, signal, following } = useShown();
  const isChosen = trade === null && !following;
  const ofTrade = useTradeReasoning(trade);
  const ofSignal = useSignalReasoning(signal, isChosen ? (token?.address ?? null) : null);
  return { token, isAsked: trade !== null || isChosen, ...(trade === null ? ofSignal : ofTrade) };
}
