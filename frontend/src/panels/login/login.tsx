import { useState } from "react";
import { rememberWallet } from "@/lib/session";
import { KeySignIn } from "./key-sign-in";
import { NewWallet } from "./new-wallet";
import { SecretKey } from "./secret-key";
import type { FreshWallet } from "./sign-in";

/** Two ways in; a new wallet shows its key once before it goes on. */
export function Login() {
  const [fresh, setFresh] = useState<FreshWallet | null>(null);
  if (fresh !== null) {
    return <SecretKey wallet={fresh} onKept={() => rememberWallet(fresh.walletAddress)} />;
  }
  return (
    <div className="flex flex-col gap-4">
      <NewWallet onMade={setFresh} />
      <KeySignIn onSignedIn={rememberWallet} />
    </div>
  );
}
