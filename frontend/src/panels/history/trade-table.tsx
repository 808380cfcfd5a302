import { useLive } from "@/api/live";
import type { Trade } from "@/api/wire";
import { shortAddress } from "@/lib/format";
import { inWords } from "@/lib/reasons";
import { cleanText } from "@/lib/text";
import { formatDuration, formatFull, formatMoment, parseTime } from "@/lib/time";
import { Badge, type Tone } from "@/ui/badge";
import { classes } from "@/ui/classes";
import { Change, Price, Sol } from "@/ui/figures";

const tones: Record<Trade["status"], Tone> = {
  active: "accent",
  finished: "neutral",
  failed: "warn",
};

function heldFor({ entry_time, exit_time }: Trade): string {
  return exit_time === null ? "–" : formatDuration(parseTime(exit_time) - parseTime(entry_time));
}

function TradeRow({ trade, onOpen }: { trade: Trade; onOpen: (trade: Trade) => void }) {
  const name = cleanText(trade.token.symbol ?? shortAddress(trade.token.address), 24);
  const entered = parseTime(trade.entry_time);
  // An open trade's result is what it would be now.
  const position = useLive((state) => state.positions[trade.id]);
  return (
    <tr
      onClick={() => onOpen(trade)}
      className="cursor-pointer border-line border-b last:border-b-0 hover:bg-hover"
    >
      <td className="num px-3 py-2 text-muted" title={formatFull(entered)}>
        {formatMoment(entered)}
      </td>
      <td className="px-3 py-2">
        <button type="button" className="font-semibold hover:underline" aria-haspopup="dialog">
          {name}
        </button>
      </td>
      <td className="px-3 py-2 text-right">
        <Change value={trade.pnl_sol ?? position?.unrealised_pnl} />
      </td>
      <td className="px-3 py-2 text-right">
        <Change value={trade.pnl_percent ?? position?.unrealised_pnl_percent} unit="percent" />
      </td>
      <td className="px-3 py-2">
        <Badge tone={tones[trade.status]}>{inWords(trade.status)}</Badge>
      </td>
      <td className="px-3 py-2 text-muted">{inWords(trade.exit_reason)}</td>
      <td className="px-3 py-2 text-muted">{inWords(trade.strategy)}</td>
      <td className="px-3 py-2 text-right">
        <Sol value={trade.sol_invested} />
      </td>
      <td className="px-3 py-2 text-right">
        <Price value={trade.entry_price} />
      </td>
      <td className="px-3 py-2 text-right">
        <Price value={trade.exit_price} />
      </td>
      <td className="num px-3 py-2 text-right text-muted">{heldFor(trade)}</td>
    </tr>
  );
}

const headings: [string, "left" | "right"][] = [
  ["Opened", "left"],
  ["Token", "left"],
  ["P&L, SOL", "right"],
  ["P&L, %", "right"],
  ["Status", "left"],
  ["Ended by", "left"],
  ["Strategy", "left"],
  ["Cost, SOL", "right"],
  ["Entry", "right"],
  ["Exit", "right"],
  ["Held", "right"],
];

export function TradeTable({
  trades,
  onOpen,
}: {
  trades: Trade[];
  onOpen: (trade: Trade) => void;
}) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full whitespace-nowrap" aria-label="Trades">
        <thead>
          <tr className="border-line border-b text-muted text-sm">
            {headings.map(([title, side]) => (
              <th
                key={title}
                scope="col"
                className={classes(
                  "px-3 py-2 font-medium",
                  side === "right" ? "text-right" : "text-left",
                )}
              >
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {trades.map((trade) => (
            <TradeRow key={trade.id} trade={trade} onOpen={onOpen} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
