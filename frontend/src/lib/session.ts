import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

/** Who is signed in. The address only: the session itself is a cookie that no script can read. */
export interface Session {
  wallet: string | null;
  /** On the way out: nothing more is asked in the wallet's name. */
  isLeaving: boolean;
}

const KEY = "wallet";

export const session = createStore<Session>(() => ({
  wallet: localStorage.getItem(KEY),
  isLeaving: false,
}));

export function rememberWallet(wallet: string) {
  localStorage.setItem(KEY, wallet);
  session.setState({ wallet });
}

export function beginToLeave() {
  session.setState({ isLeaving: true });
}

export function forgetWallet() {
  localStorage.removeItem(KEY);
  session.setState({ wallet: null, isLeaving: false });
}

/** The signed-in wallet; "" where nobody is, which no page behind the login ever sees. */
export function useWallet(): string {
  return useStore(session, (state) => state.wallet ?? "");
}
