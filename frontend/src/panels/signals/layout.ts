/** Where the rows of a grouped list stand, and which of them are in sight. Pure; pixels. */
import type { SummaryStatus } from "@/api/wire";
import type { Sight } from "@/ui/use-sight";
import type { Group } from "./groups";

export const HEADER = 29;
export const ROW = 53;
/** Rows drawn beyond either end of what is in sight. */
const BEYOND = 12;

export interface Placed {
  group: Group;
  isOpen: boolean;
  /** The number of its first row among all rows that are not folded away. */
  first: number;
  /** The top of its rows. */
  top: number;
}

/** Puts groups below each other; an empty one takes no room, a folded one that of its header. */
export function place(groups: Group[], folded: ReadonlySet<SummaryStatus>): Placed[] {
  let first = 0;
  let top = 0;
  return groups
    .filter(({ summaries }) => summaries.length > 0)
    .map((group) => {
      const isOpen = !folded.has(group.status);
      const placed = { group, isOpen, first, top: top + HEADER };
      const rows = isOpen ? group.summaries.length : 0;
      first += rows;
      top += HEADER + rows * ROW;
      return placed;
    });
}

/** Which rows of a group to draw, the last excluded. */
export function inSight(placed: Placed, sight: Sight): [number, number] {
  if (!placed.isOpen) return [0, 0];
  const count = placed.group.summaries.length;
  const from = Math.floor((sight.top - placed.top) / ROW) - BEYOND;
  const to = Math.ceil((sight.top + sight.height - placed.top) / ROW) + BEYOND;
  return [Math.min(Math.max(0, from), count), Math.min(Math.max(0, to), count)];
}

/** The top of a row by its number among all; null where there is none. */
export function topOf(all: Placed[], row: number): number | null {
  const holds = ({ first, group, isOpen }: Placed) =>
    isOpen && row >= first && row < first + group.summaries.length;
  const placed = all.find(holds);
  return placed === undefined ? null : placed.top + (row - placed.first) * ROW;
}

/** How far to scroll so that a row can be seen below the header that sticks to the top. */
export function scrolledTo(top: number, sight: Sight): number {
  if (top < sight.top + HEADER) return top - HEADER;
  return top + ROW > sight.top + sight.height ? top + ROW - sight.height : sight.top;
}
