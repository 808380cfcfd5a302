/** Which stretch of a long list is loaded: the rows in sight and as many again on either side. Pure. */
import type { Trade } from "@/api/wire";

const STEP = 100;
export const STRETCH = 3 * STEP;

export interface Stretch {
  /** The place of its first trade in the whole list. */
  skip: number;
  trades: Trade[];
  total: number;
}

/** Where the stretch begins that holds a row; the same one for a hundred rows. */
export function skipFor(row: number): number {
  return Math.max(0, (Math.floor(row / STEP) - 1) * STEP);
}

export function tradeAt(stretch: Stretch, row: number): Trade | undefined {
  return stretch.trades[row - stretch.skip];
}

/** How many rows a trade has moved down since it stood in a row; 0 where it is out of reach. */
export function movedBy(stretch: Stretch, id: number, row: number): number {
  const index = stretch.trades.findIndex((it) => it.id === id);
  return index < 0 ? 0 : stretch.skip + index - row;
}
