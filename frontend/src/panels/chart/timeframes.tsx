import type { ChartCandles, Timeframe } from "@/api/candles";
import { isTimeframe } from "@/api/candles";
import { Segments } from "@/ui/segments";
import { chooseTimeframe } from "./timeframe";

const MOST = 7;

/** How long a candle is: the platform's own and wider ones. */
export function Timeframes({ page }: { page: ChartCandles | undefined }) {
  if (page === undefined || !isTimeframe(page.timeframe)) return null;
  const offered = page.timeframes.filter(isTimeframe).slice(0, MOST);
  return (
    <Segments<Timeframe>
      label="Length of a candle"
      value={page.timeframe}
      onChange={chooseTimeframe}
      options={offered.map((value) => ({ value, title: value }))}
    />
  );
}
