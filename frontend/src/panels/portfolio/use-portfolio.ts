import { useQuery } from "@tanstack/react-query";
import { useLive } from "@/api/live";
import { equityQuery, walletQuery } from "@/api/queries";
import type { Portfolio, Snapshot, Wallet } from "@/api/wire";
import { useWallet } from "@/lib/session";
import { parseTime } from "@/lib/time";

export interface Figures {
  totalValue: number;
  overallPnl: number;
  overallPercent: number | null;
  todayPnl: number | null;
  openPnl: number;
  free: number;
}

/** The value at the last midnight (UTC), or what the wallet began with if it is younger. */
export function valueAtMidnight(snapshots: Snapshot[], initial: number, now: number): number {
  const midnight = Math.floor(now / 86_400_000) * 86_400_000;
  const before = snapshots.filter((it) => parseTime(it.timestamp) < midnight).at(-1);
  return before?.total_value ?? initial;
}

/** Joins what was fetched with what is live; what is live wins. */
export function figuresOf(
  wallet: Wallet,
  portfolio: Portfolio | null,
  startOfDay: number | null,
): Figures {
  const { total_value, overall_pnl, trade_pnl, sol_balance } = portfolio ?? wallet;
  return {
    totalValue: total_value,
    overallPnl: overall_pnl,
    overallPercent:
      wallet.initial_sol_balance > 0 ? (100 * overall_pnl) / wallet.initial_sol_balance : null,
    todayPnl: startOfDay === null ? null : total_value - startOfDay,
    openPnl: trade_pnl,
    free: sol_balance,
  };
}

export function usePortfolio() {
  const address = useWallet();
  const query = useQuery(walletQuery(address));
  const equity = useQuery(equityQuery(address, "1h"));
  const portfolio = useLive((state) => state.portfolio);
  const open = useLive((state) => Object.keys(state.positions).length);
  const startOfDay =
    query.data && equity.data
      ? valueAtMidnight(equity.data, query.data.initial_sol_balance, Date.now())
      : null;
  return { query, open, figures: query.data && figuresOf(query.data, portfolio, startOfDay) };
}
