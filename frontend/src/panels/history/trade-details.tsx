import { useQuery } from "@tanstack/react-query";
import { tradeQuery } from "@/api/queries";
import type { Fill, Trade } from "@/api/wire";
import { arrow, formatTokens, shortAddress } from "@/lib/format";
import { inWords } from "@/lib/reasons";
import { useWallet } from "@/lib/session";
import { cleanText } from "@/lib/text";
import { formatMoment, parseTime } from "@/lib/time";
import { Dialog } from "@/ui/dialog";
import { Failure } from "@/ui/failure";
import { Change, Price, Sol } from "@/ui/figures";
import { Skeleton } from "@/ui/skeleton";
import { Steps } from "@/ui/steps";

function FillRow({ fill }: { fill: Fill }) {
  const bought = fill.side === "BUY";
  return (
    <tr>
      <td className="num py-1 pr-2 text-faint">{formatMoment(parseTime(fill.time))}</td>
      <td className={bought ? "pr-2 text-up" : "pr-2 text-down"}>
        <span aria-hidden="true" className="mr-1 text-[0.7em]">
          {arrow(bought ? "up" : "down")}
        </span>
        {bought ? "Buy" : "Sell"}
      </td>
      <td className="pr-2 text-muted">{inWords(fill.reason)}</td>
      <td className="num pr-2 text-right">{formatTokens(fill.token_amount)}</td>
      <td className="pr-2 text-right">
        <Price value={fill.price} />
      </td>
      <td className="text-right">
        <Sol value={fill.sol_amount} />
      </td>
    </tr>
  );
}

function Fills({ fills }: { fills: Fill[] }) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full whitespace-nowrap text-sm">
        <thead>
          <tr className="text-faint">
            {["Time", "Side", "Reason"].map((title) => (
              <th key={title} className="pr-2 text-left font-normal">
                {title}
              </th>
            ))}
            {["Tokens", "Price", "SOL"].map((title) => (
              <th key={title} className="pr-2 text-right font-normal last:pr-0">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {fills.map((fill) => (
            <FillRow key={fill.id} fill={fill} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Details({ id }: { id: number }) {
  const query = useQuery(tradeQuery(useWallet(), id));
  if (query.isPending) return <Skeleton label="The trade loads" rows={8} />;
  if (!query.data) {
    return (
      <Failure
        title="The trade could not be loaded"
        error={query.error}
        onRetry={query.refetch}
        busy={query.isFetching}
      />
    );
  }
  const trade = query.data;
  return (
    <div className="flex flex-col gap-5">
      <p className="flex flex-wrap items-baseline gap-x-3 text-muted">
        <span>{inWords(trade.strategy)}</span>
        {trade.pnl_sol !== null && (
          <>
            <Change value={trade.pnl_sol} className="font-semibold text-lg" />
            <Change value={trade.pnl_percent} unit="percent" />
          </>
        )}
        <span>{trade.exit_reason === null ? "Still open" : inWords(trade.exit_reason)}</span>
      </p>
      <section aria-label="Fills">
        <h3 className="mb-1 font-semibold">Fills</h3>
        <Fills fills={trade.fills} />
      </section>
      <section aria-label="Why">
        <h3 className="mb-1 font-semibold">Why it was opened</h3>
        <Steps steps={trade.why} />
      </section>
    </div>
  );
}

/** One trade in full: what was bought and sold, and the decision behind it. */
export function TradeDetails({ trade, onClose }: { trade: Trade | null; onClose: () => void }) {
  const name = trade && (trade.token.symbol ?? shortAddress(trade.token.address));
  return (
    <Dialog
      side
      open={trade !== null}
      onClose={onClose}
      title={`${cleanText(name ?? "", 24)}, trade ${trade?.id ?? ""}`}
    >
      {trade && <Details id={trade.id} />}
    </Dialog>
  );
}
