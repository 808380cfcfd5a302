import { useMutation } from "@tanstack/react-query";
import { Wallet } from "lucide-react";
import { Button } from "@/ui/button";
import { type FreshWallet, makeWallet } from "./sign-in";

export function NewWallet({ onMade }: { onMade: (wallet: FreshWallet) => void }) {
  const make = useMutation({ mutationFn: makeWallet, onSuccess: onMade });
  return (
    <section className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-4">
      <p className="text-muted">
        New here? A paper wallet comes with 10 to 20 SOL of play money and trades live prices at
        once. No name, no mail, no risk.
      </p>
      <Button look="primary" size="large" busy={make.isPending} onClick={() => make.mutate()}>
        <Wallet size={18} aria-hidden="true" />
        Start with a paper wallet
      </Button>
      {make.isError && (
        <p role="alert" className="text-down">
          No wallet could be made. {make.error.message}
        </p>
      )}
    </section>
  );
}
