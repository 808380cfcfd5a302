import { formatCount, formatTokens } from "@/lib/format";
import { inWords } from "@/lib/reasons";
import { Change, Price, Sol } from "@/ui/figures";
import { formatUtc } from "../words";
import { type NumberedTrade, symbolOf } from "./trades";

/** The trade that is looked at: its entry and each sale with its reason. */
export function SelectedTrade({ trade }: { trade: NumberedTrade }) {
  return (
    <section
      aria-label={`Trade ${formatCount(trade.number)}`}
      aria-live="polite"
      className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-4 gap-y-1"
    >
      <h3 className="font-semibold">
        Trade {trade.number}, {symbolOf(trade)} <Change value={trade.pnl_sol} />
      </h3>
      <ol className="flex flex-wrap gap-x-4 gap-y-1">
        <li>
          <span className="text-muted">Bought</span> {formatTokens(trade.quantity)} at{" "}
          <Price value={trade.entry_price} />
          <span className="num text-faint"> {formatUtc(trade.entry_time)}</span>
        </li>
        {trade.fills.map((fill) => (
          <li key={`${fill.time}/${fill.reason}`}>
            <span className="text-muted">{inWords(fill.reason)}</span> <Sol value={fill.sol} /> SOL
            at <Price value={fill.price} />
            <span className="num text-faint"> {formatUtc(fill.time)}</span>
          </li>
        ))}
        {trade.exit_time === null && (
          <li>
            <span className="text-muted">Open at the end, worth</span>{" "}
            <Sol value={trade.open_value_sol} /> SOL
          </li>
        )}
      </ol>
    </section>
  );
}
