import { ShieldCheck } from "lucide-react";
import { formatSol, shortAddress } from "@/lib/format";
import type { Entered } from "@/lib/wallets/sign-in";
import { Button } from "@/ui/button";

/** The button that led here is gone: a screen reader goes on with what came instead. */
const focus = (heading: HTMLElement | null) => heading?.focus();

/** A real wallet came for the first time: it must know that it trades paper money. */
export function FirstEntry({ entered, onGo }: { entered: Entered; onGo: () => void }) {
  return (
    <section
      aria-labelledby="entered"
      className="flex flex-col gap-4 rounded-lg border border-line bg-surface p-4"
    >
      <div>
        <h2 id="entered" ref={focus} tabIndex={-1} className="font-semibold text-lg outline-none">
          You trade {formatSol(entered.sol)} SOL of paper money
        </h2>
        <p className="mt-1 text-muted">
          <span className="font-mono" title={entered.walletAddress}>
            {shortAddress(entered.walletAddress)}
          </span>{" "}
          is your name here, no more. Every trade is played with live prices and paper money.
        </p>
      </div>
      <p className="flex gap-2">
        <ShieldCheck size={18} aria-hidden="true" className="mt-px shrink-0 text-up" />
        The platform has no key of your wallet: it cannot spend what is in it, and never asks it for
        a transaction.
      </p>
      <Button look="primary" size="large" onClick={onGo}>
        Start trading
      </Button>
    </section>
  );
}
