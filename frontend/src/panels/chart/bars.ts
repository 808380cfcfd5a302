/** The candles of a chart in its own timeframe, made of the platform's as they come in. Pure. */
import type { ChartCandles } from "@/api/candles";
import type { Candle, Volume } from "@/api/wire";

export interface Bar extends Candle {
  volume: number;
}

export interface Bars {
  /** Seconds from one bar to the next. */
  width: number;
  /** Oldest first. */
  bars: Bar[];
  /** The newest of the platform's own candles in them: what comes next is folded on from it. */
  newest: { time: number; volume: number } | null;
  /** Counts what more than the end has changed by: then all is drawn anew. */
  revision: number;
}

function barsIn({ candles, volumes }: Pick<ChartCandles, "candles" | "volumes">): Bar[] {
  const byTime = new Map(volumes.map((volume) => [volume.time, volume.value]));
  return candles.map((candle) => ({ ...candle, volume: byTime.get(candle.time) ?? 0 }));
}

/**
 * Takes over the newest page. Older bars that were here stay before it while they join on; after a
 * break that is longer than the page they are dropped, so that the chart never shows a false gap.
 */
export function adopt(before: Bars | null, page: ChartCandles, width: number): Bars {
  const fresh = barsIn(page);
  const first = fresh[0]?.time;
  const last = before?.bars.at(-1)?.time;
  const joins = first !== undefined && last !== undefined && first <= last + width;
  const kept = before !== null && joins ? before.bars.filter((bar) => bar.time < first) : [];
  return {
    width,
    bars: [...kept, ...fresh],
    newest: page.newest,
    revision: (before?.revision ?? 0) + 1,
  };
}

/** Puts older bars before the others; one that is there already is left out. */
export function prepend(before: Bars, page: Pick<ChartCandles, "candles" | "volumes">): Bars {
  const first = before.bars[0]?.time ?? Number.POSITIVE_INFINITY;
  const older = barsIn(page).filter((bar) => bar.time < first);
  if (older.length === 0) return before;
  return { ...before, bars: [...older, ...before.bars], revision: before.revision + 1 };
}

/** One of the platform's candles joins the last bar, or begins one; a late one is left out. */
export function fold(before: Bars, candle: Candle, volume: number, isOwn: boolean): Bars {
  const { bars, newest, width } = before;
  const time = candle.time - (candle.time % width);
  const last = bars.at(-1);
  const isLate = (newest !== null && candle.time < newest.time) || (last && time < last.time);
  if (isLate) return before;
  const after = { ...before, newest: { time: candle.time, volume } };
  if (last === undefined || time > last.time) {
    return { ...after, bars: [...bars, { ...candle, time, volume }] };
  }
  if (isOwn) return { ...after, bars: [...bars.slice(0, -1), { ...candle, volume }] };
  // The same candle again has grown; another one adds all of its volume.
  const more = newest?.time === candle.time ? volume - newest.volume : volume;
  const grown: Bar = {
    time,
    open: last.open,
    high: Math.max(last.high, candle.high),
    low: Math.min(last.low, candle.low),
    close: candle.close,
    volume: last.volume + more,
  };
  return { ...after, bars: [...bars.slice(0, -1), grown] };
}

/** Folds in whatever the live series has that is not in the bars yet. */
export function catchUp(
  before: Bars,
  told: { candles: Candle[]; volumes: Volume[] },
  isOwn: boolean,
): Bars {
  const since = before.newest?.time ?? Number.NEGATIVE_INFINITY;
  const fresh = told.candles.slice(told.candles.findLastIndex((it) => it.time < since) + 1);
  if (fresh.length === 0) return before;
  const start = told.volumes.findLastIndex((it) => it.time < since) + 1;
  const volumes = new Map(told.volumes.slice(start).map((it) => [it.time, it.value]));
  return fresh.reduce(
    (bars, candle) => fold(bars, candle, volumes.get(candle.time) ?? 0, isOwn),
    before,
  );
}

/** The bar that opens at a time; undefined where there is none. */
export function barAt(bars: Bar[], time: number): Bar | undefined {
  let [low, high] = [0, bars.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bars[middle]?.time ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  const found = bars[low];
  return found?.time === time ? found : undefined;
}
