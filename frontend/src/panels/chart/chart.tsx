import { useCallback, useRef } from "react";
import type { Shown } from "@/api/shown";
import type { Candle } from "@/api/wire";
import { arrow, directionOf, formatPrice, formatTokens, shortAddress } from "@/lib/format";
import { followNewestTrade } from "@/lib/selection";
import { cleanText } from "@/lib/text";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Empty } from "@/ui/empty";
import { Failure } from "@/ui/failure";
import { LineList } from "./line-list";
import { useChartData } from "./use-chart-data";
import { useDrawing } from "./use-drawing";
import { useOpenMark } from "./use-open-mark";

function legendText(candle: Candle | null, volume: number | null): string {
  if (candle === null) return "";
  const { open, high, low, close } = candle;
  const change = 100 * (close / open - 1);
  const sign = arrow(directionOf(Number(change.toFixed(2))));
  const prices = [`O ${formatPrice(open)}`, `H ${formatPrice(high)}`, `L ${formatPrice(low)}`];
  const rest = [`C ${formatPrice(close)}`, `${sign} ${Math.abs(change).toFixed(2)} %`];
  return [...prices, ...rest, volume === null ? "" : `Vol ${formatTokens(volume)}`].join("   ");
}

/** The stage without a trade of one's own is the market index. */
function nameOf({ token, following }: Shown, isTraded: boolean): string {
  if (token === null) return "Chart";
  const symbol = cleanText(token.symbol ?? shortAddress(token.address), 32);
  return following && !isTraded ? `Market index, ${symbol}` : symbol;
}

export function Chart() {
  const { shown, address, candles, marks, isEmpty, isAskedFor, isTraded } = useChartData();
  const container = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLParagraphElement>(null);
  const onLegend = useCallback((candle: Candle | null, volume: number | null) => {
    if (legend.current) legend.current.textContent = legendText(candle, volume);
  }, []);
  const onMark = useOpenMark(address);
  const drawing = useDrawing(container, {
    token: address,
    trade: shown.trade,
    fetched: marks,
    onLegend,
    onMark,
  });
  const name = nameOf(shown, isTraded);
  return (
    <div className="flex h-[26rem] min-h-0 flex-col md:h-[28rem] xl:h-auto xl:flex-1">
      <Card
        title={name}
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
        <div className="relative min-h-0 flex-1">
          <p
            ref={legend}
            aria-hidden="true"
            className="pointer-events-none absolute top-1 left-2 z-10 max-w-[70%] whitespace-pre-wrap rounded-sm bg-surface/80 px-1 text-muted text-xs tabular-nums"
          />
          <div ref={container} role="img" aria-label={`Candles of ${name}`} className="h-full" />
          {isEmpty && (
            <div className="absolute inset-0 z-20 bg-surface">
              {isAskedFor && candles.isError && (
                <Failure
                  title="The candles could not be loaded"
                  error={candles.error}
                  onRetry={candles.refetch}
                  busy={candles.isFetching}
                />
              )}
              {isAskedFor && candles.isSuccess && (
                <Empty title="No candles of this token">
                  They come in from the moment its signal passes the screening.
                </Empty>
              )}
              {!isAskedFor && (
                <Empty title="Waiting for candles">
                  The market index shows as soon as the platform is connected; the first trade takes
                  its place.
                </Empty>
              )}
            </div>
          )}
        </div>
        <footer className="flex flex-wrap items-center justify-between gap-x-4 border-line border-t px-3 py-1 text-sm">
          {address === null ? <span /> : <LineList token={address} trade={shown.trade} />}
          <a
            href="https://www.tradingview.com/"
            target="_blank"
            rel="noreferrer"
            className="shrink-0 text-faint text-xs hover:text-text"
          >
            Charts by TradingView
          </a>
        </footer>
      </Card>
    </div>
  );
}
