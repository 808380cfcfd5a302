import { type RefObject, useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import { live } from "@/api/live";
import { formatPercentChange } from "@/lib/format";
import { own } from "@/lib/own";
import { themes } from "@/lib/theme";
import type { BarStore } from "./bar-store";
import type { HeldStore } from "./drag";
import { Drawing } from "./drawing";
import { writeLegend } from "./legend";
import type { Line } from "./lines";
import { joinMarks, type Mark, markOfTrade } from "./marks";
import { priceOf } from "./moves";
import type { CurveStore } from "./use-curves";

interface What {
  token: string | null;
  bars: BarStore;
  curves: CurveStore;
  lines: Line[];
  held: HeldStore;
  /** Fills that were fetched; those that come live are added. */
  fetched: Mark[];
  onMark: (time: number) => void;
}

interface Places {
  container: RefObject<HTMLElement | null>;
  legend: RefObject<HTMLElement | null>;
}

/** Calls back after the next frame; the returned function thinks better of it. */
function afterFrame(call: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(call);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}

/**
 * Draws what the stores hold on a chart that is made once, when the first bars are there: it comes
 * empty, and the bars after a frame, because both in one go would hold up a slow phone.
 * React renders nothing of it.
 */
export function useDrawing({ container, legend }: Places, what: What) {
  const { token, bars, curves, lines, held, fetched, onMark } = what;
  const drawing = useRef<Drawing | null>(null);
  const isReady = useStore(bars.state, (state) => state.bars !== null);
  const [isMade, setMade] = useState(false);

  useEffect(() => {
    if (container.current === null || !isReady) return;
    const made = new Drawing(container.current, {
      onLegend: (bar, values) => legend.current && writeLegend(legend.current, bar, values),
      onMark,
      onStart: () => {
        if (bars.state.getState().older === "more") void bars.loadOlder();
      },
    });
    const unsubscribe = themes.subscribe(() => made.recolour());
    const cancel = afterFrame(() => {
      drawing.current = made;
      setMade(true);
    });
    return () => {
      cancel();
      setMade(false);
      unsubscribe();
      made.remove();
      drawing.current = null;
    };
  }, [container, legend, bars, onMark, isReady]);

  // biome-ignore-start lint/correctness/useExhaustiveDependencies: a chart that was just made is empty
  useEffect(() => {
    let shown = "";
    const draw = () => {
      const now = bars.state.getState();
      if (now.bars === null) return;
      const key = `${now.token}/${now.timeframe}`;
      // Lines of another length would put their own times between the bars.
      if (key !== shown) drawing.current?.setCurves([]);
      drawing.current?.show(now.bars, key !== shown);
      shown = key;
    };
    draw();
    return bars.state.subscribe(draw);
  }, [bars, isMade]);

  useEffect(() => {
    const draw = () => drawing.current?.setCurves(curves.getState());
    draw();
    return curves.subscribe(draw);
  }, [curves, isMade]);

  useEffect(() => {
    const fillsOf = (state: ReturnType<typeof live.getState>) =>
      token === null ? undefined : own(state.fills, token);
    const draw = () => {
      const told = (fillsOf(live.getState()) ?? []).map(markOfTrade);
      drawing.current?.setMarks(joinMarks(fetched, told));
    };
    draw();
    return live.subscribe((now, before) => {
      if (fillsOf(now) !== fillsOf(before)) draw();
    });
  }, [token, fetched, isMade]);

  useEffect(() => drawing.current?.setLines(lines), [lines, isMade]);

  useEffect(() => {
    const draw = () => {
      const now = held.getState();
      const price = now && priceOf(now.handle, now.distance);
      const title = now && `${now.handle.title} ${formatPercentChange(100 * now.distance)}`;
      const draft = now && { id: "draft", kind: "draft", price, title };
      drawing.current?.setDraft(draft as Line | null);
    };
    draw();
    return held.subscribe(draw);
  }, [held, isMade]);
  // biome-ignore-end lint/correctness/useExhaustiveDependencies: see above

  return drawing;
}
