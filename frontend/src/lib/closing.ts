/** The position that is about to be sold, and how much of it: the question stands on the trading page. */
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

export interface Closing {
  trade: number;
  /** Of what is left: 1 sells all. */
  portion: number;
}

const closing = createStore<{ asked: Closing | null }>(() => ({ asked: null }));

/** Asks whether to sell; nothing is sold before the answer. */
export function askToClose(asked: Closing) {
  closing.setState({ asked });
}

export function stopAsking() {
  closing.setState({ asked: null });
}

export function useClosing(): Closing | null {
  return useStore(closing, (state) => state.asked);
}
