import { useMemo, useState } from "react";
import type { RunTrade } from "@/api/research";
import { formatCount, formatPercent } from "@/lib/format";
import { Card } from "@/ui/card";
import { classes } from "@/ui/classes";
import { Empty } from "@/ui/empty";
import { Change } from "@/ui/figures";
import { Scroller } from "@/ui/scroller";
import { Segments } from "@/ui/segments";
import { type Group, type Grouping, groupsOf } from "./trades";

const groupings: { value: Grouping; title: string }[] = [
  { value: "exit_reason", title: "Exit reason" },
  { value: "token", title: "Token" },
  { value: "strategy", title: "Strategy" },
  { value: "weekday", title: "Weekday" },
  { value: "hour", title: "Hour" },
];

/** A bar from the middle, to the right for a profit; the figure beside it says the same. */
function Bar({ value, most }: { value: number; most: number }) {
  const share = most === 0 ? 0 : (50 * Math.abs(value)) / most;
  return (
    <div aria-hidden="true" className="relative h-3 w-full min-w-24">
      <span className="absolute inset-y-0 left-1/2 w-px bg-line-strong" />
      <span
        className={classes(
          "absolute inset-y-0 rounded-[2px]",
          value >= 0 ? "left-1/2 bg-up" : "right-1/2 bg-down",
        )}
        style={{ width: `${share}%` }}
      />
    </div>
  );
}

function Row({ group, most }: { group: Group; most: number }) {
  return (
    <tr className="border-line border-b last:border-b-0">
      <th scope="row" className="px-3 py-1.5 text-left font-medium">
        {group.label || "–"}
      </th>
      <td className="num px-3 py-1.5 text-right">{formatCount(group.trades)}</td>
      <td className="num px-3 py-1.5 text-right">
        {formatPercent((100 * group.wins) / group.trades, 0)}
      </td>
      <td className="num px-3 py-1.5 text-right">
        <Change value={group.pnl} />
      </td>
      <td className="w-2/5 px-3 py-1.5">
        <Bar value={group.pnl} most={most} />
      </td>
    </tr>
  );
}

/** Where the profit and the loss came from. */
export function Breakdown({ trades }: { trades: RunTrade[] }) {
  const [by, setBy] = useState<Grouping>("exit_reason");
  const groups = useMemo(() => groupsOf(trades, by), [trades, by]);
  const most = Math.max(0, ...groups.map((group) => Math.abs(group.pnl)));
  return (
    <Card title="Where it came from">
      <div className="p-3 pb-1">
        <Segments label="Grouped by" value={by} onChange={setBy} options={groupings} wraps />
      </div>
      {groups.length === 0 ? (
        <Empty title="No finished trade">Groups appear with the first trade that was closed.</Empty>
      ) : (
        <Scroller label="Profit and loss by group">
          <table className="w-full" aria-label="Where profit and loss came from">
            <thead>
              <tr className="border-line border-b text-muted text-sm">
                <th scope="col" className="px-3 py-2 text-left font-medium">
                  {groupings.find((it) => it.value === by)?.title}
                  {(by === "weekday" || by === "hour") && ", UTC"}
                </th>
                {["Trades", "Win rate", "Net P&L, SOL"].map((title) => (
                  <th key={title} scope="col" className="px-3 py-2 text-right font-medium">
                    {title}
                  </th>
                ))}
                <th scope="col">
                  <span className="sr-only">Bar</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {groups.map((group) => (
                <Row key={group.key} group={group} most={most} />
              ))}
            </tbody>
          </table>
        </Scroller>
      )}
    </Card>
  );
}
