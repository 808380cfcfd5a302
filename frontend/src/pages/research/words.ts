/** Times and names of runs, as people read them. Pure. */
import { parseTime } from "@/lib/time";

const day = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});
const moment = new Intl.DateTimeFormat("en-GB", {
  day: "2-digit",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "UTC",
});

/** A UTC day: history and its days are in UTC for everybody. */
export function formatDay(time: string | number): string {
  return day.format(typeof time === "number" ? time : parseTime(time));
}

/** A moment of history, in UTC. */
export function formatUtc(time: string | number): string {
  return moment.format(typeof time === "number" ? time : parseTime(time));
}
