import type { Day } from "@/api/analytics";
import { arrow, directionOf, formatChange, formatCount, formatShortChange } from "@/lib/format";
import { formatTime, startOfDay } from "@/lib/time";
import { classes } from "./classes";
import { groundOf } from "./shade";

interface CalendarDayProps {
  day: string;
  result: Day | null;
  /** The largest gain or loss of a day of the month. */
  largest: number;
  isToday: boolean;
  /** It has not come yet. */
  isAhead: boolean;
  /** The one that the tab key leads to. */
  isReached: boolean;
  onFocus: () => void;
  onOpen: () => void;
}

const countOf = (trades: number) => (trades === 1 ? " trade" : " trades");

/** The result in full where there is room, else in two digits. */
function Result({ result }: { result: Day }) {
  const { trades, wins, losses, net_pnl_sol } = result;
  return (
    <span className="num mt-auto flex min-w-0 flex-col">
      <span className="hidden truncate font-semibold sm:block">
        <span aria-hidden="true" className="mr-0.5 text-[0.7em]">
          {arrow(directionOf(net_pnl_sol))}
        </span>
        {formatChange(net_pnl_sol)}
      </span>
      <span className="font-semibold text-xs sm:hidden">{formatShortChange(net_pnl_sol)}</span>
      <span className="sr-only"> SOL, </span>
      <span className="truncate text-xs">
        {formatCount(trades)}
        <span className="sr-only sm:not-sr-only">{countOf(trades)}</span>
        <span className="sr-only">
          , {formatCount(wins)} won, {formatCount(losses)} lost
        </span>
      </span>
    </span>
  );
}

export function CalendarDay(props: CalendarDayProps) {
  const { day, result, largest, isToday, isAhead, isReached, onFocus, onOpen } = props;
  const name = formatTime(startOfDay(day) ?? 0, { day: "numeric", month: "long", year: "numeric" });
  return (
    <button
      type="button"
      data-day={day}
      tabIndex={isReached ? 0 : -1}
      aria-current={isToday ? "date" : undefined}
      aria-disabled={result === null || undefined}
      title={
        result
          ? `${name}: ${formatCount(result.wins)} won, ${formatCount(result.losses)} lost`
          : undefined
      }
      onFocus={onFocus}
      onClick={() => result && onOpen()}
      style={result ? { background: groundOf(result.net_pnl_sol / (largest || 1)) } : undefined}
      className={classes(
        "flex h-14 w-full min-w-0 flex-col overflow-clip rounded-md p-1 text-left sm:h-16 sm:p-1.5",
        result ? "cursor-pointer hover:outline-2 hover:outline-line-strong" : "cursor-default",
        !result && !isAhead && "bg-raised",
        isAhead && "border border-line border-dashed",
      )}
    >
      <span
        className={classes(
          "num text-xs",
          result ? "text-text" : "text-faint",
          isToday && "font-semibold underline underline-offset-2",
        )}
      >
        <span aria-hidden="true">{Number(day.slice(-2))}</span>
        <span className="sr-only">{result ? `${name}: ` : `${name}: no trade ended`}</span>
      </span>
      {result && <Result result={result} />}
    </button>
  );
}
