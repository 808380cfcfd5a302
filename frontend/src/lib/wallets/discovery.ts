/** The Solana wallets of this browser, found by the Wallet Standard; new ones as they register. */
import { SolanaSignIn, SolanaSignMessage } from "@solana/wallet-standard-features";
import { getWallets } from "@wallet-standard/app";
import type { Wallet } from "@wallet-standard/base";
import { StandardConnect } from "@wallet-standard/features";
import { useSyncExternalStore } from "react";
import { cleanText } from "@/lib/text";
import { safeIcon } from "./icon";

/** `text`: the wallet writes the message itself. `bytes`: it signs ours as it is. */
export type Way = "text" | "bytes";

export interface SolanaWallet {
  /** Tells it from every other one, also from one of the same name. */
  key: string;
  name: string;
  icon: string | null;
  /** How it can sign in, the better way first; none where it cannot. */
  ways: Way[];
  wallet: Wallet;
}

const LONGEST_NAME = 40;

function waysOf(wallet: Wallet): Way[] {
  if (!(StandardConnect in wallet.features)) return [];
  const ways: Way[] = [];
  if (SolanaSignIn in wallet.features) ways.push("text");
  if (SolanaSignMessage in wallet.features) ways.push("bytes");
  return ways;
}

const isForSolana = (wallet: Wallet) => wallet.chains.some((chain) => chain.startsWith("solana:"));

/** Those of all registered wallets that know a Solana chain, by name. */
export function solanaWallets(registered: readonly Wallet[]): SolanaWallet[] {
  const named = registered.filter(isForSolana).map((wallet, index) => {
    const name = cleanText(wallet.name, LONGEST_NAME) || "A wallet without a name";
    return { key: `${name} ${index}`, name, icon: safeIcon(wallet.icon), wallet };
  });
  return named
    .map((found) => ({ ...found, ways: waysOf(found.wallet) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

let registered: readonly Wallet[] = [];
let shown: SolanaWallet[] = [];

function read(): SolanaWallet[] {
  const now = getWallets().get();
  if (now !== registered) {
    registered = now;
    shown = solanaWallets(now);
  }
  return shown;
}

function subscribe(listener: () => void) {
  const { on } = getWallets();
  const stops = [on("register", listener), on("unregister", listener)];
  return () => {
    for (const stop of stops) stop();
  };
}

export function useSolanaWallets(): SolanaWallet[] {
  return useSyncExternalStore(subscribe, read);
}
