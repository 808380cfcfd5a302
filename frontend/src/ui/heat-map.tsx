import { type ButtonHTMLAttributes, type KeyboardEvent, useRef, useState } from "react";
import { classes } from "./classes";
import { Scroller } from "./scroller";
import { groundOf } from "./shade";

export interface HeatCell {
  /** The value in words; null: there is none. */
  text: string | null;
  /** −1 to 1: how bad, how good. */
  shade: number;
  /** Read out and shown on hover, with everything about the cell. */
  about: string;
}

interface HeatMapProps {
  label: string;
  /** What the columns and the rows are; without rows there is one. */
  xTitle: string;
  yTitle: string | null;
  xs: string[];
  ys: string[];
  cells: HeatCell[][];
  best: { x: number; y: number } | null;
  selected: { x: number; y: number } | null;
  onSelect: (x: number, y: number) => void;
  /** Figures in the cells, for who wants to read rather than see. */
  showsText: boolean;
}

const moves: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function isAt(one: { x: number; y: number } | null, x: number, y: number): boolean {
  return one !== null && one.x === x && one.y === y;
}

interface CellButtonProps
  extends Pick<ButtonHTMLAttributes<HTMLButtonElement>, "onKeyDown" | "onFocus" | "onClick"> {
  cell: HeatCell;
  /** By which the table finds it. */
  place: string;
  isBest: boolean;
  isSelected: boolean;
  /** The one that the tab key leads to. */
  isReached: boolean;
  showsText: boolean;
}

function CellButton(props: CellButtonProps) {
  const { cell, place, isBest, isSelected, isReached, showsText, ...events } = props;
  const isEmpty = cell.text === null;
  return (
    <button
      type="button"
      data-cell={place}
      tabIndex={isReached ? 0 : -1}
      aria-pressed={isSelected}
      aria-label={`${cell.about}${isBest ? ", the best" : ""}`}
      aria-disabled={isEmpty || undefined}
      title={cell.about}
      style={{ background: isEmpty ? undefined : groundOf(cell.shade) }}
      className={classes(
        "num flex h-9 items-center justify-center rounded-[3px] text-text text-xs",
        showsText ? "w-full min-w-16 px-1" : "w-full min-w-9",
        isEmpty && "bg-raised text-faint",
        isSelected && "outline-2 outline-accent outline-solid",
      )}
      {...events}
    >
      {isBest && (
        <span aria-hidden="true" className={showsText ? "mr-1" : undefined}>
          ★
        </span>
      )}
      {showsText && (cell.text ?? "–")}
    </button>
  );
}

/** A table whose cells are coloured by their value. One tab stop; arrow keys move inside it. */
export function HeatMap(props: HeatMapProps) {
  const { label, xTitle, yTitle, xs, ys, cells, best, selected, onSelect, showsText } = props;
  const table = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState({ x: 0, y: 0 });
  const place = cells[at.y]?.[at.x] ? at : { x: 0, y: 0 };
  const move = (event: KeyboardEvent) => {
    const by = moves[event.key];
    if (!by) return;
    event.preventDefault();
    const x = Math.min(Math.max(place.x + by[0], 0), xs.length - 1);
    const y = Math.min(Math.max(place.y + by[1], 0), ys.length - 1);
    setAt({ x, y });
    table.current?.querySelector<HTMLButtonElement>(`[data-cell="${x}/${y}"]`)?.focus();
  };
  return (
    <Scroller label={label} className="p-1">
      <p className="px-1 text-muted text-xs">
        {xTitle} across{yTitle && `, ${yTitle} down`}
      </p>
      <table ref={table} aria-label={label} className="w-full border-separate border-spacing-[2px]">
        <thead>
          <tr className="text-muted text-xs">
            <td />
            {xs.map((x) => (
              <th key={x} scope="col" className="num px-1 text-center font-medium">
                {x}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {cells.map((line, y) => (
            <tr key={ys[y]}>
              <th scope="row" className="num px-1 text-right font-medium text-muted text-xs">
                {ys[y]}
              </th>
              {line.map((cell, x) => (
                <td key={xs[x]} className="p-0">
                  <CellButton
                    cell={cell}
                    place={`${x}/${y}`}
                    isBest={isAt(best, x, y)}
                    isSelected={isAt(selected, x, y)}
                    isReached={isAt(place, x, y)}
                    showsText={showsText}
                    onKeyDown={move}
                    onFocus={() => setAt({ x, y })}
                    onClick={() => onSelect(x, y)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}
