/** The timeframe that this browser was last shown candles in. */
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { isTimeframe, type Timeframe } from "@/api/candles";

const KEY = "chart-timeframe";

function kept(): Timeframe | null {
  const name = localStorage.getItem(KEY);
  return isTimeframe(name) ? name : null;
}

/** Null: the platform's own. */
const chosen = createStore<Timeframe | null>(kept);

export function chooseTimeframe(timeframe: Timeframe | null) {
  chosen.setState(timeframe, true);
  if (timeframe === null) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, timeframe);
}

export function useTimeframe(): Timeframe | null {
  return useStore(chosen);
}
