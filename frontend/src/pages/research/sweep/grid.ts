/** A sweep as a map of two of its parameters. Pure. */
import type { Score, SweepRow } from "@/api/research";
import { valueInShort } from "../titles";
import type { Measure } from "./measures";

export type Sample = "inside" | "outside";
/** What stands for the sets that share a cell. */
export type Summary = "best" | "median";

export interface Bin {
  label: string;
  /** Whether a value lies here. */
  holds: (value: unknown) => boolean;
}

const MOST_BINS = 24;
const BINS = 12;

const keyOf = (value: unknown) => JSON.stringify(value ?? null);

function rising(one: unknown, other: unknown): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  // Off stands before every number.
  if (one === null || other === null) return Number(other === null) - Number(one === null);
  return keyOf(one).localeCompare(keyOf(other));
}

/** So many values that each would be a line of its own are put together in equal steps. */
function steps(path: string, values: number[]): Bin[] {
  const low = Math.min(...values);
  const width = (Math.max(...values) - low) / BINS;
  return Array.from({ length: BINS }, (_, index) => {
    const [from, to] = [low + index * width, low + (index + 1) * width];
    const isLast = index === BINS - 1;
    const short = (value: number) => valueInShort(Number(value.toPrecision(3)), path);
    return {
      label: `${short(from)}–${short(to)}`,
      holds: (value) =>
        typeof value === "number" && value >= from && (value < to || (isLast && value >= from)),
    };
  });
}

export function binsOf(rows: SweepRow[], path: string): Bin[] {
  const byKey = new Map(rows.map((row) => [keyOf(row.params[path]), row.params[path] ?? null]));
  const values = [...byKey.values()].sort(rising);
  const numbers = values.filter((value): value is number => typeof value === "number");
  if (values.length > MOST_BINS && numbers.length === values.length) return steps(path, numbers);
  return values.map((value) => ({
    label: valueInShort(value, path),
    holds: (other) => keyOf(other) === keyOf(value),
  }));
}

export interface Cell {
  value: number | null;
  /** Sets that lie here. */
  count: number;
  /** The one whose value stands for the cell: the best, or the one in the middle. */
  row: SweepRow | null;
}

function scoreOf(row: SweepRow, sample: Sample): Score | null {
  return row[sample];
}

function summed(rows: SweepRow[], read: (row: SweepRow) => number | null, by: Summary): Cell {
  const known = rows
    .map((row) => ({ row, value: read(row) }))
    .filter((it): it is { row: SweepRow; value: number } => it.value !== null)
    .sort((one, other) => other.value - one.value);
  const found = by === "best" ? known[0] : known[Math.floor((known.length - 1) / 2)];
  return { value: found?.value ?? null, count: rows.length, row: found?.row ?? rows[0] ?? null };
}

export interface GridAsk {
  x: string;
  /** Null: one parameter alone varies. */
  y: string | null;
  measure: Measure;
  sample: Sample;
  by: Summary;
}

export interface Grid {
  xs: Bin[];
  ys: Bin[];
  /** A row for each of `ys`. */
  cells: Cell[][];
}

/** Which rows lie in which cell: counted once, whatever is then read of them. */
function placed(rows: SweepRow[], xs: Bin[], ys: Bin[], ask: GridAsk): SweepRow[][][] {
  const cells = ys.map(() => xs.map((): SweepRow[] => []));
  for (const row of rows) {
    const x = xs.findIndex((bin) => bin.holds(row.params[ask.x] ?? null));
    const y =
      ask.y === null ? 0 : ys.findIndex((bin) => bin.holds(row.params[ask.y ?? ""] ?? null));
    cells[y]?.[x]?.push(row);
  }
  return cells;
}

export function gridOf(rows: SweepRow[], ask: GridAsk): Grid {
  const xs = binsOf(rows, ask.x);
  const ys = ask.y === null ? [{ label: "", holds: () => true }] : binsOf(rows, ask.y);
  const read = (row: SweepRow) => {
    const score = scoreOf(row, ask.sample);
    return score === null ? null : ask.measure.read(score);
  };
  const cells = placed(rows, xs, ys, ask).map((line) =>
    line.map((cell) => summed(cell, read, ask.by)),
  );
  return { xs, ys, cells };
}

export interface Scale {
  centre: number;
  /** The largest distance from the centre. */
  reach: number;
}

/** One scale for several maps, so that their colours mean the same. */
export function scaleOf(grids: Grid[], measure: Measure): Scale {
  const values = grids.flatMap((grid) =>
    grid.cells.flat().flatMap(({ value }) => (value === null ? [] : [value])),
  );
  if (values.length === 0) return { centre: measure.centre ?? 0, reach: 0 };
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const centre = measure.centre ?? low;
  return { centre, reach: Math.max(Math.abs(high - centre), Math.abs(low - centre)) };
}

/** How strong a colour is: −1 to 1. */
export function shadeOf(value: number | null, { centre, reach }: Scale): number {
  return value === null || reach === 0 ? 0 : (value - centre) / reach;
}

/** Where the best cell is: the first of the highest. */
export function bestCell(grid: Grid): { x: number; y: number } | null {
  let best: { x: number; y: number; value: number } | null = null;
  for (const [y, line] of grid.cells.entries()) {
    for (const [x, { value }] of line.entries()) {
      if (value !== null && (best === null || value > best.value)) best = { x, y, value };
    }
  }
  return best && { x: best.x, y: best.y };
}
