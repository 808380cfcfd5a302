import { useQuery } from "@tanstack/react-query";
import { decisionQuery, signalQuery, tradeQuery } from "@/api/queries";
import { useShown } from "@/api/shown";
import type { Step } from "@/api/wire";
import { useWallet } from "@/lib/session";
import { stepsOf } from "./steps-of";

export interface Reasoning {
  steps: Step[];
  /** One sentence above the steps. */
  verdict: string | null;
  at: string | null;
}

function useTradeReasoning(trade: number | null) {
  const query = useQuery({ ...tradeQuery(useWallet(), trade ?? 0), enabled: trade !== null });
  const found: Reasoning | null = query.data
    ? { steps: query.data.why, verdict: "Bought", at: query.data.entry_time }
    : null;
  return { query, found };
}

function useSignalReasoning(signal: number | null) {
  const wallet = useWallet();
  const decisions = useQuery({
    ...decisionQuery(wallet, signal ?? 0),
    enabled: signal !== null,
  });
  const query = useQuery({ ...signalQuery(signal ?? 0), enabled: signal !== null });
  const decided = decisions.data?.items[0];
  if (decided) {
    const verdict = decided.verdict === "taken" ? "Bought" : "Refused";
    return { query: decisions, found: { steps: decided.why, verdict, at: decided.at } };
  }
  const found: Reasoning | null = query.data
    ? { steps: stepsOf(query.data), verdict: query.data.status, at: query.data.received_at }
    : null;
  return { query, found };
}

/** Why the shown trade was opened or, without one, how far the shown signal came. */
export function useWhy() {
  const { token, trade, signal } = useShown();
  const ofTrade = useTradeReasoning(trade);
  const ofSignal = useSignalReasoning(trade === null ? signal : null);
  const isAsked = trade !== null || signal !== null;
  return { token, isAsked, ...(trade === null ? ofSignal : ofTrade) };
}
