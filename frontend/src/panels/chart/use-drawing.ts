import { type RefObject, useEffect, useRef } from "react";
import { live } from "@/api/live";
import type { LiveState } from "@/api/live-state";
import { strategyOf } from "@/api/shown";
import type { Candle } from "@/api/wire";
import { themes } from "@/lib/theme";
import { Drawing } from "./drawing";
import { linesOf } from "./lines";
import { joinMarks, type Mark, markOfTrade } from "./marks";

interface What {
  token: string | null;
  trade: number | null;
  /** Fills that were fetched; those that come live are added. */
  fetched: Mark[];
  onLegend: (candle: Candle | null, volume: number | null) => void;
  onMark: (time: number) => void;
}

/** Draws what differs from the state before; without one, everything. */
function draw(
  drawing: Drawing,
  what: Omit<What, "onLegend" | "onMark">,
  now: LiveState,
  before: LiveState | null,
) {
  const { token, trade, fetched } = what;
  const series = token === null ? undefined : now.series[token];
  if (token === null || series === undefined) return;
  if (series !== before?.series[token]) drawing.show(series, before === null);
  if (now.positions !== before?.positions || now.strategy !== before?.strategy) {
    drawing.setLines(linesOf(strategyOf(now, token, trade)));
  }
  if (before === null || now.fills[token] !== before.fills[token]) {
    drawing.setMarks(joinMarks(fetched, (now.fills[token] ?? []).map(markOfTrade)));
  }
}

/** Draws a token's live state on a chart that is made once; React renders nothing of it. */
export function useDrawing(container: RefObject<HTMLElement | null>, what: What) {
  const { token, trade, fetched, onLegend, onMark } = what;
  const drawing = useRef<Drawing | null>(null);

  useEffect(() => {
    if (container.current === null) return;
    const made = new Drawing(container.current, onLegend, onMark);
    drawing.current = made;
    const unsubscribe = themes.subscribe(() => made.recolour());
    return () => {
      unsubscribe();
      made.remove();
      drawing.current = null;
    };
  }, [container, onLegend, onMark]);

  useEffect(() => {
    let shown = false;
    const follow = (now: LiveState, before: LiveState | null) => {
      if (drawing.current === null) return;
      draw(drawing.current, { token, trade, fetched }, now, shown ? before : null);
      shown ||= token !== null && now.series[token] !== undefined;
    };
    follow(live.getState(), null);
    return live.subscribe(follow);
  }, [token, trade, fetched]);

  return drawing;
}
