import { useCallback, useRef } from "react";
import { tradeAt } from "@/api/queries";
import { useDrawers } from "@/lib/drawers";
import { useWallet } from "@/lib/session";
import { notify } from "@/ui/toast";

/**
 * Opens the trade that a mark on the chart belongs to; marks know only their moment. The function
 * stays the same, because the chart is made once.
 */
export function useOpenMark(token: string | null): (time: number) => void {
  const wallet = useWallet();
  const { openTrade } = useDrawers();
  const about = useRef({ wallet, token, openTrade });
  about.current = { wallet, token, openTrade };
  return useCallback((time: number) => {
    const now = about.current;
    if (now.token === null || now.wallet === "") return;
    tradeAt(now.wallet, now.token, 1000 * time).then(
      (trade) => {
        if (trade !== null) now.openTrade(trade);
      },
      (error: Error) => notify(error.message, { failed: true }),
    );
  }, []);
}
