/** A month of a calendar as weeks of days, and what they came to. Pure. */
import type { Day } from "@/api/analytics";
import { daysAfter } from "./time";

const DAYS = 7;
const MONTHS = 12;

export interface Sum {
  trades: number;
  wins: number;
  losses: number;
  pnl: number;
  /** Days on which trades ended, and how many of them earned. */
  days: number;
  green: number;
}

export interface Cell {
  /** `2026-11-21`; of the month before or after where it fills up a week. */
  day: string;
  isInside: boolean;
  result: Day | null;
}

export interface Week {
  cells: Cell[];
  sum: Sum;
}

export interface Month {
  weeks: Week[];
  sum: Sum;
  /** The largest gain or loss of a day: what the colours are measured by. */
  largest: number;
}

const nothing: Sum = { trades: 0, wins: 0, losses: 0, pnl: 0, days: 0, green: 0 };

/** Adds up days; SOL has nine decimals, which sums of floats would blur. */
export function sumOf(days: (Day | null)[]): Sum {
  const known = days.filter((it) => it !== null);
  const sum = known.reduce(
    (all, it) => ({
      trades: all.trades + it.trades,
      wins: all.wins + it.wins,
      losses: all.losses + it.losses,
      pnl: all.pnl + it.net_pnl_sol,
      days: all.days + 1,
      green: all.green + (it.net_pnl_sol > 0 ? 1 : 0),
    }),
    nothing,
  );
  return { ...sum, pnl: Number(sum.pnl.toFixed(9)) };
}

/** 1 (Monday) to 7. */
function weekdayOf(day: string): number {
  return new Date(day).getUTCDay() || DAYS;
}

export function monthOf(day: string): string {
  return day.slice(0, "2026-11".length);
}

/** The month so many months later, or earlier. */
export function monthsAfter(month: string, months: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const count = year * MONTHS + number - 1 + months;
  const padded = String((count % MONTHS) + 1).padStart(2, "0");
  return `${Math.floor(count / MONTHS)}-${padded}`;
}

export function layMonth(month: string, results: Map<string, Day>): Month {
  const first = `${month}-01`;
  const weeks: Week[] = [];
  let day = daysAfter(first, 1 - weekdayOf(first));
  while (monthOf(day) <= month) {
    const cells = Array.from({ length: DAYS }, (_, place): Cell => {
      const date = daysAfter(day, place);
      const isInside = monthOf(date) === month;
      return { day: date, isInside, result: isInside ? (results.get(date) ?? null) : null };
    });
    weeks.push({ cells, sum: sumOf(cells.map((it) => it.result)) });
    day = daysAfter(day, DAYS);
  }
  const inside = weeks.flatMap((week) => week.cells.map((it) => it.result));
  const largest = inside.reduce((most, it) => Math.max(most, Math.abs(it?.net_pnl_sol ?? 0)), 0);
  return { weeks, sum: sumOf(inside), largest };
}

/** The day to which a key leads; null for keys that lead nowhere. */
export function dayAfterKey(key: string, day: string): string | null {
  const weekday = weekdayOf(day);
  switch (key) {
    case "ArrowLeft":
      return daysAfter(day, -1);
    case "ArrowRight":
      return daysAfter(day, 1);
    case "ArrowUp":
      return daysAfter(day, -DAYS);
    case "ArrowDown":
      return daysAfter(day, DAYS);
    case "Home":
      return daysAfter(day, 1 - weekday);
    case "End":
      return daysAfter(day, DAYS - weekday);
    case "PageUp":
      return sameDay(day, -1);
    case "PageDown":
      return sameDay(day, 1);
    default:
      return null;
  }
}

/** The same day of another month, or its last where it is shorter. */
function sameDay(day: string, months: number): string {
  const month = monthsAfter(monthOf(day), months);
  const last = daysAfter(`${monthsAfter(month, 1)}-01`, -1);
  const wanted = `${month}${day.slice("2026-11".length)}`;
  return wanted < last ? wanted : last;
}
