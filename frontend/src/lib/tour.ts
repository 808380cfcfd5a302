/** The tour of the trading page: whether it runs, where it stands, and who has seen it. */
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

export const tourSteps = ["signals", "chart", "position", "why"] as const;
export type TourStep = (typeof tourSteps)[number];

export interface Tour {
  step: TourStep | null;
  /** It ended before anything was bought: its second half comes back with the first trade. */
  comesBack: boolean;
  /** Somebody asked for it, or pressed a button of it: it may have the focus. */
  isWanted: boolean;
}

const KEY = "tour";
const asleep: Tour = { step: null, comesBack: false, isWanted: false };

export const tour = createStore<Tour>(() => asleep);

/** The wallets that have seen it; what makes no sense counts as none. */
function seen(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((it) => typeof it === "string") : [];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [];
  }
}

const MOST_KEPT = 50;

export function hasSeenTour(wallet: string): boolean {
  return seen().includes(wallet);
}

/** Begins at the first step. `isWanted`: a person asked for it. */
export function startTour(wallet: string, isWanted = true) {
  const others = seen().filter((it) => it !== wallet);
  localStorage.setItem(KEY, JSON.stringify([...others, wallet].slice(-MOST_KEPT)));
  tour.setState({ step: "signals", comesBack: false, isWanted }, true);
}

export function goToStep(step: TourStep, isWanted = true) {
  tour.setState({ step, comesBack: false, isWanted }, true);
}

/** Ends it; `comesBack` when it could not show a trade. */
export function endTour(comesBack = false) {
  tour.setState({ ...asleep, comesBack }, true);
}

/** The step so many further; null behind either end. */
export function stepAfter(step: TourStep, by: 1 | -1): TourStep | null {
  return tourSteps[tourSteps.indexOf(step) + by] ?? null;
}

export function useTour(): Tour {
  return useStore(tour);
}
