/** Where a price stands between its stop and its next target. Pure. */
import type { Position } from "@/api/wire";

export interface Range {
  /** 0 to 1, from the left end to the right. */
  price: number;
  entry: number;
  stop: number;
  /** Null when every target was taken: the bar ends at the highest price. */
  target: number | null;
}

type Prices = Pick<
  Position,
  "price" | "entry_price" | "stop_loss_price" | "next_tier" | "highest_price_seen"
>;

/** The bar reaches from the stop to the next target, and further where the price is past one. */
export function rangeOf(position: Prices): Range {
  const { price, entry_price: entry, stop_loss_price: stop, next_tier: next } = position;
  const end = next?.price ?? position.highest_price_seen;
  const [low, high] = [Math.min(stop, price, entry), Math.max(end, price, entry)];
  const width = high - low;
  const share = (value: number) => (width > 0 ? (value - low) / width : 0);
  return {
    price: share(price),
    entry: share(entry),
    stop: share(stop),
    target: next ? share(next.price) : null,
  };
}
