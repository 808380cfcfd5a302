import { useEffect, useRef } from "react";
import { useStore } from "zustand";
import type { Shown } from "@/api/shown";
import { shortAddress } from "@/lib/format";
import { followNewestTrade } from "@/lib/selection";
import { useWallet } from "@/lib/session";
import { cleanText } from "@/lib/text";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import type { BarStore } from "./bar-store";
import { BarTable } from "./bar-table";
import { makeDraggable } from "./drag";
import { HeldTag } from "./held-tag";
import { LineList } from "./line-list";
import { Nothing } from "./nothing";
import { Timeframes } from "./timeframes";
import { TokenPicker } from "./token-picker";
import { useChartData } from "./use-chart-data";
import { useCurves } from "./use-curves";
import { useDrawing } from "./use-drawing";
import { useMoves } from "./use-moves";
import { useOpenMark } from "./use-open-mark";

/** The stage without a trade of one's own is the market index. */
function isIndex({ following }: Shown, isTraded: boolean): boolean {
  return following && !isTraded;
}

function nameOf(shown: Shown, isTraded: boolean): string {
  const { token } = shown;
  if (token === null) return "Chart";
  const symbol = cleanText(token.symbol ?? shortAddress(token.address), 32);
  return isIndex(shown, isTraded) ? `Market index, ${symbol}` : symbol;
}

/** What scrolling back came to, where that is worth a word. */
function OlderNote({ store }: { store: BarStore }) {
  const older = useStore(store.state, (state) => state.older);
  if (older !== "failed") return null;
  return (
    <p role="status" className="absolute bottom-8 left-2 z-10 flex items-center gap-2 text-sm">
      Older candles could not be loaded.
      <Button size="small" onClick={() => void store.loadOlder()}>
        Retry
      </Button>
    </p>
  );
}

export function Chart() {
  const data = useChartData();
  const { shown, address, store, candles, marks, isHere, isEmpty, isTraded, epoch } = data;
  const wallet = useWallet();
  const container = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLParagraphElement>(null);
  const moves = useMoves(shown.token, shown.trade);
  const timeframe = useStore(store.state, (state) => state.timeframe);
  const isOfWallet = isHere && !isIndex(shown, isTraded);
  const asked =
    isOfWallet && address !== null && timeframe !== null
      ? { wallet, token: address, trade: shown.trade, timeframe }
      : null;
  const { curves } = useCurves(asked, store, epoch, moves.stamp);
  const onMark = useOpenMark(address);
  const drawing = useDrawing(
    { container, legend },
    {
      token: address,
      bars: store,
      curves,
      lines: moves.lines,
      held: moves.held,
      fetched: marks,
      onMark,
    },
  );
  const now = useRef(moves.moves);
  now.current = moves.moves;
  const { held, drop } = moves;
  useEffect(() => {
    if (container.current === null) return;
    return makeDraggable(container.current, {
      drawing: () => drawing.current,
      moves: () => now.current,
      held,
      onDrop: drop,
    });
  }, [drawing, held, drop]);
  const name = nameOf(shown, isTraded);
  return (
    <div className="flex min-h-[26rem] flex-col md:min-h-[28rem] xl:min-h-0 xl:flex-1">
      <Card
        title={<TokenPicker name={name} />}
        fill
        className="flex flex-col"
        actions={
          <div className="flex items-center gap-1">
            {!shown.following && (
              <Button size="small" onClick={followNewestTrade}>
                Follow newest trade
              </Button>
            )}
            <Button size="small" look="quiet" onClick={() => drawing.current?.toNow()}>
              To now
            </Button>
          </div>
        }
      >
        <div className="flex min-h-[5.65rem] flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-3 py-1 sm:min-h-0">
          <Timeframes page={candles.data} />
          <p
            ref={legend}
            data-testid="legend"
            aria-hidden="true"
            className="flex min-h-8 min-w-0 flex-1 basis-64 flex-wrap content-center items-center gap-x-2.5 text-xs tabular-nums"
          />
        </div>
        <div className="relative min-h-64 flex-1 xl:min-h-40">
          <div
            ref={container}
            role="img"
            aria-label={`Candles of ${name}`}
            className="absolute inset-0 data-grip:[&_*]:cursor-ns-resize!"
          />
          {address !== null && <HeldTag token={address} trade={shown.trade} held={held} />}
          <OlderNote store={store} />
          {(!isHere || isEmpty) && <Nothing isWaiting={address === null} query={candles} />}
        </div>
        <footer className="flex flex-wrap items-end justify-between gap-x-4 border-line border-t px-3 py-1 text-sm">
          <LineList {...moves} />
          <a
            href="https://www.tradingview.com/"
            target="_blank"
            rel="noreferrer"
            className="ml-auto shrink-0 text-faint text-xs hover:text-text"
          >
            Charts by TradingView
          </a>
        </footer>
        <BarTable store={store} />
      </Card>
      {moves.dialog}
    </div>
  );
}
