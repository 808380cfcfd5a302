import { useStore } from "zustand";
import { live } from "@/api/live";
import { positionIn } from "@/api/shown";
import { formatChange, formatPercentChange, formatPrice } from "@/lib/format";
import type { HeldStore } from "./drag";
import { distanceText, priceOf } from "./moves";

interface HeldTagProps {
  token: string;
  trade: number | null;
  held: HeldStore;
}

/** What the line in the hand would mean, while it moves. */
export function HeldTag({ token, trade, held }: HeldTagProps) {
  const now = useStore(held);
  if (now === null) return null;
  const price = priceOf(now.handle, now.distance);
  const position = positionIn(live.getState().positions, token, trade);
  return (
    <p className="pointer-events-none absolute top-2 left-1/2 z-20 flex w-max max-w-[calc(100%-1rem)] -translate-x-1/2 flex-wrap justify-center gap-x-3 rounded-md border border-line-strong bg-surface px-2 py-1 text-sm shadow-raised">
      <span className="num font-semibold">
        {now.handle.title} {formatPrice(price)}
      </span>
      <span className="num">{distanceText(now.handle, now.distance)}</span>
      {position && (
        <>
          <span className="num text-muted">
            {formatPercentChange(100 * (price / position.price - 1))} from the price
          </span>
          <span className="num text-muted">
            {formatChange(position.tokens * (price - position.entry_price))} SOL at this size
          </span>
        </>
      )}
    </p>
  );
}
