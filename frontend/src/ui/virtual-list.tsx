import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";
import { classes } from "./classes";
import { Scroller } from "./scroller";

interface VirtualListProps<Row> {
  label: string;
  rows: Row[];
  keyOf: (row: Row) => string | number;
  /** How high a row is, about, in pixels; each is measured when it is drawn. */
  estimate: number;
  render: (row: Row) => ReactNode;
  /** Called when its end is near. */
  onEnd?: () => void;
  /** Told whether the reader is at the top. */
  onTop?: (isAtTop: boolean) => void;
  /** Stands above the rows and stays: the heads of columns. */
  head?: ReactNode;
  /** Stands below the last row. */
  foot?: ReactNode;
  /** Counts how often the list is to go back to its top. */
  toTop?: number;
  className?: string;
}

const BEYOND = 10;
const NEAR_END = 20;
const AT_TOP = 8;

/** A list that draws only the rows in sight, whatever their heights: a hundred thousand are easy. */
export function VirtualList<Row>(props: VirtualListProps<Row>) {
  const { label, rows, keyOf, estimate, render, onEnd, onTop, head, foot, toTop, className } =
    props;
  const scroller = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => estimate,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : keyOf(row);
    },
    overscan: BEYOND,
  });
  const items = virtual.getVirtualItems();
  const lastDrawn = items.at(-1)?.index ?? -1;
  const isNearEnd = rows.length > 0 && lastDrawn >= rows.length - NEAR_END;
  useEffect(() => {
    // Also when more rows have come and the end is still near.
    if (isNearEnd && rows.length > 0) onEnd?.();
  }, [isNearEnd, rows.length, onEnd]);
  useEffect(() => {
    if (toTop) scroller.current?.scrollTo({ top: 0 });
  }, [toTop]);
  useEffect(() => {
    const element = scroller.current;
    if (element === null || onTop === undefined) return;
    const tell = () => onTop(element.scrollTop <= AT_TOP);
    element.addEventListener("scroll", tell, { passive: true });
    return () => element.removeEventListener("scroll", tell);
  }, [onTop]);
  return (
    <Scroller label={label} ref={scroller} className={classes("[overflow-anchor:none]", className)}>
      {head}
      <ul className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <li
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              aria-setsize={rows.length}
              aria-posinset={item.index + 1}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {render(row)}
            </li>
          );
        })}
      </ul>
      {foot}
    </Scroller>
  );
}
