import { inWords } from "@/lib/reasons";
import { formatDuration, parseTime } from "@/lib/time";
import { Change, Price, Sol } from "@/ui/figures";
import type { Column } from "@/ui/sortable-table";
import { formatUtc } from "../words";
import { heldOf, type NumberedTrade, symbolOf } from "./trades";

type TradeColumn = Column<NumberedTrade> & { width: number };

function held(trade: NumberedTrade): string {
  const length = heldOf(trade);
  return length === null ? "open" : formatDuration(length);
}

export const tradeColumns: TradeColumn[] = [
  {
    id: "number",
    title: "Trade",
    width: 96,
    sortBy: (trade) => trade.number,
    cell: (trade) => (
      <button
        type="button"
        aria-label={`Trade ${trade.number}: show it on the chart`}
        className="font-semibold hover:underline"
      >
        {trade.number}
      </button>
    ),
  },
  {
    id: "entry",
    title: "Entry, UTC",
    width: 172,
    sortBy: (trade) => parseTime(trade.entry_time),
    cell: (trade) => <span className="num text-muted">{formatUtc(trade.entry_time)}</span>,
  },
  {
    id: "token",
    title: "Token",
    width: 100,
    sortBy: (trade) => symbolOf(trade).toLowerCase(),
    cell: symbolOf,
  },
  {
    id: "pnl",
    title: "P&L, SOL",
    width: 120,
    isNumber: true,
    sortBy: (trade) => trade.pnl_sol,
    cell: (trade) => <Change value={trade.pnl_sol} />,
  },
  {
    id: "percent",
    title: "P&L, %",
    width: 100,
    isNumber: true,
    sortBy: (trade) => trade.pnl_percent,
    cell: (trade) => <Change value={trade.pnl_percent} unit="percent" />,
  },
  {
    id: "reason",
    title: "Ended by",
    width: 140,
    sortBy: (trade) => trade.exit_reason,
    cell: (trade) => (
      <span className="text-muted">{trade.exit_reason ? inWords(trade.exit_reason) : "Open"}</span>
    ),
  },
  {
    id: "sales",
    title: "Sales",
    width: 76,
    isNumber: true,
    sortBy: (trade) => trade.fills.length,
    cell: (trade) => trade.fills.length,
  },
  {
    id: "cost",
    title: "Cost, SOL",
    width: 100,
    isNumber: true,
    sortBy: (trade) => trade.sol_invested,
    cell: (trade) => <Sol value={trade.sol_invested} />,
  },
  {
    id: "price",
    title: "Entry price",
    width: 120,
    isNumber: true,
    sortBy: (trade) => trade.entry_price,
    cell: (trade) => <Price value={trade.entry_price} />,
  },
  {
    id: "exit",
    title: "Exit price",
    width: 120,
    isNumber: true,
    sortBy: (trade) => trade.exit_price,
    cell: (trade) => <Price value={trade.exit_price} />,
  },
  {
    id: "held",
    title: "Held",
    width: 110,
    isNumber: true,
    sortBy: heldOf,
    cell: (trade) => <span className="text-muted">{held(trade)}</span>,
  },
  {
    id: "strategy",
    title: "Strategy",
    width: 130,
    sortBy: (trade) => trade.strategy,
    cell: (trade) => <span className="text-muted">{inWords(trade.strategy)}</span>,
  },
];
