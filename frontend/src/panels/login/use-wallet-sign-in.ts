import type { WalletAccount } from "@wallet-standard/base";
import { useRef, useState } from "react";
import type { SolanaWallet, Way } from "@/lib/wallets/discovery";
import { connect, type Entered, type Stage, signInWithWallet } from "@/lib/wallets/sign-in";
import { WalletTrouble } from "@/lib/wallets/trouble";
import { door } from "./sign-in";

/** How far a sign-in with a wallet is. */
export type Progress =
  | { at: "start" }
  | { at: "busy"; wallet: SolanaWallet; stage: "connect" | Stage }
  | { at: "choice"; wallet: SolanaWallet; accounts: WalletAccount[] }
  | { at: "failure"; wallet: SolanaWallet; words: string; again: (() => void) | null };

/** One sign-in at a time: what an older one still answers is not heard. */
export function useWalletSignIn(onEntered: (entered: Entered) => void) {
  const [progress, setProgress] = useState<Progress>({ at: "start" });
  const current = useRef(0);

  const begin = () => {
    current.current += 1;
    const mine = current.current;
    return (next: () => void) => {
      if (mine === current.current) next();
    };
  };

  const failed = (wallet: SolanaWallet, account: WalletAccount | null, error: unknown) => {
    const way = error instanceof WalletTrouble ? error.otherWay : null;
    const again = way === null || account === null ? null : () => sign(wallet, account, way);
    const words = error instanceof Error ? error.message : String(error);
    setProgress({ at: "failure", wallet, words, again });
  };

  const sign = async (wallet: SolanaWallet, account: WalletAccount, way: Way | undefined) => {
    const ifMine = begin();
    const onStage = (stage: Stage) => ifMine(() => setProgress({ at: "busy", wallet, stage }));
    try {
      if (way === undefined) throw new WalletTrouble(`${wallet.name} cannot sign texts.`);
      const host = window.location.host;
      const entered = await signInWithWallet({ wallet, account, way, door, onStage, host });
      ifMine(() => onEntered(entered));
    } catch (error) {
      ifMine(() => failed(wallet, account, error));
    }
  };

  const start = async (wallet: SolanaWallet) => {
    const ifMine = begin();
    setProgress({ at: "busy", wallet, stage: "connect" });
    try {
      const accounts = await connect(wallet);
      const [only] = accounts;
      ifMine(() => {
        if (accounts.length === 1 && only) sign(wallet, only, wallet.ways[0]);
        else setProgress({ at: "choice", wallet, accounts });
      });
    } catch (error) {
      ifMine(() => failed(wallet, null, error));
    }
  };

  const cancel = () => {
    begin();
    setProgress({ at: "start" });
  };

  return {
    progress,
    start,
    choose: (wallet: SolanaWallet, account: WalletAccount) => sign(wallet, account, wallet.ways[0]),
    cancel,
  };
}
