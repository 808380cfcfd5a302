/** The newest candles, which grow at their end: what joins a page of candles that was fetched. Pure. */
import type { Series } from "./live-state";
import type { Candle, Volume } from "./wire";

/** More than can come in while a page is fetched; a hundred tokens may be followed at once. */
const LONGEST = 60;

interface Timed {
  time: number;
}

/** Adds a point: one of the same time is replaced, an older one is late and left out. */
function extend<Point extends Timed>(points: Point[], point: Point | undefined): Point[] {
  if (point === undefined) return points;
  const last = points.at(-1);
  if (last === undefined || point.time > last.time) return [...points, point].slice(-LONGEST);
  return point.time === last.time ? [...points.slice(0, -1), point] : points;
}

export function grow(series: Series | undefined, candle?: Candle, volume?: Volume): Series {
  const before = series ?? { revision: 0, candles: [], volumes: [] };
  return {
    revision: before.revision,
    candles: extend(before.candles, candle),
    volumes: extend(before.volumes, volume),
  };
}

function newerThan<Point extends Timed>(points: Point[], fetched: Point[]): Point[] {
  const last = fetched.at(-1)?.time ?? Number.NEGATIVE_INFINITY;
  return points.filter((point) => point.time >= last);
}

/** Takes over what was fetched, and keeps behind it what came in meanwhile. */
export function replace(series: Series | undefined, candles: Candle[], volumes: Volume[]): Series {
  const before = series ?? { revision: 0, candles: [], volumes: [] };
  return {
    revision: before.revision + 1,
    candles: newerThan(before.candles, candles).reduce(extend, candles).slice(-LONGEST),
    volumes: newerThan(before.volumes, volumes).reduce(extend, volumes).slice(-LONGEST),
  };
}
