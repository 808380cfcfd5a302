import { useId, useRef, useState } from "react";
import { useLive } from "@/api/live";
import { positionIn, useShown } from "@/api/shown";
import { useDrawers } from "@/lib/drawers";
import { formatCount } from "@/lib/format";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Empty } from "@/ui/empty";
import { Change } from "@/ui/figures";
import { InSlices } from "@/ui/in-slices";
import { Skeleton } from "@/ui/skeleton";
import { CloseButtons } from "./close-buttons";
import { CloseDialog } from "./close-dialog";
import { nameOf } from "./name";
import { type Order, orders } from "./order";
import { PositionDetails } from "./position-details";
import { PositionList } from "./position-list";
import { useOrder } from "./use-order";

/** The position that the chart shows, spread out. */
function Spread({ trade }: { trade: number }) {
  const position = useLive(({ positions }) => positions[trade]);
  const { openTrade } = useDrawers();
  if (position === undefined) return null;
  return (
    <section
      aria-label="Shown position"
      className="flex shrink-0 flex-col gap-2.5 px-3 pt-2 pb-2.5"
    >
      <h3 className="flex items-baseline justify-between gap-2">
        <span className="min-w-0 truncate font-semibold text-lg">{nameOf(position.token)}</span>
        <span className="flex shrink-0 items-baseline gap-2">
          <Change value={position.unrealised_pnl} className="font-semibold text-lg" />
          <Change value={position.unrealised_pnl_percent} unit="percent" />
        </span>
      </h3>
      <PositionDetails position={position} />
      <CloseButtons position={position} />
      <Button
        size="small"
        look="quiet"
        aria-haspopup="dialog"
        onClick={() => openTrade(position.trade_id)}
      >
        Trade in full, what if…
      </Button>
    </section>
  );
}

function Sorter({ order, onOrder }: { order: Order; onOrder: (order: Order) => void }) {
  const id = useId();
  return (
    <span className="flex items-center">
      <label htmlFor={id} className="sr-only">
        Order of the positions
      </label>
      <select
        id={id}
        value={order}
        onChange={(event) => onOrder(event.target.value as Order)}
        className="h-7 rounded-md border border-line bg-raised px-1.5 text-sm"
      >
        {Object.entries(orders).map(([value, title]) => (
          <option key={value} value={value}>
            {title}
          </option>
        ))}
      </select>
    </span>
  );
}

/** Whether everything that is held is here: the platform says how much it is, then each of it. */
function useIsTold(): boolean {
  const isComplete = useLive(
    ({ portfolio, positions }) =>
      portfolio !== null &&
      Object.keys(positions).length >= Object.keys(portfolio.positions).length,
  );
  // Later on a trade that opens must not hide the others.
  const isTold = useRef(false);
  isTold.current ||= isComplete;
  return isTold.current;
}

const loading = <Skeleton label="Positions load" rows={12} />;

/** What is held: the shown position in full, and all of them in the order that was chosen. */
export function Positions() {
  const [order, setOrder] = useState<Order>("newest");
  const { trades, hold } = useOrder(order);
  const { token, trade } = useShown();
  const shown = useLive(({ positions }) =>
    token === null ? null : (positionIn(positions, token.address, trade)?.trade_id ?? null),
  );
  const isTold = useIsTold();
  const isList = trades.length > 1 || (trades.length === 1 && shown === null);
  const many = trades.length > 1 ? `Positions · ${formatCount(trades.length)}` : "Positions";
  return (
    <div className="flex min-h-0 flex-col xl:max-h-[70%] xl:shrink-0">
      <Card
        title={many}
        fill
        actions={trades.length > 1 && <Sorter order={order} onOrder={setOrder} />}
        className="flex flex-col overflow-y-auto"
      >
        {!isTold && loading}
        {isTold && trades.length === 0 && (
          <Empty title="No open position">
            When a strategy confirms a signal, usually within a minute, the trade opens here with
            its cost, its stop and its targets.
          </Empty>
        )}
        {isTold && (
          <InSlices meanwhile={trades.length > 0 && loading}>
            {shown !== null && <Spread trade={shown} />}
            {isList && <PositionList trades={trades} shown={shown} onHold={hold} />}
          </InSlices>
        )}
        <CloseDialog />
      </Card>
    </div>
  );
}
