/** Entries and sales of a run as arrows on candles. Pure. */
import type { SeriesMarker, Time, UTCTimestamp } from "lightweight-charts";
import type { Candle } from "@/api/wire";
import { inWords } from "@/lib/reasons";
import { parseTime } from "@/lib/time";
import type { NumberedTrade } from "./trades";

export interface Mark {
  /** Unix seconds. */
  time: number;
  side: "BUY" | "SELL";
  trade: number;
  reason: string;
}

const seconds = (time: string) => Math.floor(parseTime(time) / 1000);

/** The marks of one token's trades, oldest first. */
export function marksOf(trades: NumberedTrade[], token: string): Mark[] {
  const marks = trades
    .filter((trade) => trade.token.address === token)
    .flatMap((trade): Mark[] => [
      { time: seconds(trade.entry_time), side: "BUY", trade: trade.number, reason: "" },
      ...trade.fills.map(
        (fill): Mark => ({
          time: seconds(fill.time),
          side: "SELL",
          trade: trade.number,
          reason: fill.reason,
        }),
      ),
    ]);
  return marks.sort((one, other) => one.time - other.time);
}

/** The candle in which a moment falls: one that ends a candle belongs to it, not to the next. */
function indexAt(candles: Candle[], time: number): number {
  let low = 0;
  let high = candles.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((candles[middle]?.time ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function textOf({ side, trade, reason }: Mark, isChosen: boolean): string {
  if (!isChosen) return `#${trade}`;
  return `#${trade} ${side === "BUY" ? "Buy" : inWords(reason)}`;
}

/** Marks stand on candles only; those before the first and after the last are left out. */
export function markersOf(
  marks: Mark[],
  candles: Candle[],
  colours: { up: string; down: string },
  /** The trade that is looked at: its marks say what they are, the others only whose. */
  chosen: number | null = null,
): SeriesMarker<Time>[] {
  const width = (candles[1]?.time ?? 0) - (candles[0]?.time ?? 0);
  const end = (candles.at(-1)?.time ?? 0) + width;
  return marks.flatMap((mark): SeriesMarker<Time>[] => {
    const candle = candles[indexAt(candles, mark.time)];
    if (candle === undefined || mark.time > end) return [];
    const bought = mark.side === "BUY";
    return [
      {
        time: candle.time as UTCTimestamp,
        position: bought ? "belowBar" : "aboveBar",
        shape: bought ? "arrowUp" : "arrowDown",
        color: bought ? colours.up : colours.down,
        text: textOf(mark, mark.trade === chosen),
      },
    ];
  });
}
