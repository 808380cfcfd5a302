import { useCallback, useRef } from "react";
import type { Candle } from "@/api/wire";
import { arrow, directionOf, formatPrice, formatTokens, shortAddress } from "@/lib/format";
import { followNewestTrade } from "@/lib/selection";
import { cleanText } from "@/lib/text";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Empty } from "@/ui/empty";
import { Failure } from "@/ui/failure";
import { useChartData } from "./use-chart-data";
import { useDrawing } from "./use-drawing";

function legendText(candle: Candle | null, volume: number | null): string {
  if (candle === null) return "";
  const { open, high, low, close } = candle;
  const change = 100 * (close / open - 1);
  const sign = arrow(directionOf(Number(change.toFixed(2))));
  const prices = [`O ${formatPrice(open)}`, `H ${formatPrice(high)}`, `L ${formatPrice(low)}`];
  const rest = [`C ${formatPrice(close)}`, `${sign} ${Math.abs(change).toFixed(2)} %`];
  return [...prices, ...rest, volume === null ? "" : `Vol ${formatTokens(volume)}`].join("   ");
}

export function Chart() {
  const { shown, address, candles, marks, isEmpty, isAskedFor } = useChartData();
  const container = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLParagraphElement>(null);
  const onLegend = useCallback((candle: Candle | null, volume: number | null) => {
    if (legend.current) legend.current.textContent = legendText(candle, volume);
  }, []);
  const drawing = useDrawing(container, {
    token: address,
    trade: shown.trade,
    fetched: marks,
    onLegend,
  });
  const { token } = shown;
  const symbol = token && (token.symbol === null ? shortAddress(token.address) : token.symbol);
  const name = symbol === null ? "Chart" : cleanText(symbol, 32);
  return (
    <div className="flex h-[22rem] min-h-0 flex-col md:h-[28rem] xl:h-auto xl:min-h-80 xl:flex-1">
      <Card
        title={name}
        className="relative"
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
        <p
          ref={legend}
          aria-hidden="true"
          className="num pointer-events-none absolute top-1.5 left-3 z-10 max-w-[75%] overflow-hidden whitespace-pre text-muted text-xs"
        />
        <div ref={container} role="img" aria-label={`Candles of ${name}`} className="h-full" />
        {isEmpty && (
          <div className="absolute inset-0 z-20 bg-surface">
            {isAskedFor && candles.isError ? (
              <Failure
                title="The candles could not be loaded"
                error={candles.error}
                onRetry={candles.refetch}
                busy={candles.isFetching}
              />
            ) : (
              <Empty title="Waiting for candles">
                The market index shows as soon as the platform is connected; the first trade takes
                its place.
              </Empty>
            )}
          </div>
        )}
      </Card>
    </div>
  );
}
