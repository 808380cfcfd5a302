import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState } from "react";
import { classes } from "./classes";
import { ColumnHeading } from "./column-heading";
import { Scroller } from "./scroller";
import { nextSorting, type Sorting, sortRows } from "./sort";
import type { Column } from "./sortable-table";

interface VirtualTableProps<Row> {
  label: string;
  columns: (Column<Row> & { width: number })[];
  rows: Row[];
  keyOf: (row: Row) => string | number;
  initial: Sorting;
  selected?: string | number | null;
  onSelect?: (row: Row) => void;
  className?: string;
}

const ROW = 34;
const BEYOND = 12;

/** Keeps the room of the rows that are not drawn. */
function Spacer({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null;
  return (
    <tr>
      <td colSpan={columns} style={{ height, padding: 0 }} />
    </tr>
  );
}

/** A table that draws only the rows in sight: a hundred thousand cost what twenty do. */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { label, columns, rows, keyOf, initial, selected, onSelect, className } = props;
  const [sorting, setSorting] = useState(initial);
  const scroller = useRef<HTMLElement>(null);
  const by = columns.find((column) => column.id === sorting.column);
  const sorted = useMemo(
    () => (by ? sortRows(rows, by.sortBy, sorting.descending) : rows),
    [rows, by, sorting.descending],
  );
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: BEYOND,
  });
  const items = virtual.getVirtualItems();
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <Scroller label={label} ref={scroller} className={className}>
      <table
        aria-rowcount={sorted.length + 1}
        className="w-full table-fixed"
        style={{ minWidth: columns.reduce((sum, { width }) => sum + width, 0) }}
      >
        <thead className="sticky top-0 z-10 bg-surface">
          <tr className="border-line border-b text-muted text-sm">
            {columns.map((column) => (
              <ColumnHeading
                key={column.id}
                column={column}
                width={column.width}
                sorting={sorting}
                onSort={() => setSorting(nextSorting(sorting, column.id))}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          <Spacer height={items[0]?.start ?? 0} columns={columns.length} />
          {items.map((item) => {
            const row = sorted[item.index];
            if (row === undefined) return null;
            const isSelected = keyOf(row) === selected;
            return (
              <tr
                key={keyOf(row)}
                aria-rowindex={item.index + 2}
                aria-current={isSelected ? "true" : undefined}
                onClick={onSelect && (() => onSelect(row))}
                className={classes(
                  "border-line border-b",
                  onSelect && "cursor-pointer hover:bg-hover",
                  isSelected && "bg-accent-soft",
                )}
                style={{ height: ROW }}
              >
                {columns.map((column) => (
                  <td
                    key={column.id}
                    className={classes("truncate px-3", column.isNumber && "num text-right")}
                  >
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
          <Spacer height={below} columns={columns.length} />
        </tbody>
      </table>
    </Scroller>
  );
}
