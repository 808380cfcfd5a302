/** In which order positions stand. Pure. */
import type { Position } from "@/api/wire";

export const orders = {
  newest: "Newest first",
  oldest: "Oldest first",
  best: "Best first",
  worst: "Worst first",
  stop: "Nearest to stop",
} as const;

export type Order = keyof typeof orders;

const keys: Record<Order, (position: Position) => number> = {
  newest: ({ trade_id }) => -trade_id,
  oldest: ({ trade_id }) => trade_id,
  best: ({ unrealised_pnl }) => -unrealised_pnl,
  worst: ({ unrealised_pnl }) => unrealised_pnl,
  stop: ({ stop_distance_percent }) => stop_distance_percent,
};

/** The trades in an order, those alike with the newest first. */
export function ordered(positions: Record<number, Position>, order: Order): number[] {
  const key = keys[order];
  return Object.values(positions)
    .sort((one, other) => key(one) - key(other) || other.trade_id - one.trade_id)
    .map(({ trade_id }) => trade_id);
}

/** Prices move these while they are looked at. */
export function moves(order: Order): boolean {
  return order !== "newest" && order !== "oldest";
}
