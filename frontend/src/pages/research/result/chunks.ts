/** Which candles a chart asks for: pieces of a fixed grid, so that none is asked for twice. Pure. */
import { type Timeframe, timeframes } from "@/api/history";
import { widthOf } from "../form/stock";

export const CHUNK = 1_500;
const MOST_CHUNKS = 12;
/** A trade of more candles than this is shown in coarser ones. */
const MOST_IN_A_TRADE = 1_200;

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

/** One piece more to a side, up to a number; who wants to see more takes coarser candles. */
export function grown(now: Chunks, edge: "before" | "after", bounds: Bounds, timeframe: string) {
  if (now.last - now.first + 1 >= MOST_CHUNKS) return now;
  const wanted =
    edge === "before" ? { ...now, first: now.first - 1 } : { ...now, last: now.last + 1 };
  const next = within(wanted, bounds, timeframe);
  return next.first === now.first && next.last === now.last ? now : next;
}

/** The timeframes in which a run's candles can be shown: its own and coarser ones made of it. */
export function coarserThan(timeframe: string): Timeframe[] {
  const width = widthOf(timeframe);
  return timeframes.filter((it) => widthOf(it) >= width && widthOf(it) % width === 0);
}

/** The finest in which all of a trade can be seen; Unix ms. */
export function fitting(timeframe: string, from: number, to: number): string {
  const all = coarserThan(timeframe);
  const fits = all.find((it) => to - from <= MOST_IN_A_TRADE * widthOf(it) * 1_000);
  return fits ?? all.at(-1) ?? timeframe;
}

export function listOf({ first, last }: Chunks): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
