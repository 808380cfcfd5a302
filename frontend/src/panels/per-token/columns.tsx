import type { TokenGroup } from "@/api/wire";
import { FEWEST } from "@/lib/certainty";
import { formatCount, formatNumber, shortAddress } from "@/lib/format";
import { cleanText } from "@/lib/text";
import { formatDuration } from "@/lib/time";
import { Badge } from "@/ui/badge";
import { Change, Sol } from "@/ui/figures";
import { PnlBar } from "@/ui/pnl-bar";
import type { Column } from "@/ui/sortable-table";
import { WinRate } from "@/ui/win-rate";

export interface Marks {
  /** The keys of the tokens that earned and lost most; null where there is none to name. */
  best: string | null;
  worst: string | null;
  largest: number;
}

/** Names the best and the worst of several, where they won and lost. */
export function marksOf(groups: TokenGroup[]): Marks {
  const sorted = groups.toSorted((one, other) => other.net_pnl_sol - one.net_pnl_sol);
  const [first, last] = [sorted[0], sorted.at(-1)];
  const isOne = groups.length < 2;
  return {
    best: !isOne && first && first.net_pnl_sol > 0 ? first.key : null,
    worst: !isOne && last && last.net_pnl_sol < 0 ? last.key : null,
    largest: Math.max(0, ...[first, last].map((it) => Math.abs(it?.net_pnl_sol ?? 0))),
  };
}

function Token({ group, marks }: { group: TokenGroup; marks: Marks }) {
  return (
    <span className="flex items-center gap-1.5">
      <button
        type="button"
        className="min-w-0 truncate font-semibold hover:underline"
        title={group.key ?? undefined}
      >
        {cleanText(group.symbol || shortAddress(group.key ?? ""), 24)}
      </button>
      {group.key === marks.best && <Badge tone="up">Best</Badge>}
      {group.key === marks.worst && <Badge tone="down">Worst</Badge>}
    </span>
  );
}

export const columnsOf = (marks: Marks): (Column<TokenGroup> & { width: number })[] => [
  {
    id: "symbol",
    title: "Token",
    width: 150,
    sortBy: (group) => group.symbol.toLowerCase(),
    cell: (group) => <Token group={group} marks={marks} />,
  },
  {
    id: "net",
    title: "Net P&L, SOL",
    width: 112,
    isNumber: true,
    sortBy: (group) => group.net_pnl_sol,
    cell: (group) => <Change value={group.net_pnl_sol} />,
  },
  {
    id: "bar",
    title: "Share",
    width: 120,
    sortBy: (group) => Math.abs(group.net_pnl_sol),
    cell: (group) => <PnlBar value={group.net_pnl_sol} largest={marks.largest} />,
  },
  {
    id: "trades",
    title: "Trades",
    width: 80,
    isNumber: true,
    sortBy: (group) => group.trades,
    cell: (group) => formatCount(group.trades),
  },
  {
    id: "win_rate",
    title: "Win rate",
    width: 128,
    isNumber: true,
    sortBy: (group) => (group.trades < FEWEST ? null : group.win_rate),
    cell: ({ trades, wins }) => <WinRate trades={trades} wins={wins} />,
  },
  {
    id: "best",
    title: "Best",
    width: 96,
    isNumber: true,
    sortBy: (group) => group.best_sol,
    cell: (group) => <Change value={group.best_sol} />,
  },
  {
    id: "worst",
    title: "Worst",
    width: 96,
    isNumber: true,
    sortBy: (group) => group.worst_sol,
    cell: (group) => <Change value={group.worst_sol} />,
  },
  {
    id: "factor",
    title: "Profit factor",
    width: 112,
    isNumber: true,
    sortBy: (group) => group.profit_factor,
    cell: ({ profit_factor: factor }) =>
      formatNumber(factor === null ? null : Number(factor.toFixed(2))),
  },
  {
    id: "volume",
    title: "Volume, SOL",
    width: 112,
    isNumber: true,
    sortBy: (group) => group.volume_sol,
    cell: (group) => <Sol value={group.volume_sol} />,
  },
  {
    id: "holding",
    title: "Median held",
    width: 112,
    isNumber: true,
    sortBy: (group) => group.median_holding_seconds,
    cell: ({ median_holding_seconds: held }) => (held === null ? "–" : formatDuration(1000 * held)),
  },
];
