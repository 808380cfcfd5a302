import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { classes } from "./classes";
import type { Sorting } from "./sort";

interface ColumnHeadingProps {
  column: { id: string; title: ReactNode; isNumber?: boolean };
  /** In pixels; without it as wide as its content. */
  width?: number;
  sorting: Sorting;
  onSort: () => void;
}

function directionOf(sorting: Sorting, column: string) {
  if (sorting.column !== column) return "none";
  return sorting.descending ? "descending" : "ascending";
}

/** The head of a column by which rows can be sorted. */
export function ColumnHeading({ column, width, sorting, onSort }: ColumnHeadingProps) {
  const Arrow = sorting.descending ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      aria-sort={directionOf(sorting, column.id)}
      className={classes("p-0 font-medium", column.isNumber ? "text-right" : "text-left")}
      style={{ width }}
    >
      <button
        type="button"
        onClick={onSort}
        className="inline-flex items-center gap-1 whitespace-nowrap px-3 py-2 hover:text-text focus-visible:outline-offset-[-2px]"
      >
        {column.title}
        {sorting.column === column.id && <Arrow size={12} aria-hidden="true" />}
      </button>
    </th>
  );
}
