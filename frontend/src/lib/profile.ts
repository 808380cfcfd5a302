/** What the profile shows, as the address says it: the tab, the time, the filters of the history. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { dayOf, daysAfter, endOfDay, isDay, startOfDay } from "./time";

export type Status = "active" | "finished" | "failed";
export type Source = "signal" | "named";
export type TradeSort =
  | "entry_time"
  | "exit_time"
  | "pnl_sol"
  | "pnl_percent"
  | "sol_invested"
  | "held";

/** Which trades the history lists. Days are those of the person's zone, both ends included. */
export interface TradeSearch {
  status?: Status;
  token?: string;
  strategy?: string;
  source?: Source;
  reason?: string;
  /** A part of the token's name. */
  name?: string;
  from?: string;
  to?: string;
  /** The days are those on which trades ended, not began. */
  ended?: true;
}

export interface ProfileSearch extends TradeSearch {
  tab?: string;
  /** `today`, `7d`, `30d`, or days as `2026-11-01..2026-11-20`; all without it. */
  period?: string;
  resolution?: "1m" | "1h" | "1d";
  /** Of the calendar: `2026-11`. */
  month?: string;
  /** By what trades are grouped. */
  by?: string;
  sort?: TradeSort;
  order?: "asc";
}

const statuses = ["active", "finished", "failed"] as const;
const sources = ["signal", "named"] as const;
const resolutions = ["1m", "1h", "1d"] as const;
const sorts = [
  "entry_time",
  "exit_time",
  "pnl_sol",
  "pnl_percent",
  "sol_invested",
  "held",
] as const;
const LONGEST = 64;

/** A word of the address: digits come as a number, and a symbol may be one. */
function word(value: unknown): string | undefined {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
    return undefined;
  }
  return String(value).slice(0, LONGEST) || undefined;
}

function oneOf<const Word extends string>(
  value: unknown,
  words: readonly Word[],
): Word | undefined {
  return words.find((it) => it === value);
}

function day(value: unknown): string | undefined {
  const text = word(value);
  return text !== undefined && isDay(text) ? text : undefined;
}

/** Leaves out what is not there, so that it does not stand in the address. */
function given<T extends object>(search: T): T {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as T;
}

/** Reads an address; what makes no sense in it is left out. */
export function readProfile(search: Record<string, unknown>): ProfileSearch {
  const month = word(search.month);
  const period = word(search.period);
  return given({
    tab: word(search.tab),
    period: period !== undefined && isPeriod(period) ? period : undefined,
    resolution: oneOf(search.resolution, resolutions),
    month: month !== undefined && isDay(`${month}-01`) ? month : undefined,
    by: word(search.by),
    status: oneOf(search.status, statuses),
    token: word(search.token),
    strategy: word(search.strategy),
    source: oneOf(search.source, sources),
    reason: word(search.reason),
    name: word(search.name),
    from: day(search.from),
    to: day(search.to),
    ended: search.ended === true ? true : undefined,
    sort: oneOf(search.sort, sorts),
    order: search.order === "asc" ? "asc" : undefined,
  });
}

const filters = [
  "status",
  "token",
  "strategy",
  "source",
  "reason",
  "name",
  "from",
  "to",
  "ended",
] as const;

/** The filters of a search without the rest of it. */
export function tradesOf(search: ProfileSearch): TradeSearch {
  return given(Object.fromEntries(filters.map((name) => [name, search[name]])) as TradeSearch);
}

/** A time as the platform takes it: ISO 8601, the end excluded. */
export interface Within {
  from?: string;
  to?: string;
}

export const presets = [
  { value: "", title: "All" },
  { value: "today", title: "Today" },
  { value: "7d", title: "7 days" },
  { value: "30d", title: "30 days" },
] as const;
const lengths: Record<string, number> = { today: 1, "7d": 7, "30d": 30 };
const BETWEEN = "..";

/** The two days of a period of one's own, either of which may be open; null for all others. */
export function daysOf(period: string): { first: string; last: string } | null {
  if (!period.includes(BETWEEN)) return null;
  const [first = "", last = ""] = period.split(BETWEEN);
  return { first, last };
}

export function periodOf(first: string, last: string): string | undefined {
  return first || last ? `${first}${BETWEEN}${last}` : undefined;
}

function isPeriod(text: string): boolean {
  const days = daysOf(text);
  if (days === null) return Object.hasOwn(lengths, text);
  return [days.first, days.last].every((it) => it === "" || isDay(it));
}

const iso = (time: number | null) => (time === null ? undefined : new Date(time).toISOString());

/** From the first moment of a day to the last one of another, either of which may be open. */
export function withinDays(first: string | undefined, last: string | undefined): Within {
  return given({ from: iso(startOfDay(first ?? "")), to: iso(endOfDay(last ?? "")) });
}

/** The time of a period. It ends with today, so that it stays the same until tomorrow. */
export function withinOf(period: string | undefined, now: number): Within {
  if (period === undefined) return {};
  const days = daysOf(period);
  if (days !== null) return withinDays(days.first, days.last);
  const today = dayOf(now);
  return withinDays(daysAfter(today, 1 - (lengths[period] ?? 1)), today);
}

export interface Profile {
  search: ProfileSearch;
  within: Within;
  /** Changes a part of the address; with `replace` without a step back. */
  show: (change: ProfileSearch, how?: { replace: boolean }) => void;
  /** Opens the history with these filters and no others. */
  openTrades: (trades: TradeSearch) => void;
}

export function useProfile(): Profile {
  const raw = useSearch({ strict: false });
  const navigate = useNavigate();
  const key = JSON.stringify(raw);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the search
  const search = useMemo(() => readProfile(raw), [key]);
  const today = dayOf(Date.now());
  // biome-ignore lint/correctness/useExhaustiveDependencies: a period ends with its day
  const within = useMemo(() => withinOf(search.period, Date.now()), [search.period, today]);
  return useMemo(() => {
    const put = (change: ProfileSearch, replace: boolean) =>
      navigate({
        to: "/profile",
        search: (before: object) => given({ ...before, ...change }),
        resetScroll: false,
        replace,
      });
    const nothing = Object.fromEntries(filters.map((name) => [name, undefined]));
    return {
      search,
      within,
      show: (change, how) => put(change, how?.replace ?? false),
      openTrades: (trades) => put({ ...nothing, tab: "history", ...trades }, false),
    };
  }, [search, within, navigate]);
}
