import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

/** What the person looks at. Without a token: whatever the platform shows, the newest trade. */
export interface Selection {
  token: { address: string; symbol: string | null } | null;
  trade: number | null;
  signal: number | null;
}

const nothing: Selection = { token: null, trade: null, signal: null };

export const selection = createStore<Selection>(() => nothing);

export function select(choice: Partial<Selection>) {
  selection.setState({ ...nothing, ...choice }, true);
}

export function followNewestTrade() {
  selection.setState(nothing, true);
}

export function useSelection(): Selection {
  return useStore(selection);
}
