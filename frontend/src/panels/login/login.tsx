import { useState } from "react";
import { shortAddress } from "@/lib/format";
import { rememberWallet } from "@/lib/session";
import type { Entered } from "@/lib/wallets/sign-in";
import { notify } from "@/ui/toast";
import { FirstEntry } from "./first-entry";
import { KeySignIn } from "./key-sign-in";
import { NewWallet } from "./new-wallet";
import { SecretKey } from "./secret-key";
import type { FreshWallet } from "./sign-in";
import { WalletSignIn } from "./wallet-sign-in";

/** Three ways in; a new wallet shows its key once, and a real one what it trades. */
export function Login() {
  const [fresh, setFresh] = useState<FreshWallet | null>(null);
  const [first, setFirst] = useState<Entered | null>(null);
  const enter = (entered: Entered) => {
    if (entered.isNew) return setFirst(entered);
    notify(`Signed in as ${shortAddress(entered.walletAddress)}. It trades paper money.`);
    rememberWallet(entered.walletAddress);
  };
  if (fresh !== null) {
    return <SecretKey wallet={fresh} onKept={() => rememberWallet(fresh.walletAddress)} />;
  }
  if (first !== null) {
    return <FirstEntry entered={first} onGo={() => rememberWallet(first.walletAddress)} />;
  }
  return (
    <div className="flex flex-col gap-3">
      <NewWallet onMade={setFresh} />
      <WalletSignIn onEntered={enter} />
      <KeySignIn onSignedIn={rememberWallet} />
    </div>
  );
}
