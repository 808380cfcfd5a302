/** Values over two axes as cells of a heat map. Pure. */
import type { HeatCell } from "@/ui/heat-map";

type Values = (number | null)[][];

/** How far a value lies above (to 1) or below (to −1) what was really made. */
export function shadeOf(value: number | null, values: Values, pivot: number): number {
  if (value === null || value === pivot) return 0;
  const known = values.flat().filter((it) => it !== null);
  const reach = value > pivot ? Math.max(...known) - pivot : pivot - Math.min(...known);
  return reach > 0 ? (value - pivot) / reach : 0;
}

/** The place of the highest value, the first of several; null when all are the same or unknown. */
export function bestOf(values: Values): { x: number; y: number } | null {
  if (new Set(values.flat().filter((it) => it !== null)).size < 2) return null;
  let best: { x: number; y: number } | null = null;
  let highest = Number.NEGATIVE_INFINITY;
  for (const [y, line] of values.entries()) {
    for (const [x, value] of line.entries()) {
      if (value !== null && value > highest) {
        highest = value;
        best = { x, y };
      }
    }
  }
  return best;
}

interface Axis {
  title: string;
  values: string[];
}

interface Told {
  values: Values;
  rows: Axis;
  columns: Axis;
  pivot: number;
  here: { x: number; y: number };
  write: (value: number) => string;
}

export function cellsOf({ values, rows, columns, pivot, here, write }: Told): HeatCell[][] {
  return values.map((line, y) =>
    line.map((value, x) => {
      const text = value === null ? null : write(value);
      const place = `${rows.title} ${rows.values[y]}, ${columns.title.toLowerCase()} ${columns.values[x]}`;
      const isHere = here.x === x && here.y === y;
      return {
        text,
        shade: shadeOf(value, values, pivot),
        about: `${place}: ${text ?? "none"}${isHere ? ", you are here" : ""}`,
      };
    }),
  );
}
