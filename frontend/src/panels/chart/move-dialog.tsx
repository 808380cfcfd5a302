import { useState } from "react";
import type { PlanPreview } from "@/api/plans";
import type { Difference } from "@/lib/settings/diff";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { DiffTable } from "@/ui/diff-table";
import type { Held } from "./drag";
import { MoveWords } from "./move-words";

interface MoveDialogProps {
  held: Held;
  preview: PlanPreview;
  /** The token's name. */
  name: string;
  /** What the same move would change of the token's settings; null where they have no such line. */
  differences: Difference[] | null;
  /** The token has no settings of its own yet. */
  isNew: boolean;
  isSaving: boolean;
  error: Error | null;
  onConfirm: (alsoSettings: boolean) => void;
  onCancel: () => void;
}

/** A second look before a line of the open trade moves. */
export function MoveDialog(props: MoveDialogProps) {
  const { held, preview, name, differences, isNew, isSaving, error, onConfirm, onCancel } = props;
  const [also, setAlso] = useState(false);
  return (
    <Dialog open wide onClose={onCancel} title={`${held.handle.title} of ${name}`}>
      <div className="flex flex-col gap-5">
        <MoveWords held={held} preview={preview} />
        {differences !== null && (
          <section aria-label="Settings" className="flex flex-col gap-2">
            <label className="flex min-h-6 items-center gap-2">
              <input
                type="checkbox"
                checked={also}
                onChange={(event) => setAlso(event.target.checked)}
                className="size-4 accent-accent-strong"
              />
              Also use it for {name} from now on
            </label>
            {also && differences.length > 0 && (
              <DiffTable label="Before and after" rows={differences} />
            )}
            {also && differences.length === 0 && (
              <p className="text-muted text-sm">The settings say that already.</p>
            )}
            {also && isNew && (
              <p className="text-muted text-sm">
                {name} gets settings of its own: those of every token, with this change. From then
                on it is watched without waiting for a signal.
              </p>
            )}
          </section>
        )}
        {error && (
          <p role="alert" className="text-down">
            {error.message}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onCancel}>Not now</Button>
          <Button look="primary" busy={isSaving} onClick={() => onConfirm(also)}>
            Change this trade
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
