/** A list that grows at its top while somebody reads it: the newest first, each row once. Pure. */

export interface LogKind<Row> {
  /** Negative where the first of two is the newer; 0 for the same row. */
  compare: (one: Row, other: Row) => number;
  /** Whether what is told of the same row again shows anything else. */
  isSame: (one: Row, other: Row) => boolean;
}

export interface Log<Row> {
  rows: Row[];
  /** Newer than all rows: they wait until the reader is back at the top. */
  held: Row[];
  /** Where the list goes on below; null at its end. */
  next: string | null;
  /** The first page has come. */
  isLoaded: boolean;
}

export interface Page<Row> {
  items: Row[];
  next_cursor: string | null;
}

export const emptyLog = { rows: [], held: [], next: null, isLoaded: false };

/** Where a row stands among sorted ones, or where it belongs. */
function placeOf<Row>(rows: Row[], row: Row, compare: LogKind<Row>["compare"]) {
  let first = 0;
  let last = rows.length;
  while (first < last) {
    const middle = (first + last) >> 1;
    const order = compare(rows[middle] as Row, row);
    if (order === 0) return { index: middle, found: true };
    if (order < 0) first = middle + 1;
    else last = middle;
  }
  return { index: first, found: false };
}

/** Takes rows in wherever they belong; the same array where nothing is new. */
function merged<Row>(kind: LogKind<Row>, rows: Row[], more: Row[]): Row[] {
  let next = rows;
  for (const row of more) {
    const { index, found } = placeOf(next, row, kind.compare);
    if (found && kind.isSame(next[index] as Row, row)) continue;
    if (next === rows) next = [...rows];
    next.splice(index, found ? 1 : 0, row);
  }
  return next;
}

/** The first page, and what was told while it was asked for. */
export function begun<Row>(kind: LogKind<Row>, log: Log<Row>, page: Page<Row>): Log<Row> {
  const rows = merged(kind, [], page.items);
  const start = { rows, held: [], next: page.next_cursor, isLoaded: true };
  return told(kind, start, log.held, true);
}

/** A page below the last row. */
export function grown<Row>(kind: LogKind<Row>, log: Log<Row>, page: Page<Row>): Log<Row> {
  return { ...log, rows: merged(kind, log.rows, page.items), next: page.next_cursor };
}

/**
 * What is new or has changed. Rows that are there are replaced where they stand; a row newer than
 * all is shown at once when the reader follows the top, else it waits; one from below the last row
 * comes with its page.
 */
export function told<Row>(
  kind: LogKind<Row>,
  log: Log<Row>,
  news: Row[],
  isFollowing: boolean,
): Log<Row> {
  if (!log.isLoaded) return { ...log, held: merged(kind, log.held, news) };
  const newest = log.rows[0];
  const oldest = log.rows.at(-1);
  const fresh: Row[] = [];
  const known: Row[] = [];
  for (const row of news) {
    const isBelow = oldest !== undefined && kind.compare(row, oldest) > 0;
    if (isBelow && log.next !== null) continue;
    const isNewest = newest === undefined || kind.compare(row, newest) < 0;
    (isNewest ? fresh : known).push(row);
  }
  const rows = merged(kind, log.rows, known);
  const held = merged(kind, log.held, fresh);
  if (rows === log.rows && held === log.held) return log;
  return isFollowing ? released(kind, { ...log, rows, held }) : { ...log, rows, held };
}

/** The reader is back at the top: what waited is shown. */
export function released<Row>(kind: LogKind<Row>, log: Log<Row>): Log<Row> {
  if (log.held.length === 0 || !log.isLoaded) return log;
  return { ...log, rows: merged(kind, log.rows, log.held), held: [] };
}

/**
 * The newest rows as they stand now. Of those that reach as far down, what is no longer among them
 * does not fit any more, and goes once the reader follows the top.
 */
export function renewed<Row>(
  kind: LogKind<Row>,
  log: Log<Row>,
  page: Page<Row>,
  isFollowing: boolean,
): Log<Row> {
  const next = told(kind, log, page.items, isFollowing);
  const last = page.items.at(-1);
  if (!isFollowing || !log.isLoaded) return next;
  const isGone = (row: Row) => {
    const isCovered =
      page.next_cursor === null || (last !== undefined && kind.compare(row, last) <= 0);
    return isCovered && !page.items.some((it) => kind.compare(it, row) === 0);
  };
  const rows = next.rows.filter((row) => !isGone(row));
  return rows.length === next.rows.length ? next : { ...next, rows };
}

/** Whether the newest rows that were asked for reach down to those that are known. */
export function isJoined<Row>(kind: LogKind<Row>, log: Log<Row>, page: Page<Row>): boolean {
  const newest = log.held[0] ?? log.rows[0];
  const last = page.items.at(-1);
  if (page.next_cursor === null || newest === undefined || last === undefined) return true;
  return kind.compare(last, newest) >= 0;
}
