/** Times as people read them. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const dateAndClock = new Intl.DateTimeFormat("en-GB", {
  day: "2-digit",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const full = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "long" });

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
  return clock.format(time);
}

export function formatMoment(time: number): string {
  return dateAndClock.format(time);
}

export function formatFull(time: number): string {
  return full.format(time);
}

/** Unix milliseconds of an ISO time. */
export function parseTime(text: string): number {
  return Date.parse(text);
}
