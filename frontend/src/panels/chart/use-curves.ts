import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { createStore, type StoreApi } from "zustand/vanilla";
import { fetchLines, type LinesAsked, linesQuery } from "@/api/candles";
import type { BarStore } from "./bar-store";
import { type Curve, curvesOf, withNewer, withOlder } from "./strategy-lines";

export type CurveStore = StoreApi<Curve[]>;

const LARGEST_PAGE = 500;
const AT_LEAST_MS = 1_000;

/** When the newest lines begin that were asked for: from their last common point on. */
function endOf(curves: Curve[]): number | undefined {
  const ends = curves.map((curve) => curve.points.at(-1)?.[0]);
  return ends.reduce((least, end) =>
    least === undefined || end === undefined ? undefined : Math.min(least, end),
  );
}

/** Asks for more at either end as bars are added, once at a time; what fails is asked for again. */
function follow(asked: LinesAsked, curves: CurveStore, bars: BarStore): () => void {
  let isOver = false;
  let isAsking = false;
  let first = bars.state.getState().bars?.bars[0]?.time;
  let closed = bars.state.getState().bars?.newest?.time;
  let askedAt = 0;

  async function ask(range: Parameters<typeof fetchLines>[1], put: typeof withNewer) {
    isAsking = true;
    askedAt = Date.now();
    try {
      const fresh = curvesOf(await fetchLines(asked, range));
      if (!isOver) curves.setState(put(curves.getState(), fresh), true);
      return true;
    } catch {
      // The next candle asks again; until then the lines end where they ended.
      return false;
    } finally {
      isAsking = false;
    }
  }

  const unsubscribe = bars.state.subscribe(({ bars: now, token, timeframe }) => {
    const begins = now?.bars[0]?.time;
    const isOther = token !== asked.token || timeframe !== asked.timeframe;
    if (isOver || isAsking || isOther || !now || begins === undefined) return;
    if (first !== undefined && begins < first) {
      const until = first;
      const limit = now.bars.findIndex((bar) => bar.time >= until);
      void ask({ to: until, limit: Math.min(limit, LARGEST_PAGE) }, withOlder).then((done) => {
        if (done) first = begins;
      });
      return;
    }
    const newest = now.newest?.time;
    const since = endOf(curves.getState());
    const isDue = newest !== closed && Date.now() - askedAt >= AT_LEAST_MS && !document.hidden;
    if (!isDue || since === undefined) return;
    void ask({ from: since, limit: LARGEST_PAGE }, withNewer).then((done) => {
      if (done) closed = newest;
    });
  });
  return () => {
    isOver = true;
    unsubscribe();
  };
}

/** The lines of the wallet's strategies, kept outside React's tree; null asks for none. */
export function useCurves(asked: LinesAsked | null, bars: BarStore, epoch: number, stamp: string) {
  const [curves] = useState(() => createStore<Curve[]>(() => []));
  const nobody: LinesAsked = { wallet: "", token: "", trade: null, timeframe: "1s" };
  const query = useQuery(linesQuery(asked ?? nobody, epoch, stamp));
  const lines = asked === null ? undefined : query.data;
  const key = asked === null ? "" : JSON.stringify(asked);

  useEffect(() => {
    const wanted = key === "" ? null : (JSON.parse(key) as LinesAsked);
    curves.setState(lines ? curvesOf(lines) : [], true);
    return wanted && lines?.length ? follow(wanted, curves, bars) : undefined;
  }, [curves, bars, lines, key]);

  return { curves, query };
}
