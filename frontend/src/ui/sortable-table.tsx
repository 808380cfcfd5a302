import { ArrowDown, ArrowUp } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { classes } from "./classes";
import { nextSorting, type Sorting, type SortKey, sortRows } from "./sort";

export interface Column<Row> {
  id: string;
  title: string;
  cell: (row: Row) => ReactNode;
  sortBy: (row: Row) => SortKey;
  isNumber?: boolean;
}

interface SortableTableProps<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => string;
  initial: Sorting;
}

function directionOf(sorting: Sorting, column: string) {
  if (sorting.column !== column) return "none";
  return sorting.descending ? "descending" : "ascending";
}

export function SortableTable<Row>({
  label,
  columns,
  rows,
  keyOf,
  initial,
}: SortableTableProps<Row>) {
  const [sorting, setSorting] = useState(initial);
  const by = columns.find((column) => column.id === sorting.column);
  const sorted = useMemo(
    () => (by ? sortRows(rows, by.sortBy, sorting.descending) : rows),
    [rows, by, sorting.descending],
  );
  const Arrow = sorting.descending ? ArrowDown : ArrowUp;
  return (
    <table className="w-full" aria-label={label}>
      <thead>
        <tr className="border-line border-b text-muted text-sm">
          {columns.map((column) => (
            <th
              key={column.id}
              scope="col"
              aria-sort={directionOf(sorting, column.id)}
              className={classes("p-0 font-medium", column.isNumber ? "text-right" : "text-left")}
            >
              <button
                type="button"
                onClick={() => setSorting(nextSorting(sorting, column.id))}
                className="inline-flex items-center gap-1 whitespace-nowrap px-3 py-2 hover:text-text focus-visible:outline-offset-[-2px]"
              >
                {column.title}
                {sorting.column === column.id && <Arrow size={12} aria-hidden="true" />}
              </button>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sorted.map((row) => (
          <tr key={keyOf(row)} className="border-line border-b last:border-b-0 hover:bg-hover">
            {columns.map((column) => (
              <td
                key={column.id}
                className={classes("px-3 py-2", column.isNumber && "num text-right")}
              >
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
