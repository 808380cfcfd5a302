import { type KeyboardEvent, useRef, useState } from "react";
import { classes } from "./classes";
import { afterKey, bestCell, type Scale, scaleOf, shadeOf } from "./heat-scale";
import { Twin } from "./twin";

type Cell = [row: number, column: number];

interface HeatMapProps {
  label: string;
  /** What the columns vary, and each of their values in words. */
  columns: { title: string; values: string[] };
  rows: { title: string; values: string[] };
  /** By row, then column; null where there is none. */
  values: (number | null)[][];
  format: (value: number) => string;
  /** Greener than this is better, redder worse. */
  pivot: number;
  /** Where the trader stands. */
  here?: Cell | null;
  onPick?: (row: number, column: number) => void;
}

function ground(value: number | null, scale: Scale): string {
  if (value === null) return "transparent";
  const [side, percent] = shadeOf(value, scale);
  return side === "flat"
    ? "var(--raised)"
    : `color-mix(in srgb, var(--${side}) ${percent}%, var(--raised))`;
}

const isAt = (cell: Cell | null | undefined, row: number, column: number) =>
  cell !== null && cell !== undefined && cell[0] === row && cell[1] === column;

/** Values over two parameters. Hover, or the arrow keys, say each; a table holds the same. */
export function HeatMap(props: HeatMapProps) {
  const { label, columns, rows, values, format, pivot, here, onPick } = props;
  const best = bestCell(values);
  const scale = scaleOf(values, pivot);
  const [pointed, setPointed] = useState<Cell | null>(null);
  const [active, setActive] = useState<Cell>(here ?? [0, 0]);
  const table = useRef<HTMLTableElement>(null);
  const shown = pointed ?? here ?? best;
  const textOf = (row: number, column: number) => {
    const value = values[row]?.[column] ?? null;
    const place = `${rows.title} ${rows.values[row]}, ${columns.title.toLowerCase()} ${columns.values[column]}`;
    return `${place}: ${value === null ? "none" : format(value)}`;
  };
  const marks = (row: number, column: number) =>
    [isAt(here, row, column) && "you are here", isAt(best, row, column) && "the best"]
      .filter(Boolean)
      .join(", ");
  const symbolOf = (row: number, column: number) => {
    if (isAt(best, row, column)) return "★";
    return isAt(here, row, column) ? "●" : "";
  };
  const move = (event: KeyboardEvent) => {
    const next = afterKey(event.key, active, rows.values.length, columns.values.length);
    if (next === null) return;
    event.preventDefault();
    setActive(next);
    setPointed(next);
    const cell = `[data-cell="${next[0]}/${next[1]}"]`;
    table.current?.querySelector<HTMLElement>(cell)?.focus();
  };
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <p aria-live="polite" className="num min-h-5 truncate px-1 text-sm">
        {shown && (
          <>
            {textOf(...shown)}
            <span className="text-muted"> {marks(...shown)}</span>
          </>
        )}
      </p>
      <div className="flex min-w-0 gap-1">
        <span
          aria-hidden="true"
          className="self-center text-faint text-xs [writing-mode:sideways-lr]"
        >
          {rows.title}
        </span>
        <table
          ref={table}
          aria-label={label}
          onPointerLeave={() => setPointed(null)}
          className="min-w-0 flex-1 table-fixed border-separate border-spacing-px"
        >
          <tbody>
            {rows.values.map((title, row) => (
              <tr key={title}>
                <th
                  scope="row"
                  className="num w-11 truncate p-0 pr-1 text-right font-normal text-faint text-xs"
                >
                  {title}
                </th>
                {columns.values.map((column, index) => (
                  <td key={column} className="p-0">
                    <button
                      type="button"
                      data-cell={`${row}/${index}`}
                      tabIndex={isAt(active, row, index) ? 0 : -1}
                      aria-label={[textOf(row, index), marks(row, index)]
                        .filter(Boolean)
                        .join(", ")}
                      onKeyDown={move}
                      onPointerEnter={() => setPointed([row, index])}
                      onFocus={() => setPointed([row, index])}
                      onClick={() => {
                        setActive([row, index]);
                        onPick?.(row, index);
                      }}
                      className={classes(
                        "flex h-6 w-full items-center justify-center rounded-[2px] text-text text-xs leading-none focus-visible:outline-offset-0",
                        isAt(here, row, index) && "outline-2 outline-text outline-offset-[-2px]",
                      )}
                      style={{ background: ground(values[row]?.[index] ?? null, scale) }}
                    >
                      <span aria-hidden="true">{symbolOf(row, index)}</span>
                    </button>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td />
              {columns.values.map((title) => (
                <th
                  key={title}
                  scope="col"
                  className="num truncate p-0 text-center font-normal text-[0.625rem] text-faint leading-4"
                >
                  {title}
                </th>
              ))}
            </tr>
          </tfoot>
        </table>
      </div>
      <p aria-hidden="true" className="text-center text-faint text-xs">
        {columns.title}
      </p>
      <p className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-1 text-faint text-xs">
        <span>★ best{here && " · ● you are here"}</span>
        <span className="flex items-center gap-1.5">
          {format(scale.low)}
          <span
            aria-hidden="true"
            className="h-2 w-20 rounded-sm bg-linear-to-r from-down via-raised to-up"
          />
          {format(scale.high)}
        </span>
      </p>
      <Twin
        title={`${label}, as a table`}
        headings={[`${rows.title} \\ ${columns.title}`, ...columns.values]}
        rows={rows.values.map((title, row) => ({
          key: title,
          cells: [
            title,
            ...columns.values.map((_, column) => {
              const value = values[row]?.[column] ?? null;
              return value === null ? "–" : format(value);
            }),
          ],
        }))}
      />
    </div>
  );
}
