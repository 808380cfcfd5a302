import { FEWEST, wilson } from "@/lib/certainty";
import { formatCount, formatPercent } from "@/lib/format";

interface WinRateProps {
  trades: number;
  wins: number;
}

/** The share of trades that won, with its interval; of too few it says so. */
export function WinRate({ trades, wins }: WinRateProps) {
  if (trades === 0) return <span className="text-faint">–</span>;
  if (trades < FEWEST) {
    return (
      <span className="text-faint text-sm" title={`${wins} of ${trades} won: too few to tell`}>
        {wins} of {trades}: too few
      </span>
    );
  }
  const interval = wilson(wins, trades);
  return (
    <span title={`${formatCount(wins)} of ${formatCount(trades)} won, 95 % interval after Wilson`}>
      {formatPercent((100 * wins) / trades, 0)}
      {interval && (
        <span className="ml-1.5 text-faint text-xs">
          {formatPercent(100 * interval.low, 0).replace(/ %$/, "")}–
          {formatPercent(100 * interval.high, 0)}
        </span>
      )}
    </span>
  );
}
