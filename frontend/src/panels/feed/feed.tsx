import { useLive } from "@/api/live";
import type { Transaction } from "@/api/live-state";
import { useShown } from "@/api/shown";
import { arrow, formatTokens, shortAddress } from "@/lib/format";
import { own } from "@/lib/own";
import { inWords } from "@/lib/reasons";
import { cleanText } from "@/lib/text";
import { formatClock, formatFull } from "@/lib/time";
import { Badge } from "@/ui/badge";
import { Card } from "@/ui/card";
import { classes } from "@/ui/classes";
import { Empty } from "@/ui/empty";
import { Price, Sol } from "@/ui/figures";
import { NewerButton } from "@/ui/newer-button";
import { Scroller } from "@/ui/scroller";
import { useHeld } from "./use-held";

function FeedRow({ item }: { item: Transaction }) {
  const bought = item.side === "BUY";
  const time = item.time * 1000;
  return (
    <tr className={item.own === null ? undefined : "bg-accent-soft"}>
      <td className="num py-0.5 pl-3 text-faint" title={formatFull(time)}>
        {formatClock(time)}
      </td>
      <td className={classes("px-2 font-medium", bought ? "text-up" : "text-down")}>
        <span aria-hidden="true" className="mr-1 text-[0.7em]">
          {arrow(bought ? "up" : "down")}
        </span>
        {bought ? "Buy" : "Sell"}
      </td>
      <td className="px-2 text-right">
        <Price value={item.price} />
      </td>
      <td className="num hidden px-2 text-right text-muted sm:table-cell">
        {formatTokens(item.token_amount)}
      </td>
      <td className="px-2 text-right">
        <Sol value={item.sol_amount} />
      </td>
      <td className="pr-3 pl-2 text-right">
        {item.own !== null && (
          <Badge tone="accent">You{bought ? "" : ` · ${inWords(item.own)}`}</Badge>
        )}
      </td>
    </tr>
  );
}

const none: Transaction[] = [];
const heading = "sticky top-0 z-10 bg-surface px-2 py-1 font-medium";

function FeedTable({ items }: { items: Transaction[] }) {
  return (
    <table className="w-full text-sm">
      <thead>
        <tr className="text-faint">
          <th className={classes(heading, "pl-3 text-left")}>Time</th>
          <th className={classes(heading, "text-left")}>Side</th>
          <th className={classes(heading, "text-right")}>Price</th>
          <th className={classes(heading, "hidden text-right sm:table-cell")}>Tokens</th>
          <th className={classes(heading, "text-right")}>SOL</th>
          <th className={heading}>
            <span className="sr-only">Whose</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <FeedRow key={item.key} item={item} />
        ))}
      </tbody>
    </table>
  );
}

/** The token's trades as they happen, one's own among them marked. It stays put for who reads. */
export function Feed() {
  const { token } = useShown();
  const address = token?.address ?? "";
  const items = useLive((state) => own(state.feed, address) ?? none);
  const { scroller, shown, newer, show } = useHeld(address, items);
  const symbol = token && cleanText(token.symbol ?? shortAddress(token.address), 24);
  return (
    <div className="flex h-56 min-h-0 shrink-0 flex-col">
      <Card
        title="Transactions"
        fill
        actions={symbol && <span className="text-faint text-sm">{symbol}</span>}
        className="relative flex flex-col"
      >
        <NewerButton count={newer} onShow={show} isBelowHead />
        <Scroller
          ref={scroller}
          label="Latest trades"
          className="min-h-0 flex-1 [overflow-anchor:none]"
        >
          {shown.length === 0 ? (
            <Empty title="No transaction yet">
              Trades in the token on the chart appear here as they happen, your own marked.
            </Empty>
          ) : (
            <FeedTable items={shown} />
          )}
        </Scroller>
      </Card>
    </div>
  );
}
