import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";

/** Which trades a what-if is about; all of them without a word. */
export interface PeriodSearch {
  from?: string;
  to?: string;
  token?: string;
  strategy?: string;
}

/** What stands in the address above any page: the trade or the period whose drawer is open. */
export interface DrawerSearch {
  trade?: number;
  whatif?: PeriodSearch;
}

const names = ["from", "to", "token", "strategy"] as const;

function periodOf(value: unknown): PeriodSearch | null {
  if (typeof value !== "object" || value === null) return null;
  const given = value as Record<string, unknown>;
  return Object.fromEntries(
    names.flatMap((name) => {
      const word = given[name];
      return word === undefined || word === "" ? [] : [[name, String(word)]];
    }),
  );
}

/** Reads an address; what makes no sense in it is left out. */
export function readDrawers(search: Record<string, unknown>): DrawerSearch {
  const { trade } = search;
  const period = periodOf(search.whatif);
  return {
    ...(typeof trade === "number" && Number.isSafeInteger(trade) && trade > 0 && { trade }),
    ...(period && { whatif: period }),
  };
}

/** Opens and closes the drawers; the page below stays as it is. */
export function useDrawers() {
  const navigate = useNavigate();
  return useMemo(() => {
    const put = (drawers: DrawerSearch) =>
      navigate({
        to: ".",
        search: (before: DrawerSearch) => {
          const { trade: _, whatif: __, ...rest } = before;
          return { ...rest, ...drawers };
        },
        resetScroll: false,
      });
    return {
      openTrade: (trade: number) => put({ trade }),
      openPeriod: (whatif: PeriodSearch) => put({ whatif }),
      close: () => put({}),
    };
  }, [navigate]);
}
