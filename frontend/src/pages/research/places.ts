/** Where one is on the page, as the address says it. Pure. */
import type { RunKind } from "@/api/research";

export const MOST_COMPARED = 4;

export interface ResearchSearch {
  view?: "new" | "history" | "compare" | RunKind;
  /** Of a run that is shown. */
  id?: number;
  /** Of runs that are compared: `17,18`. */
  ids?: string;
}

const views = new Set(["new", "history", "compare", "backtest", "sweep"]);

export function idsOf(text: string | undefined): number[] {
  const numbers = (text ?? "").split(",").map(Number);
  const known = numbers.filter((id) => Number.isSafeInteger(id) && id > 0);
  return [...new Set(known)].slice(0, MOST_COMPARED);
}

/** Whatever stands in the address, only what makes sense of it. */
export function readSearch(search: Record<string, unknown>): ResearchSearch {
  const view = views.has(String(search.view)) ? (search.view as ResearchSearch["view"]) : undefined;
  const id = Number(search.id);
  if (view === "backtest" || view === "sweep") {
    return Number.isSafeInteger(id) && id > 0 ? { view, id } : {};
  }
  if (view === "compare") {
    // One id alone looks like a number.
    return { view, ids: idsOf(String(search.ids ?? "")).join(",") };
  }
  return view ? { view } : {};
}
