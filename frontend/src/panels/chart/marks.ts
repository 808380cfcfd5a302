/** Own fills as arrows on the candles. Pure. */
import type { SeriesMarker, Time, UTCTimestamp } from "lightweight-charts";
import type { BotTrade, Candle, Fill } from "@/api/wire";
import { formatSol } from "@/lib/format";
import { inWords } from "@/lib/reasons";
import { parseTime } from "@/lib/time";

export interface Mark {
  time: number;
  side: "BUY" | "SELL";
  sol: number;
  reason: string;
}

export function markOfFill(fill: Fill): Mark {
  const time = Math.floor(parseTime(fill.time) / 1000);
  return { time, side: fill.side, sol: fill.sol_amount, reason: fill.reason };
}

export function markOfTrade(trade: BotTrade): Mark {
  return { time: trade.time, side: trade.side, sol: trade.sol_amount, reason: trade.reason };
}

/** Fills that were fetched and fills that came live, each once, oldest first. */
export function joinMarks(fetched: Mark[], told: Mark[]): Mark[] {
  const key = (mark: Mark) => `${mark.time}/${mark.side}/${mark.reason}/${mark.sol}`;
  const all = new Map([...fetched, ...told].map((mark) => [key(mark), mark]));
  return [...all.values()].sort((one, other) => one.time - other.time);
}

/** The candle in which a moment falls: markers stand on candles only. */
export function candleAt(candles: Candle[], time: number): number | null {
  const index = candles.findLastIndex((candle) => candle.time <= time);
  return candles[index]?.time ?? null;
}

export function markersOf(
  marks: Mark[],
  candles: Candle[],
  colours: { up: string; down: string },
): SeriesMarker<Time>[] {
  return marks.flatMap((mark): SeriesMarker<Time>[] => {
    const time = candleAt(candles, mark.time);
    if (time === null) return [];
    const bought = mark.side === "BUY";
    const text = bought ? `Buy ${formatSol(mark.sol)}` : `${inWords(mark.reason)}`;
    return [
      {
        // A click on it tells the fill's own moment, and two at once differ.
        id: `${mark.time}/${mark.side}/${mark.reason}`,
        time: time as UTCTimestamp,
        position: bought ? "belowBar" : "aboveBar",
        shape: bought ? "arrowUp" : "arrowDown",
        color: bought ? colours.up : colours.down,
        text,
      },
    ];
  });
}
