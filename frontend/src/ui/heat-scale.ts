/** How strongly a cell is coloured. Pure. */

export interface Scale {
  low: number;
  high: number;
  /** What is above it counts as better, what is below as worse. */
  pivot: number;
}

export function scaleOf(values: (number | null)[][], pivot: number): Scale {
  const known = values.flat().filter((value) => value !== null);
  return { low: Math.min(pivot, ...known), high: Math.max(pivot, ...known), pivot };
}

const WEAKEST = 8;
const STRONGEST = 88;

/** The side of the pivot, and how far towards the end of it in percent of colour. */
export function shadeOf(
  value: number,
  { low, high, pivot }: Scale,
): ["up" | "down" | "flat", number] {
  if (value === pivot) return ["flat", 0];
  const isUp = value > pivot;
  const reach = isUp ? high - pivot : pivot - low;
  const share = reach > 0 ? Math.abs(value - pivot) / reach : 0;
  return [isUp ? "up" : "down", Math.round(WEAKEST + (STRONGEST - WEAKEST) * share)];
}

/** The place of the highest value, the first of several; null when nothing is known. */
export function bestCell(values: (number | null)[][]): [row: number, column: number] | null {
  let best: [number, number] | null = null;
  let highest = Number.NEGATIVE_INFINITY;
  for (const [row, line] of values.entries()) {
    for (const [column, value] of line.entries()) {
      if (value !== null && value > highest) {
        highest = value;
        best = [row, column];
      }
    }
  }
  return best;
}

const moves: Record<string, [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Where a key leads from a cell; the same cell at an edge, null for other keys. */
export function afterKey(
  key: string,
  [row, column]: [number, number],
  rows: number,
  columns: number,
): [number, number] | null {
  if (key === "Home") return [row, 0];
  if (key === "End") return [row, columns - 1];
  const move = moves[key];
  if (move === undefined) return null;
  const clamp = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
  return [clamp(row + move[0], rows), clamp(column + move[1], columns)];
}
