import { useEffect, useMemo, useRef } from "react";
import type { Backtest } from "@/api/research";
import { themes } from "@/lib/theme";
import { parseTime } from "@/lib/time";
import { Failure } from "@/ui/failure";
import { Skeleton } from "@/ui/skeleton";
import { widthOf } from "../form/stock";
import { CandleDrawing } from "./candle-drawing";
import { marksOf } from "./marks";
import { type NumberedTrade, symbolOf } from "./trades";
import { useCandles } from "./use-candles";

interface TradeChartProps {
  used: Backtest["tokens"][number];
  /** The run's own or a coarser one. It is the component's key, too. */
  timeframe: string;
  trades: NumberedTrade[];
  selected: NumberedTrade | null;
}

function startOf({ used, trades, selected }: TradeChartProps): number {
  const first = selected ?? trades.find((trade) => trade.token.address === used.token.address);
  return parseTime(first?.entry_time ?? used.last);
}

/** The candles of one token with the trades of the run on them. */
export function TradeChart(props: TradeChartProps) {
  const { used, timeframe, trades, selected } = props;
  const { candles, error, isFetching, retry, show, grow } = useCandles(
    used,
    timeframe,
    startOf(props),
  );
  const container = useRef<HTMLDivElement>(null);
  const drawing = useRef<CandleDrawing | null>(null);
  const marks = useMemo(() => marksOf(trades, used.token.address), [trades, used.token.address]);
  const mine = selected?.token.address === used.token.address ? selected : null;

  useEffect(() => {
    if (container.current === null) return;
    const end = parseTime(used.last) / 1_000 - widthOf(timeframe);
    const made = new CandleDrawing(container.current, end, grow);
    drawing.current = made;
    const unsubscribe = themes.subscribe(() => made.recolour());
    return () => {
      unsubscribe();
      made.remove();
      drawing.current = null;
    };
  }, [grow, used.last, timeframe]);

  useEffect(() => {
    if (candles) drawing.current?.show(candles, marks);
  }, [candles, marks]);

  useEffect(() => {
    if (mine === null) {
      drawing.current?.setFocus(null);
      return;
    }
    const [from, to] = [mine.entry_time, mine.exit_time ?? used.last].map(parseTime) as [
      number,
      number,
    ];
    show(from, to);
    drawing.current?.setFocus({
      from: from / 1_000,
      to: to / 1_000,
      entry: mine.entry_price,
      exit: mine.exit_price,
      trade: mine.number,
    });
  }, [mine, show, used.last]);

  return (
    <div className="relative h-96">
      <div
        ref={container}
        role="img"
        aria-label={`Candles of ${symbolOf(used)} with trades`}
        className="h-full"
      />
      {candles === null && (
        <div className="absolute inset-0 z-10 bg-surface">
          {error && !isFetching ? (
            <Failure title="The candles are not stored any more" error={error} onRetry={retry} />
          ) : (
            <Skeleton label="Candles load" rows={8} />
          )}
        </div>
      )}
    </div>
  );
}
