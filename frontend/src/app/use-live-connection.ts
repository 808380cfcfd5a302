import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { adoptPositions, connect, live } from "@/api/live";
import { positionsQuery } from "@/api/queries";
import { followNewestTrade } from "@/lib/selection";
import { forgetWallet, useWallet } from "@/lib/session";

const SOON = 400;

const everything = ["positions", "trades", "analytics", "equity", "wallet", "decisions", "signals"];

/** What a stored event makes stale: the nouns that query keys start with. */
const stale: Record<string, string[]> = {
  TradeOpened: ["positions", "trades", "analytics", "decisions"],
  TierTaken: ["trades", "analytics"],
  TradeClosed: ["positions", "trades", "analytics", "equity"],
  PlanChanged: ["positions", "trades"],
  WalletPaused: ["wallet"],
  WalletResumed: ["wallet"],
  WalletReset: [...everything, "shadows", "reset"],
};

/** Keeps the live link for as long as somebody is signed in, and what was fetched in step with it. */
export function useLiveConnection() {
  const wallet = useWallet();
  const client = useQueryClient();
  useEffect(() => {
    if (wallet === "") return;
    const nouns = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      timer = undefined;
      const query = positionsQuery(wallet);
      if (nouns.has("positions")) {
        client
          .fetchQuery({ ...query, staleTime: 0 })
          .then((it) => adoptPositions(it.items), ignore);
      }
      for (const noun of nouns) {
        if (noun !== "positions") client.invalidateQueries({ queryKey: [noun] });
      }
      nouns.clear();
    };
    const later = (names: string[]) => {
      for (const name of names) nouns.add(name);
      if (nouns.size > 0) timer ??= setTimeout(refresh, SOON);
    };
    const disconnect = connect(wallet, forgetWallet);
    const unsubscribe = live.subscribe((now, before) => {
      // Also after a resumed sign-in: a position may have moved while nobody listened.
      if (now.epoch > before.epoch) later(everything);
      if (now.lastEvent !== before.lastEvent) later(stale[now.lastEvent?.kind ?? ""] ?? []);
    });
    return () => {
      clearTimeout(timer);
      unsubscribe();
      disconnect();
      followNewestTrade();
    };
  }, [wallet, client]);
}

/** The next event or sign-in asks again, and the panel that needs positions says so itself. */
function ignore() {}
