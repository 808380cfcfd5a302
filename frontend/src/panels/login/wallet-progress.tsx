import type { WalletAccount } from "@wallet-standard/base";
import { shortAddress } from "@/lib/format";
import { cleanText } from "@/lib/text";
import type { SolanaWallet } from "@/lib/wallets/discovery";
import { Button } from "@/ui/button";
import type { Progress } from "./use-wallet-sign-in";

const LONGEST_LABEL = 30;

type Busy = Extract<Progress, { at: "busy" }>;

function words({ wallet: { name }, stage }: Busy): string {
  switch (stage) {
    case "connect":
      return `${name} asks whether this page may see your address. If nothing opened, press its icon in the browser.`;
    case "ask":
      return "The platform writes a text to sign.";
    case "sign":
      return `${name} shows you a text. Check that it names this page, then sign it.`;
    case "check":
      return "The platform checks the signature.";
  }
}

function Account({ account, onChoose }: { account: WalletAccount; onChoose: () => void }) {
  const label = cleanText(account.label ?? "", LONGEST_LABEL);
  return (
    <button
      type="button"
      title={account.address}
      onClick={onChoose}
      className="flex h-9 items-center justify-between gap-3 rounded-md border border-line bg-raised px-3 font-medium transition-colors hover:bg-hover"
    >
      <span className="truncate">{label || "Account"}</span>
      <span className="font-mono text-muted text-sm">{shortAddress(account.address)}</span>
    </button>
  );
}

interface WalletProgressProps {
  progress: Progress;
  onChoose: (wallet: SolanaWallet, account: WalletAccount) => void;
  onCancel: () => void;
}

function Failure({ words, again }: { words: string; again: (() => void) | null }) {
  return (
    <div role="alert" className="flex flex-col items-start gap-2">
      <p className="break-words text-down">{words}</p>
      {again && <Button onClick={again}>Sign the platform's own text instead</Button>}
    </div>
  );
}

/** What the wallet waits for, which of its accounts signs in, or what went wrong. */
export function WalletProgress({ progress, onChoose, onCancel }: WalletProgressProps) {
  return (
    <>
      <div role="status" className="contents">
        {progress.at === "busy" && (
          <div className="flex items-center justify-between gap-3">
            <p className="text-muted">{words(progress)}</p>
            {(progress.stage === "connect" || progress.stage === "sign") && (
              <Button onClick={onCancel}>Cancel</Button>
            )}
          </div>
        )}
      </div>
      {progress.at === "choice" && (
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-2 text-muted">
            {progress.wallet.name} shows {progress.accounts.length} accounts. Which one signs in?
          </legend>
          {progress.accounts.map((account) => (
            <Account
              key={account.address}
              account={account}
              onChoose={() => onChoose(progress.wallet, account)}
            />
          ))}
        </fieldset>
      )}
      {progress.at === "failure" && <Failure words={progress.words} again={progress.again} />}
    </>
  );
}
