import type { TokenGroup } from "@/api/wire";
import { formatCount, formatNumber, formatPercent, shortAddress } from "@/lib/format";
import { cleanText } from "@/lib/text";
import { formatDuration } from "@/lib/time";
import { Change, Sol } from "@/ui/figures";
import type { Column } from "@/ui/sortable-table";

export const columns: Column<TokenGroup>[] = [
  {
    id: "symbol",
    title: "Token",
    sortBy: (group) => group.symbol.toLowerCase(),
    cell: (group) => (
      <span className="font-semibold" title={group.key ?? undefined}>
        {cleanText(group.symbol || shortAddress(group.key ?? ""), 24)}
      </span>
    ),
  },
  {
    id: "trades",
    title: "Trades",
    isNumber: true,
    sortBy: (group) => group.trades,
    cell: (group) => formatCount(group.trades),
  },
  {
    id: "win_rate",
    title: "Win rate",
    isNumber: true,
    sortBy: (group) => group.win_rate,
    cell: (group) => formatPercent(group.win_rate === null ? null : 100 * group.win_rate, 0),
  },
  {
    id: "net",
    title: "Net P&L, SOL",
    isNumber: true,
    sortBy: (group) => group.net_pnl_sol,
    cell: (group) => <Change value={group.net_pnl_sol} />,
  },
  {
    id: "best",
    title: "Best",
    isNumber: true,
    sortBy: (group) => group.best_sol,
    cell: (group) => <Change value={group.best_sol} />,
  },
  {
    id: "worst",
    title: "Worst",
    isNumber: true,
    sortBy: (group) => group.worst_sol,
    cell: (group) => <Change value={group.worst_sol} />,
  },
  {
    id: "factor",
    title: "Profit factor",
    isNumber: true,
    sortBy: (group) => group.profit_factor,
    cell: (group) => formatNumber(group.profit_factor),
  },
  {
    id: "volume",
    title: "Volume, SOL",
    isNumber: true,
    sortBy: (group) => group.volume_sol,
    cell: (group) => <Sol value={group.volume_sol} />,
  },
  {
    id: "holding",
    title: "Median holding",
    isNumber: true,
    sortBy: (group) => group.median_holding_seconds,
    cell: ({ median_holding_seconds: held }) => (held === null ? "–" : formatDuration(1000 * held)),
  },
];
