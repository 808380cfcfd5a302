/** Which candles a chart asks for: pieces of a fixed grid, so that none is asked for twice. Pure. */
import { widthOf } from "../form/stock";

export const CHUNK = 1_500;
const MOST_CHUNKS = 8;

export interface Chunks {
  /** First and last piece, both inside. */
  first: number;
  last: number;
}

export function sizeOf(timeframe: string): number {
  return CHUNK * widthOf(timeframe) * 1_000;
}

/** The pieces in which a span of time lies; Unix ms. */
export function chunksOf(from: number, to: number, timeframe: string): Chunks {
  const size = sizeOf(timeframe);
  return { first: Math.floor(from / size), last: Math.floor(to / size) };
}

export interface Bounds {
  /** Unix ms of the first and the last candle there is. */
  first: number;
  last: number;
}

function within(chunks: Chunks, bounds: Bounds, timeframe: string): Chunks {
  const all = chunksOf(bounds.first, bounds.last, timeframe);
  return { first: Math.max(chunks.first, all.first), last: Math.min(chunks.last, all.last) };
}

/** The pieces around a trade: what is loaded grows to it when it is near, else starts anew. */
export function around(now: Chunks | null, wanted: Chunks, bounds: Bounds, timeframe: string) {
  const { first, last } = within(
    { first: wanted.first - 1, last: wanted.last + 1 },
    bounds,
    timeframe,
  );
  const next = { first, last: Math.min(last, first + MOST_CHUNKS - 1) };
  if (now === null || next.first > now.last + 1 || next.last < now.first - 1) return next;
  const grown = { first: Math.min(now.first, next.first), last: Math.max(now.last, next.last) };
  return grown.last - grown.first < MOST_CHUNKS ? grown : next;
}

/** One piece more to a side; the other side lets go of one when there are many. */
export function grown(now: Chunks, edge: "before" | "after", bounds: Bounds, timeframe: string) {
  const wanted =
    edge === "before"
      ? { first: now.first - 1, last: Math.min(now.last, now.first + MOST_CHUNKS - 2) }
      : { first: Math.max(now.first, now.last - MOST_CHUNKS + 2), last: now.last + 1 };
  const next = within(wanted, bounds, timeframe);
  const isSame = edge === "before" ? next.first === now.first : next.last === now.last;
  return isSame ? now : next;
}

export function listOf({ first, last }: Chunks): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
