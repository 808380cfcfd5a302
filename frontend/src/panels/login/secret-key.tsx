import { Check, Copy, Download } from "lucide-react";
import { useState } from "react";
import { copyText } from "@/lib/clipboard";
import { formatSol } from "@/lib/format";
import { Button } from "@/ui/button";
import type { FreshWallet } from "./sign-in";

function download({ walletAddress, secretKey }: FreshWallet) {
  const text = `Auto Trader paper wallet\naddress: ${walletAddress}\nsecret key: ${secretKey}\n`;
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `auto-trader-${walletAddress.slice(0, 6)}.txt`;
  link.click();
  URL.revokeObjectURL(url);
}

/** The button that led here is gone: a screen reader goes on with what came instead. */
const focus = (heading: HTMLElement | null) => heading?.focus();

/** The one moment at which the key can be kept: the platform does not store it. */
export function SecretKey({ wallet, onKept }: { wallet: FreshWallet; onKept: () => void }) {
  const [copied, setCopied] = useState<boolean | null>(null);
  const copy = async () => setCopied(await copyText(wallet.secretKey));
  const CopyIcon = copied ? Check : Copy;
  return (
    <section
      aria-labelledby="made"
      className="flex flex-col gap-4 rounded-lg border border-line bg-surface p-4"
    >
      <div>
        <h2 id="made" ref={focus} tabIndex={-1} className="font-semibold text-lg outline-none">
          Your paper wallet has {formatSol(wallet.sol)} SOL
        </h2>
        <p className="mt-1 text-muted">
          This is its secret key. It is shown only now and kept nowhere: with it you sign in on
          another device.
        </p>
      </div>
      <dl className="flex flex-col gap-3">
        <div>
          <dt className="text-faint text-sm">Address</dt>
          <dd className="break-all font-mono text-sm">{wallet.walletAddress}</dd>
        </div>
        <div>
          <dt className="text-faint text-sm">Secret key</dt>
          <dd
            data-testid="secret-key"
            className="break-all rounded-md border border-line bg-raised p-2 font-mono text-sm"
          >
            {wallet.secretKey}
          </dd>
        </div>
      </dl>
      <div className="grid grid-cols-2 gap-2">
        <Button onClick={copy}>
          <CopyIcon size={15} aria-hidden="true" />
          {copied ? "Copied" : "Copy key"}
        </Button>
        <Button onClick={() => download(wallet)}>
          <Download size={15} aria-hidden="true" />
          Download
        </Button>
      </div>
      {copied === false && (
        <p role="alert" className="text-down">
          The browser does not let this page copy. Select the key and copy it, or download it.
        </p>
      )}
      <Button look="primary" size="large" onClick={onKept}>
        Start trading
      </Button>
    </section>
  );
}
