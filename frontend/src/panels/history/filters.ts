/** What the person asked for, in the words of the platform's query and in those of people. Pure. */
import type { TradesWanted } from "@/api/analytics";
import type { PeriodSearch } from "@/lib/drawers";
import { shortAddress } from "@/lib/format";
import { type ProfileSearch, type TradeSearch, type TradeSort, withinDays } from "@/lib/profile";
import { inWords } from "@/lib/reasons";
import { cleanText } from "@/lib/text";
import { formatTime, startOfDay } from "@/lib/time";
import type { Sorting } from "@/ui/sort";

/** Both ends of the time are days that count in full. */
export function wantedOf(search: ProfileSearch): TradesWanted {
  const wanted: TradesWanted = {
    status: search.status,
    token_address: search.token,
    strategy: search.strategy,
    source: search.source,
    exit_reason: search.reason,
    symbol: search.name,
    ...withinDays(search.from, search.to),
    times: search.ended ? "exit_time" : undefined,
    sort: search.sort,
    order: search.order,
  };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
}

/** The same trades for a what-if, which knows a token, a strategy and when they began. */
export function periodOf(search: ProfileSearch): PeriodSearch {
  const { token, strategy } = search;
  const within = search.ended ? {} : withinDays(search.from, search.to);
  const period = { ...within, token, strategy };
  return Object.fromEntries(Object.entries(period).filter(([, value]) => value));
}

export function sortingOf({ sort, order }: ProfileSearch): Sorting {
  return { column: sort ?? "entry_time", descending: order !== "asc" };
}

/** The first order is the usual one, and does not stand in the address. */
export function sortOf({ column, descending }: Sorting): Pick<ProfileSearch, "sort" | "order"> {
  return {
    sort: column === "entry_time" ? undefined : (column as TradeSort),
    order: descending ? undefined : "asc",
  };
}

export const sourceNames = { signal: "A signal", named: "Settings by name" } as const;

export interface Chip {
  /** What it takes away. */
  names: (keyof TradeSearch)[];
  text: string;
}

function dayName(day: string): string {
  return formatTime(startOfDay(day) ?? 0, { day: "numeric", month: "short", year: "numeric" });
}

function daysInWords(from: string | undefined, to: string | undefined): string {
  if (from !== undefined && from === to) return `on ${dayName(from)}`;
  const ends = [from && `from ${dayName(from)}`, to && `to ${dayName(to)}`];
  return ends.filter(Boolean).join(" ");
}

/** What is filtered by, each in a few words; `symbol` is that of the token. */
export function chipsOf(search: TradeSearch, symbol: string | undefined): Chip[] {
  const { status, token, strategy, source, reason, name, from, to, ended } = search;
  const chips: (Chip | false | undefined | "")[] = [
    name && { names: ["name"], text: `Name has “${cleanText(name, 24)}”` },
    token && {
      names: ["token"],
      text: `Token: ${cleanText(symbol ?? shortAddress(token), 24)}`,
    },
    status && { names: ["status"], text: `Status: ${inWords(status)}` },
    strategy && { names: ["strategy"], text: `Strategy: ${inWords(cleanText(strategy, 24))}` },
    source && { names: ["source"], text: `Led by: ${sourceNames[source]}` },
    reason && { names: ["reason"], text: `Ended by: ${inWords(cleanText(reason, 24))}` },
    (from || to) && {
      names: ["from", "to", "ended"],
      text: `${ended ? "Ended" : "Opened"} ${daysInWords(from, to)}`,
    },
  ];
  return chips.filter((it): it is Chip => Boolean(it));
}
