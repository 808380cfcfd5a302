import { useMutation, useQueryClient } from "@tanstack/react-query";
import { retireShadow } from "@/api/shadows";
import type { Shadow } from "@/api/wire";
import { useWallet } from "@/lib/session";
import { cleanText } from "@/lib/text";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { notify } from "@/ui/toast";

/** Ends a shadow for good, after a second look. */
export function Retire({ shadow, onClose }: { shadow: Shadow; onClose: () => void }) {
  const wallet = useWallet();
  const client = useQueryClient();
  const name = cleanText(shadow.name, 60);
  const retire = useMutation({
    mutationFn: () => retireShadow(wallet, shadow.number),
    onSuccess: async () => {
      // The list first: what it no longer names must not be asked for again.
      await client.invalidateQueries({ queryKey: ["shadows", wallet], exact: true });
      await client.invalidateQueries({ queryKey: ["shadows", wallet, "compare"] });
      onClose();
      notify(`${name} is retired.`);
    },
  });
  return (
    <Dialog open onClose={onClose} title={`Retire ${name}?`}>
      <p className="mb-4 text-muted">
        It enters nothing any more, sells what it holds by its plan, and then leaves the list with
        its record. This cannot be taken back.
      </p>
      {retire.isError && (
        <p role="alert" className="mb-4 text-down">
          It goes on. {retire.error.message}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Keep it</Button>
        <Button look="danger" busy={retire.isPending} onClick={() => retire.mutate()}>
          Retire
        </Button>
      </div>
    </Dialog>
  );
}
