import { ChevronRight, Wallet } from "lucide-react";
import type { SolanaWallet } from "@/lib/wallets/discovery";
import { useSolanaWallets } from "@/lib/wallets/discovery";
import type { Entered } from "@/lib/wallets/sign-in";
import { useWalletSignIn } from "./use-wallet-sign-in";
import { WalletProgress } from "./wallet-progress";

function Icon({ icon }: { icon: string | null }) {
  if (icon === null) return <Wallet size={20} aria-hidden="true" className="text-muted" />;
  return <img src={icon} alt="" width="20" height="20" className="size-5 rounded-sm" />;
}

interface ChoiceProps {
  wallet: SolanaWallet;
  disabled: boolean;
  onChoose: (wallet: SolanaWallet) => void;
}

function WalletChoice({ wallet, disabled, onChoose }: ChoiceProps) {
  return (
    <button
      type="button"
      disabled={disabled}
      onClick={() => onChoose(wallet)}
      className="flex h-10 w-full min-w-0 items-center gap-2.5 rounded-md border border-line bg-raised px-3 text-left font-medium transition-colors enabled:hover:bg-hover disabled:opacity-50"
    >
      <Icon icon={wallet.icon} />
      <span className="min-w-0 flex-1 truncate">{wallet.name}</span>
      <ChevronRight size={15} aria-hidden="true" className="text-faint" />
    </button>
  );
}

function NoWallet() {
  return (
    <p className="text-muted">
      None in this browser, such as Phantom, Solflare or Backpack. One that you install appears
      here; on a phone, use the wallet's own browser.
    </p>
  );
}

/** Every Solana wallet of this browser, and how far signing in with one is. */
export function WalletSignIn({ onEntered }: { onEntered: (entered: Entered) => void }) {
  const wallets = useSolanaWallets();
  const { progress, start, choose, cancel } = useWalletSignIn(onEntered);
  return (
    <section
      aria-labelledby="with-a-wallet"
      className="flex flex-col gap-2 rounded-lg border border-line bg-surface p-3 sm:gap-3 sm:p-4"
    >
      <h2 id="with-a-wallet" className="font-semibold text-lg">
        Sign in with a Solana wallet
      </h2>
      {wallets.length === 0 ? (
        <NoWallet />
      ) : (
        <>
          <ul className="grid grid-cols-2 gap-2">
            {wallets.map((wallet) => (
              <li key={wallet.key} className="min-w-0">
                <WalletChoice wallet={wallet} disabled={progress.at === "busy"} onChoose={start} />
              </li>
            ))}
          </ul>
          <WalletProgress progress={progress} onChoose={choose} onCancel={cancel} />
          {progress.at === "start" && (
            <p className="text-faint text-sm">
              It signs a text, no transaction. You trade paper money: what is in your wallet stays
              untouched.
            </p>
          )}
        </>
      )}
    </section>
  );
}
