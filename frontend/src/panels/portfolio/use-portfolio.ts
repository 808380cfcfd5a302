import { useQuery } from "@tanstack/react-query";
import { useLive } from "@/api/live";
import { equityQuery, statisticsQuery, walletQuery } from "@/api/queries";
import type { Portfolio, Snapshot, Wallet } from "@/api/wire";
import { useWallet } from "@/lib/session";
import { dayOf, parseTime, startOfDay } from "@/lib/time";

export interface Figures {
  totalValue: number;
  overallPnl: number;
  overallPercent: number | null;
  todayPnl: number | null;
  todayPercent: number | null;
  openPnl: number;
  free: number;
}

/** The value when the day began (Unix ms), or what the wallet began with if it is younger. */
export function valueAt(snapshots: Snapshot[], initial: number, began: number): number {
  const before = snapshots.filter((it) => parseTime(it.timestamp) < began).at(-1);
  return before?.total_value ?? initial;
}

/** `part` of `whole` in percent; null without a whole. */
function percentOf(part: number, whole: number): number | null {
  return whole > 0 ? (100 * part) / whole : null;
}

/** Joins what was fetched with what is live; what is live wins. */
export function figuresOf(
  wallet: Wallet,
  portfolio: Portfolio | null,
  atStartOfDay: number | null,
): Figures {
  const { total_value, overall_pnl, trade_pnl, sol_balance } = portfolio ?? wallet;
  const todayPnl = atStartOfDay === null ? null : total_value - atStartOfDay;
  return {
    totalValue: total_value,
    overallPnl: overall_pnl,
    overallPercent: percentOf(overall_pnl, wallet.initial_sol_balance),
    todayPnl,
    todayPercent: todayPnl === null ? null : percentOf(todayPnl, atStartOfDay ?? 0),
    openPnl: trade_pnl,
    free: sol_balance,
  };
}

/** The moment (Unix ms) at which the person's day began. */
function midnight(): number {
  const now = Date.now();
  return startOfDay(dayOf(now)) ?? now;
}

export function usePortfolio() {
  const address = useWallet();
  const query = useQuery(walletQuery(address));
  const equity = useQuery(equityQuery(address, "1h"));
  const { data: statistics } = useQuery(statisticsQuery(address));
  const portfolio = useLive((state) => state.portfolio);
  const open = useLive((state) => Object.keys(state.positions).length);
  const atStartOfDay =
    query.data && equity.data
      ? valueAt(equity.data, query.data.initial_sol_balance, midnight())
      : null;
  return {
    query,
    open,
    statistics,
    figures: query.data && figuresOf(query.data, portfolio, atStartOfDay),
  };
}
