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
const BINS = 8;

const keyOf = (value: unknown) => JSON.stringify(value ?? null);

function rising(one: unknown, other: unknown): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  // Off stands before every number.
  if (one === null || other === null) return Number(other === null) - Number(one === null);
  return keyOf(one).localeCompare(keyOf(other));
}

const within = (value: unknown, from: number, to: number): boolean =>
  typeof value === "number" && value >= from && value <= to;

/** Whole numbers have whole steps. */
function wholeSteps(path: string, low: number, high: number): Bin[] {
  const size = Math.ceil((high - low + 1) / BINS);
  const many = Math.ceil((high - low + 1) / size);
  return Array.from({ length: many }, (_, index) => {
    const from = low + index * size;
    const to = Math.min(from + size - 1, high);
    return {
      label: `${valueInShort(from, path)}–${valueInShort(to, path)}`,
      holds: (value) => within(value, from, to),
    };
  });
}

/** So many values that each would be a line of its own are put together in equal steps. */
function steps(path: string, values: number[]): Bin[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (values.every(Number.isInteger)) return wholeSteps(path, low, high);
  const width = (high - low) / BINS;
  return Array.from({ length: BINS }, (_, index) => {
    const from = low + index * width;
    const to = index === BINS - 1 ? high : from + width;
    const short = (value: number) => valueInShort(Number(value.toPrecision(3)), path);
    return {
      label: `${short(from)}–${short(to)}`,
      // The upper edge belongs to the next step, but for the last.
      holds: (value) => within(value, from, to) && (value !== to || to === high),
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

type Read = (row: SweepRow) => number | null;

function known(rows: SweepRow[], read: Read): { row: SweepRow; value: number }[] {
  return rows
    .map((row) => ({ row, value: read(row) }))
    .filter((it): it is { row: SweepRow; value: number } => it.value !== null)
    .sort((one, other) => other.value - one.value);
}

/** The best of a cell is chosen in the sample, also where its value out of it is shown. */
function best(rows: SweepRow[], read: Read, readInside: Read): Cell {
  const row = known(rows, readInside)[0]?.row ?? rows[0] ?? null;
  return { value: row && read(row), count: rows.length, row };
}

function median(rows: SweepRow[], read: Read): Cell {
  const values = known(rows, read);
  const found = values[Math.floor((values.length - 1) / 2)];
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
  const readIn =
    (sample: Sample): Read =>
    (row) => {
      const score: Score | null = row[sample];
      return score === null ? null : ask.measure.read(score);
    };
  const [read, readInside] = [readIn(ask.sample), readIn("inside")];
  const cells = placed(rows, xs, ys, ask).map((line) =>
    line.map((cell) => (ask.by === "best" ? best(cell, read, readInside) : median(cell, read))),
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
