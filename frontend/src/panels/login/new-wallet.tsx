import { useMutation } from "@tanstack/react-query";
import { Wallet } from "lucide-react";
import { Button } from "@/ui/button";
import { type FreshWallet, makeWallet } from "./sign-in";

export function NewWallet({ onMade }: { onMade: (wallet: FreshWallet) => void }) {
  const make = useMutation({ mutationFn: makeWallet, onSuccess: onMade });
  return (
    <section
      aria-labelledby="with-paper"
      className="flex flex-col gap-3 rounded-lg border border-accent bg-surface p-3 sm:p-5"
    >
      <div className="flex flex-col gap-1">
        <h2 id="with-paper" className="font-semibold text-lg sm:text-xl">
          New here?
        </h2>
        <p className="text-muted sm:text-lg">
          You get 10 to 20 SOL of play money and trade live prices. No name, no mail, no risk.
        </p>
      </div>
      <Button
        look="primary"
        size="large"
        className="h-11 w-full sm:h-12"
        busy={make.isPending}
        onClick={() => make.mutate()}
      >
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
