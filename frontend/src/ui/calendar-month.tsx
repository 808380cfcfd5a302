import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { formatCount } from "@/lib/format";
import { dayAfterKey, type Month, monthOf, type Sum, type Week } from "@/lib/month";
import { formatTime, startOfDay } from "@/lib/time";
import { CalendarDay } from "./calendar-day";
import { Change } from "./figures";

interface CalendarMonthProps {
  /** Names it: "November 2026". */
  label: string;
  month: Month;
  /** `2026-11-21` where that is in sight. */
  today: string;
  onOpen: (day: string) => void;
  /** A key led out of the month. */
  onMonth: (month: string) => void;
}

function weekdayOf(day: string, weekday: "short" | "long"): string {
  return formatTime(startOfDay(day) ?? 0, { weekday });
}

function Weekdays({ week }: { week: Week }) {
  return (
    <thead>
      <tr className="text-muted text-xs">
        {week.cells.map(({ day }) => (
          <th
            key={day}
            scope="col"
            abbr={weekdayOf(day, "long")}
            className="px-1 pb-1 text-left font-medium"
          >
            {weekdayOf(day, "short")}
          </th>
        ))}
        <th scope="col" className="hidden px-2 pb-1 text-right font-medium sm:table-cell">
          Week
        </th>
      </tr>
    </thead>
  );
}

function WeekSum({ sum }: { sum: Sum }) {
  return (
    <td className="hidden w-28 px-2 text-right align-middle sm:table-cell">
      {sum.days > 0 && (
        <>
          <Change value={sum.pnl} className="block font-semibold" />
          <span className="num text-faint text-xs">
            {formatCount(sum.trades)} {sum.trades === 1 ? "trade" : "trades"}
          </span>
        </>
      )}
    </td>
  );
}

/** Days of a month with what each came to. One tab stop; keys move like in any calendar. */
export function CalendarMonth({ label, month, today, onOpen, onMonth }: CalendarMonthProps) {
  const table = useRef<HTMLTableElement>(null);
  const first = month.weeks.flatMap(({ cells }) => cells).find((it) => it.isInside)?.day ?? today;
  const shown = monthOf(first);
  const [at, setAt] = useState(today);
  const reached = monthOf(at) === shown ? at : monthOf(today) === shown ? today : first;
  const isMoved = useRef(false);
  useEffect(() => {
    if (!isMoved.current) return;
    isMoved.current = false;
    table.current?.querySelector<HTMLButtonElement>(`[data-day="${reached}"]`)?.focus();
  }, [reached]);
  const move = (event: KeyboardEvent) => {
    const next = dayAfterKey(event.key, reached);
    if (next === null) return;
    event.preventDefault();
    isMoved.current = true;
    setAt(next);
    if (monthOf(next) !== shown) onMonth(monthOf(next));
  };
  const [week] = month.weeks;
  return (
    <table
      ref={table}
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells are reached by arrow keys is a grid
      role="grid"
      aria-label={label}
      className="w-full table-fixed border-separate border-spacing-[3px]"
      onKeyDown={move}
    >
      {week && <Weekdays week={week} />}
      <tbody>
        {month.weeks.map(({ cells, sum }) => (
          <tr key={cells[0]?.day}>
            {cells.map((cell) => (
              <td key={cell.day} className="p-0 align-top">
                {cell.isInside && (
                  <CalendarDay
                    day={cell.day}
                    result={cell.result}
                    largest={month.largest}
                    isToday={cell.day === today}
                    isAhead={cell.day > today}
                    isReached={cell.day === reached}
                    onFocus={() => setAt(cell.day)}
                    onOpen={() => onOpen(cell.day)}
                  />
                )}
              </td>
            ))}
            <WeekSum sum={sum} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}
