/** Sorting rows by what a column makes of them. Pure. */
export type SortKey = string | number | null;

export interface Sorting {
  column: string;
  descending: boolean;
}

function compare(one: SortKey, other: SortKey): number {
  if (typeof one === "string" && typeof other === "string") return one.localeCompare(other);
  return Number(one) - Number(other);
}

/** What is not known stands last, whichever way the others stand. */
export function sortRows<Row>(
  rows: Row[],
  keyOf: (row: Row) => SortKey,
  descending: boolean,
): Row[] {
  return [...rows].sort((a, b) => {
    const [one, other] = [keyOf(a), keyOf(b)];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    return descending ? compare(other, one) : compare(one, other);
  });
}

/** A click on another column sorts by it, the largest first; a click on the same turns it round. */
export function nextSorting(now: Sorting, column: string): Sorting {
  if (now.column !== column) return { column, descending: true };
  return { column, descending: !now.descending };
}
