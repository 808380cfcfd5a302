import type { Group, Grouping } from "@/api/analytics";
import { FEWEST } from "@/lib/certainty";
import { formatCount, formatNumber } from "@/lib/format";
import type { TradeSearch } from "@/lib/profile";
import { formatDuration } from "@/lib/time";
import { Change } from "@/ui/figures";
import { PnlBar } from "@/ui/pnl-bar";
import type { Column } from "@/ui/sortable-table";
import { WinRate } from "@/ui/win-rate";
import { groupings, groupName, groupOrder, tradesIn } from "./groups";

interface NameProps {
  by: Grouping;
  group: Group;
  onOpen: (trades: TradeSearch) => void;
}

function Name({ by, group, onOpen }: NameProps) {
  const trades = tradesIn(by, group);
  const name = groupName(by, group);
  if (trades === null) return <span className="font-semibold">{name}</span>;
  return (
    <button
      type="button"
      onClick={() => onOpen(trades)}
      className="whitespace-nowrap font-semibold hover:underline"
      title="See these trades"
    >
      {name}
    </button>
  );
}

/** What few trades cannot tell is not written as if they did. */
function Factor({ group }: { group: Group }) {
  const { trades, profit_factor: factor } = group;
  if (trades < FEWEST || factor === null) return <span className="text-faint">–</span>;
  return formatNumber(Number(factor.toFixed(2)));
}

export function columnsOf(
  by: Grouping,
  groups: Group[],
  onOpen: (trades: TradeSearch) => void,
): Column<Group>[] {
  const largest = Math.max(0, ...groups.map((it) => Math.abs(it.net_pnl_sol)));
  const title = groupings.find(({ value }) => value === by)?.column ?? "Group";
  return [
    {
      id: "name",
      title,
      sortBy: (group) => groupOrder(by, group),
      cell: (group) => <Name by={by} group={group} onOpen={onOpen} />,
    },
    {
      id: "net",
      title: "Net P&L, SOL",
      isNumber: true,
      sortBy: (group) => group.net_pnl_sol,
      cell: (group) => <Change value={group.net_pnl_sol} />,
    },
    {
      id: "bar",
      title: "Share",
      sortBy: (group) => Math.abs(group.net_pnl_sol),
      cell: (group) => <PnlBar value={group.net_pnl_sol} largest={largest} />,
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
      sortBy: (group) => (group.trades < FEWEST ? null : group.win_rate),
      cell: ({ trades, wins }) => <WinRate trades={trades} wins={wins} />,
    },
    {
      id: "mean",
      title: "Per trade, SOL",
      isNumber: true,
      sortBy: (group) => group.expectancy_sol,
      cell: (group) => <Change value={group.expectancy_sol} />,
    },
    {
      id: "factor",
      title: "Profit factor",
      isNumber: true,
      sortBy: (group) => (group.trades < FEWEST ? null : group.profit_factor),
      cell: (group) => <Factor group={group} />,
    },
    {
      id: "holding",
      title: "Median held",
      isNumber: true,
      sortBy: (group) => group.median_holding_seconds,
      cell: ({ median_holding_seconds: held }) =>
        held === null ? "–" : formatDuration(1000 * held),
    },
  ];
}
