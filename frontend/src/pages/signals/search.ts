/** Where one is on the page, as the address says it. Pure. */
import type { SignalQuery, SignalStatus } from "@/api/signals";
import { endOfDay, startOfDay } from "@/lib/time";

/** What the list shows; "" is everything. */
export interface Filters {
  status: "" | SignalStatus;
  reason: string;
  source: string;
  /** A part of a symbol, or a whole address. */
  token: string;
  /** Days, both inside: 2026-11-21. */
  from: string;
  to: string;
}

export interface SignalsSearch extends Partial<Filters> {
  /** The signal whose story is told. */
  signal?: number;
  /** What the funnel and the scorecards look back at. */
  days?: Days;
  /** Whose funnel and scorecard: a source; all of them without a word. */
  of?: string;
}

export const periods = [1, 7, 30, 90] as const;
export type Days = (typeof periods)[number];
export const USUAL_DAYS: Days = 7;

export const statuses: Record<SignalStatus, string> = {
  Screening: "Just signalled; the token and what people say are being looked up",
  Monitoring: "Passed the screening; strategies wait for an entry",
  Finished: "Somebody bought on it",
  Failed: "Ended without a trade",
};

const names = ["status", "reason", "source", "token", "from", "to"] as const;
const noFilters: Filters = { status: "", reason: "", source: "", token: "", from: "", to: "" };
const ADDRESS = /^[1-9A-HJ-NP-Za-km-z]{32,44}$/;
const LONGEST: Record<(typeof names)[number], number> = {
  status: 20,
  reason: 100,
  source: 200,
  token: 64,
  from: 10,
  to: 10,
};

/** A word from the address: digits come as a number, and a symbol may be one. */
function wordOf(value: unknown, longest: number): string | undefined {
  if (value === undefined || value === null || typeof value === "object") return undefined;
  return String(value).slice(0, longest) || undefined;
}

function filtersIn(search: Record<string, unknown>): Partial<Filters> {
  const found: Partial<Record<(typeof names)[number], string>> = {};
  for (const name of names) {
    const word = wordOf(search[name], LONGEST[name]);
    if (word === undefined) continue;
    if (name === "status" && !Object.hasOwn(statuses, word)) continue;
    if ((name === "from" || name === "to") && startOfDay(word) === null) continue;
    found[name] = word;
  }
  return found as Partial<Filters>;
}

/** Whatever stands in the address, only what makes sense of it. */
export function readSearch(search: Record<string, unknown>): SignalsSearch {
  const { signal } = search;
  const days = periods.find((period) => period === search.days);
  const of = wordOf(search.of, 200);
  return {
    ...filtersIn(search),
    ...(typeof signal === "number" && Number.isSafeInteger(signal) && signal > 0 && { signal }),
    ...(days && { days }),
    ...(of && { of }),
  };
}

export function filtersOf(search: SignalsSearch): Filters {
  return { ...noFilters, ...filtersIn({ ...search }) };
}

/** The address with other filters; those that are empty are left out of it. */
export function withFilters(search: SignalsSearch, filters: Filters): SignalsSearch {
  const { signal, days, of } = search;
  return readSearch({ signal, days, of, ...filters });
}

export function isFiltered(filters: Filters): boolean {
  return names.some((name) => filters[name] !== "");
}

const isoOf = (time: number | null) => (time === null ? undefined : new Date(time).toISOString());

/** `to` is a day that counts in full; the platform takes the moment at which it has ended. */
export function queryOf(filters: Filters): SignalQuery {
  const isAddress = ADDRESS.test(filters.token);
  return {
    status: filters.status || undefined,
    reason: filters.reason || undefined,
    source: filters.source || undefined,
    token_address: isAddress ? filters.token : undefined,
    symbol: isAddress ? undefined : filters.token || undefined,
    from: isoOf(startOfDay(filters.from)),
    to: isoOf(endOfDay(filters.to)),
  };
}
