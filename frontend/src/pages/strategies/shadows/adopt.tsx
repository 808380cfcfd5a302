import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Wishes } from "@/api/ground";
import { adoptShadow } from "@/api/shadows";
import type { Shadow } from "@/api/wire";
import { useWallet } from "@/lib/session";
import { cleanText } from "@/lib/text";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { DiffTable } from "@/ui/diff-table";
import { notify } from "@/ui/toast";
import { nameOfSymbol } from "../settings/symbols";
import { adopted, differencesBySymbol, ownOnly, writtenOf } from "./wishes";

interface AdoptProps {
  shadow: Shadow;
  wishes: Wishes;
  onClose: () => void;
}

/** Makes a shadow's settings one's own, after a look at what that changes. */
export function Adopt({ shadow, wishes, onClose }: AdoptProps) {
  const wallet = useWallet();
  const client = useQueryClient();
  const [replace, setReplace] = useState(false);
  const name = cleanText(shadow.name, 60);
  const mine = writtenOf(wishes);
  const only = ownOnly(mine, shadow.settings);
  const after = adopted(mine, shadow.settings, replace);
  const changes = differencesBySymbol(mine, after, wishes.ground);
  const adopt = useMutation({
    mutationFn: () => adoptShadow(wallet, shadow.number, replace),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["settings", wallet] });
      onClose();
      notify(`Your settings are those of ${name} now. Each version before can be taken back.`);
    },
  });
  return (
    <Dialog open wide onClose={onClose} title={`Adopt ${name}?`}>
      <div className="flex flex-col gap-4">
        <p className="text-muted text-sm">
          Your wallet trades by these settings from now on. Trades that are open keep the plan they
          began with.
        </p>
        {changes.length === 0 && <p>Nothing changes: your settings are the same.</p>}
        {changes.map(({ symbol, differences }) => (
          <section key={symbol} aria-label={nameOfSymbol(symbol)}>
            <h3 className="mb-1 font-semibold">{nameOfSymbol(symbol)}</h3>
            <DiffTable label={`Before and after, ${nameOfSymbol(symbol)}`} rows={differences} />
          </section>
        ))}
        {only.length > 0 && (
          <label className="flex items-start gap-2 text-sm">
            <input
              type="checkbox"
              checked={replace}
              onChange={(event) => setReplace(event.target.checked)}
              className="mt-0.5 size-4 shrink-0 accent-accent-strong"
            />
            <span>
              Remove my settings for {only.map(nameOfSymbol).join(", ")} too, which the shadow has
              none for
            </span>
          </label>
        )}
        {adopt.isError && (
          <p role="alert" className="text-down">
            Nothing was changed. {adopt.error.message}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Not now</Button>
          <Button
            look="primary"
            busy={adopt.isPending}
            disabled={changes.length === 0}
            onClick={() => adopt.mutate()}
          >
            Adopt
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
