/** What the person looks for, as the address says it, and the query that the platform understands. */
import type { EventQuery } from "@/api/events";
import type { StoredEvent } from "@/api/wire";
import { endOfDay, parseTime, startOfDay } from "@/lib/time";

export interface EventsSearch {
  kinds?: string[];
  /** A token's address. */
  token?: string;
  /** Days, both inside: 2026-11-21. */
  from?: string;
  to?: string;
  q?: string;
}

const MOST_KINDS = 32;
const LONGEST = { kind: 40, token: 64, day: 10, q: 100 };

function wordOf(value: unknown, longest: number): string | undefined {
  if (value === undefined || value === null || typeof value === "object") return undefined;
  return String(value).slice(0, longest) || undefined;
}

function dayOf(value: unknown): string | undefined {
  const day = wordOf(value, LONGEST.day);
  return day !== undefined && startOfDay(day) !== null ? day : undefined;
}

function kindsOf(value: unknown): string[] {
  const words = (Array.isArray(value) ? value : [value]).flatMap((it) => {
    const word = wordOf(it, LONGEST.kind);
    return word === undefined ? [] : [word];
  });
  return [...new Set(words)].sort().slice(0, MOST_KINDS);
}

/** Whatever stands in the address, only what makes sense of it. */
export function readSearch(search: Record<string, unknown>): EventsSearch {
  const kinds = kindsOf(search.kinds);
  const token = wordOf(search.token, LONGEST.token);
  const q = wordOf(search.q, LONGEST.q);
  const from = dayOf(search.from);
  const to = dayOf(search.to);
  return {
    ...(kinds.length > 0 && { kinds }),
    ...(token && { token }),
    ...(from && { from }),
    ...(to && { to }),
    ...(q && { q }),
  };
}

export function isFiltered(search: EventsSearch): boolean {
  return Object.keys(readSearch({ ...search })).length > 0;
}

export function withKind(search: EventsSearch, kind: string, isOn: boolean): EventsSearch {
  const others = (search.kinds ?? []).filter((it) => it !== kind);
  return readSearch({ ...search, kinds: isOn ? [...others, kind] : others });
}

/** What the page calls otherwise than the platform does. */
const synonyms: [RegExp, string][] = [
  [/\btarget\b/i, "take profit"],
  [/\bclosed by hand\b/i, "manual"],
  [/\bbreak-even\b/i, "breakeven"],
];

function isoOf(time: number | null): string | undefined {
  return time === null ? undefined : new Date(time).toISOString();
}

/** `to` is a day that counts in full; the platform takes the moment at which it has ended. */
export function queryOf(search: EventsSearch): EventQuery {
  const q = synonyms.reduce((text, [word, meant]) => text.replace(word, meant), search.q ?? "");
  return {
    kind: search.kinds,
    token_address: search.token,
    from: isoOf(startOfDay(search.from ?? "")),
    to: isoOf(endOfDay(search.to ?? "")),
    q: q || undefined,
  };
}

function addressIn({ data }: StoredEvent): string | undefined {
  return "token" in data ? data.token.address : undefined;
}

/** Whether an event fits; null where only the platform can tell, because a text is looked for. */
export function fits(query: EventQuery, event: StoredEvent): boolean | null {
  const { kind, token_address: token, from, to, q } = query;
  const at = parseTime(event.at);
  if (kind && kind.length > 0 && !kind.includes(event.kind)) return false;
  if (token && addressIn(event) !== token) return false;
  if (from && at < parseTime(from)) return false;
  if (to && at >= parseTime(to)) return false;
  return q ? null : true;
}
