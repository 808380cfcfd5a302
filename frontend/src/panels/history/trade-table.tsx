import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef } from "react";
import type { Trade } from "@/api/wire";
import { classes } from "@/ui/classes";
import { ColumnHeading } from "@/ui/column-heading";
import { Scroller } from "@/ui/scroller";
import type { Sorting } from "@/ui/sort";
import { columns } from "./columns";
import { movedBy, type Stretch, tradeAt } from "./stretch";

const ROW = 36;
const BEYOND = 10;
const WIDTH = columns.reduce((sum, { width }) => sum + width, 0);

interface TradeTableProps {
  stretch: Stretch;
  sorting: Sorting;
  onSort: (column: string) => void;
  onOpen: (trade: Trade) => void;
  /** Told which row stands at the top. */
  onRow: (row: number) => void;
  /** What is listed: another list is shown from its top. */
  listed: string;
  /** What is shown is of another list: the one that was asked for is on its way. */
  isStale: boolean;
}

function Spacer({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    <tr>
      <td colSpan={columns.length} style={{ height, padding: 0 }} />
    </tr>
  );
}

interface RowProps {
  trade: Trade | undefined;
  index: number;
  onOpen: (trade: Trade) => void;
}

function TradeRow({ trade, index, onOpen }: RowProps) {
  if (trade === undefined) {
    return (
      <tr aria-rowindex={index + 2} aria-busy="true" style={{ height: ROW }}>
        <td colSpan={columns.length} className="px-3">
          <div className="h-3 rounded-sm bg-raised" />
        </td>
      </tr>
    );
  }
  return (
    <tr
      aria-rowindex={index + 2}
      onClick={() => onOpen(trade)}
      className="cursor-pointer border-line border-b hover:bg-hover"
      style={{ height: ROW }}
    >
      {columns.map(({ id, isNumber, isFaint, cell }) => (
        <td
          key={id}
          className={classes(
            "truncate px-3",
            isNumber && "num text-right",
            isFaint && "num text-muted",
          )}
        >
          {cell(trade)}
        </td>
      ))}
    </tr>
  );
}

function Heads({ sorting, onSort }: Pick<TradeTableProps, "sorting" | "onSort">) {
  return (
    <thead className="sticky top-0 z-10 bg-surface">
      <tr className="border-line border-b text-muted text-sm" aria-rowindex={1}>
        {columns.map((column) =>
          column.sorts ? (
            <ColumnHeading
              key={column.id}
              column={column}
              width={column.width}
              sorting={sorting}
              onSort={() => onSort(column.id)}
            />
          ) : (
            <th
              key={column.id}
              scope="col"
              className={classes(
                "px-3 py-2 font-medium",
                column.isNumber ? "text-right" : "text-left",
              )}
              style={{ width: column.width }}
            >
              {column.title}
            </th>
          ),
        )}
      </tr>
    </thead>
  );
}

/** Trades by the hundred thousand: only rows in sight are drawn, only those near are loaded. */
export function TradeTable(props: TradeTableProps) {
  const { stretch, sorting, onSort, onOpen, onRow, listed, isStale } = props;
  const scroller = useRef<HTMLElement>(null);
  const anchor = useRef<{ id: number; row: number } | null>(null);
  const virtual = useVirtualizer({
    count: stretch.total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: BEYOND,
  });
  const items = virtual.getVirtualItems();
  const top = virtual.range?.startIndex ?? 0;
  useEffect(() => onRow(top), [top, onRow]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its top
  useLayoutEffect(() => {
    anchor.current = null;
    scroller.current?.scrollTo({ top: 0 });
  }, [listed]);
  // Trades that came in above push the rows down: who reads further down must not lose their place.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || anchor.current === null || element.scrollTop === 0) return;
    const moved = movedBy(stretch, anchor.current.id, anchor.current.row);
    if (moved !== 0) element.scrollTop += moved * ROW;
    anchor.current = null;
  }, [stretch]);
  useEffect(() => {
    const trade = tradeAt(stretch, top);
    if (trade !== undefined && !isStale) anchor.current = { id: trade.id, row: top };
  });
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <Scroller
      label="Trades, scrollable"
      ref={scroller}
      className="h-[max(24rem,calc(100dvh-19rem))]"
    >
      <table
        aria-label="Trades"
        aria-rowcount={stretch.total + 1}
        aria-busy={isStale}
        className={classes("w-full table-fixed whitespace-nowrap", isStale && "opacity-60")}
        style={{ minWidth: WIDTH }}
      >
        <Heads sorting={sorting} onSort={onSort} />
        <tbody>
          <Spacer height={items[0]?.start ?? 0} />
          {items.map(({ index }) => {
            const trade = tradeAt(stretch, index);
            return (
              <TradeRow
                key={trade?.id ?? `row ${index}`}
                trade={trade}
                index={index}
                onOpen={onOpen}
              />
            );
          })}
          <Spacer height={below} />
        </tbody>
      </table>
    </Scroller>
  );
}
