/** What the person asked for, and the query that the platform understands. Pure. */
import type { TradeFilters } from "@/api/queries";
import type { PeriodSearch } from "@/lib/drawers";

export interface Filters {
  status: "" | NonNullable<TradeFilters["status"]>;
  token: string;
  strategy: string;
  from: string;
  to: string;
  order: "desc" | "asc";
}

export const noFilters: Filters = {
  status: "",
  token: "",
  strategy: "",
  from: "",
  to: "",
  order: "desc",
};

const DAY = 86_400_000;

/** A day in the person's own zone, as its first moment in UTC. */
function startOf(day: string): number | null {
  const [year, month, date] = day.split("-").map(Number);
  if (!year || !month || !date) return null;
  return new Date(year, month - 1, date).getTime();
}

function isoOf(time: number | null): string | undefined {
  return time === null ? undefined : new Date(time).toISOString();
}

/** `to` is a day that counts in full; the platform takes the moment at which it has ended. */
export function queryOf(filters: Filters): TradeFilters {
  const end = startOf(filters.to);
  return {
    status: filters.status || undefined,
    token_address: filters.token || undefined,
    strategy: filters.strategy || undefined,
    from: isoOf(startOf(filters.from)),
    to: isoOf(end === null ? null : end + DAY),
    order: filters.order,
    limit: 50,
  };
}

/** The same trades for a what-if, which knows no status. */
export function periodOf(filters: Filters): PeriodSearch {
  const { from, to, token_address: token, strategy } = queryOf(filters);
  const given = { from, to, token, strategy };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value));
}

export function isFiltered(filters: Filters): boolean {
  const { order: _, ...rest } = filters;
  return Object.values(rest).some((value) => value !== "");
}
