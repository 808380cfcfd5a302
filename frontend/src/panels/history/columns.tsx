import { useLive } from "@/api/live";
import type { Trade } from "@/api/wire";
import { shortAddress } from "@/lib/format";
import { inWords } from "@/lib/reasons";
import { cleanText } from "@/lib/text";
import { formatDuration, formatFull, formatMoment, parseTime } from "@/lib/time";
import { Badge, type Tone } from "@/ui/badge";
import { Change, Price, Sol } from "@/ui/figures";

const tones: Record<Exclude<Trade["status"], "finished">, Tone> = {
  active: "accent",
  failed: "warn",
};

function heldFor({ entry_time, exit_time }: Trade): string {
  return exit_time === null ? "–" : formatDuration(parseTime(exit_time) - parseTime(entry_time));
}

function Moment({ text }: { text: string | null }) {
  if (text === null) return "–";
  const time = parseTime(text);
  return <span title={formatFull(time)}>{formatMoment(time)}</span>;
}

/** An open trade's result is what it would be now. */
function Pnl({ trade, unit }: { trade: Trade; unit: "sol" | "percent" }) {
  const open = useLive((state) => state.positions[trade.id]);
  const [known, now] =
    unit === "sol"
      ? [trade.pnl_sol, open?.unrealised_pnl]
      : [trade.pnl_percent, open?.unrealised_pnl_percent];
  return <Change value={known ?? now} unit={unit} />;
}

function Name({ trade }: { trade: Trade }) {
  return (
    <button
      type="button"
      className="block max-w-full truncate font-semibold hover:underline"
      aria-haspopup="dialog"
    >
      {cleanText(trade.token.symbol ?? shortAddress(trade.token.address), 24)}
    </button>
  );
}

export interface TradeColumn {
  /** What the platform sorts by, where it can. */
  id: string;
  title: string;
  width: number;
  isNumber?: boolean;
  sorts?: boolean;
  isFaint?: boolean;
  cell: (trade: Trade) => React.ReactNode;
}

/** Why it ended, or how it stands where it did not end as trades do. */
function Ending({ trade }: { trade: Trade }) {
  const { status, exit_reason } = trade;
  if (status !== "finished") return <Badge tone={tones[status]}>{inWords(status)}</Badge>;
  return <span title={inWords(exit_reason)}>{inWords(exit_reason)}</span>;
}

export const columns: TradeColumn[] = [
  { id: "token", title: "Token", width: 108, cell: (trade) => <Name trade={trade} /> },
  {
    id: "entry_time",
    title: "Opened",
    width: 130,
    sorts: true,
    isFaint: true,
    cell: (trade) => <Moment text={trade.entry_time} />,
  },
  {
    id: "pnl_sol",
    title: "P&L, SOL",
    width: 110,
    isNumber: true,
    sorts: true,
    cell: (trade) => <Pnl trade={trade} unit="sol" />,
  },
  {
    id: "pnl_percent",
    title: "P&L, %",
    width: 102,
    isNumber: true,
    sorts: true,
    cell: (trade) => <Pnl trade={trade} unit="percent" />,
  },
  {
    id: "reason",
    title: "Ended by",
    width: 142,
    isFaint: true,
    cell: (trade) => <Ending trade={trade} />,
  },
  {
    id: "strategy",
    title: "Strategy",
    width: 118,
    isFaint: true,
    cell: ({ strategy }) => inWords(strategy),
  },
  {
    id: "sol_invested",
    title: "Cost, SOL",
    width: 94,
    isNumber: true,
    sorts: true,
    cell: ({ sol_invested }) => <Sol value={sol_invested} />,
  },
  {
    id: "entry",
    title: "Entry",
    width: 98,
    isNumber: true,
    cell: ({ entry_price }) => <Price value={entry_price} />,
  },
  {
    id: "exit",
    title: "Exit",
    width: 98,
    isNumber: true,
    cell: ({ exit_price }) => <Price value={exit_price} />,
  },
  { id: "held", title: "Held", width: 94, isNumber: true, sorts: true, cell: heldFor },
  {
    id: "exit_time",
    title: "Ended",
    width: 130,
    sorts: true,
    isFaint: true,
    cell: (trade) => <Moment text={trade.exit_time} />,
  },
];
