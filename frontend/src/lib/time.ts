/** Times as people read them, in the zone that they prefer. */
import { timeZone } from "./preferences";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Made once for each zone: to make one takes far longer than to use it. */
function formatterOf(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const zone = timeZone();
  const key = `${zone} ${JSON.stringify(options)}`;
  let formatter = formatters.get(key);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone });
    formatters.set(key, formatter);
  }
  return formatter;
}

/** Writes a moment (Unix ms) in the person's zone. */
export function formatTime(time: number, options: Intl.DateTimeFormatOptions): string {
  return formatterOf(options).format(time);
}

const clock = { timeStyle: "medium" } as const;
const moment = {
  day: "2-digit",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
} as const;
const full = { dateStyle: "full", timeStyle: "long" } as const;

/** How long ago, in one unit: "now", "12 s", "3 min", "5 h", "2 d". */
export function formatAge(milliseconds: number): string {
  if (milliseconds < SECOND) return "now";
  if (milliseconds < MINUTE) return `${Math.floor(milliseconds / SECOND)} s`;
  if (milliseconds < HOUR) return `${Math.floor(milliseconds / MINUTE)} min`;
  if (milliseconds < DAY) return `${Math.floor(milliseconds / HOUR)} h`;
  return `${Math.floor(milliseconds / DAY)} d`;
}

/** A length of time in at most two units: "48 s", "3 min 20 s", "5 h 4 min". */
export function formatDuration(milliseconds: number): string {
  const units: [string, number][] = [
    ["d", DAY],
    ["h", HOUR],
    ["min", MINUTE],
    ["s", SECOND],
  ];
  const first = units.findIndex(([, size]) => milliseconds >= size);
  if (first < 0) return "0 s";
  let left = milliseconds;
  const parts: string[] = [];
  for (const [name, size] of units.slice(first, first + 2)) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${name}`);
  }
  return parts.join(" ");
}

export function formatClock(time: number): string {
  return formatTime(time, clock);
}

export function formatMoment(time: number): string {
  return formatTime(time, moment);
}

export function formatFull(time: number): string {
  return formatTime(time, full);
}

/** Unix milliseconds of an ISO time. */
export function parseTime(text: string): number {
  return Date.parse(text);
}

/** The first moment (Unix ms) of a day, "2026-11-21", in the person's zone; null for no day. */
export function startOfDay(day: string): number | null {
  return startAfter(day, 0);
}

/** The moment at which a day is over: the first of the next one. */
export function endOfDay(day: string): number | null {
  return startAfter(day, 1);
}

/** The day, "2026-11-21", on which a moment (Unix ms) is in the person's zone. */
export function dayOf(time: number): string {
  // Moved by the zone's offset, UTC's fields are those of the zone.
  return new Date(time + offsetAt(time)).toISOString().slice(0, DAY_LENGTH);
}

/** The day so many days later, or earlier. */
export function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY).toISOString().slice(0, DAY_LENGTH);
}

const DAY_LENGTH = "2026-11-21".length;

/** Tells whether a text is a day that there is. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function startAfter(day: string, days: number): number | null {
  const [year, month, date] = day.split("-").map(Number);
  if (!year || !month || !date) return null;
  const guess = Date.UTC(year, month - 1, date + days);
  // What a zone is off at that moment; a second look, for the days on which that changes.
  const first = guess - offsetAt(guess);
  return guess - offsetAt(first);
}

const fields = {
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "numeric",
  minute: "numeric",
  second: "numeric",
  hourCycle: "h23",
} as const;

/** How far the zone's clock is ahead of UTC at a moment, in milliseconds. */
function offsetAt(time: number): number {
  const parts = formatterOf(fields)
    .formatToParts(time)
    .reduce<Record<string, number>>((all, { type, value }) => {
      all[type] = Number(value);
      return all;
    }, {});
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(time / SECOND) * SECOND;
}
