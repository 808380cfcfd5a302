import type { RunKind } from "@/api/research";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { kindsInWords } from "../titles";
import { useDelete } from "./use-runs";

interface DeleteDialogProps {
  /** Null: nothing is asked. */
  run: { kind: RunKind; id: number; title: string } | null;
  onClose: () => void;
  onDeleted?: () => void;
}

/** A second look before a run is gone for good. */
export function DeleteDialog({ run, onClose, onDeleted }: DeleteDialogProps) {
  const remove = useDelete(() => {
    onClose();
    onDeleted?.();
  });
  if (run === null) return null;
  return (
    <Dialog open onClose={onClose} title={`Delete this ${kindsInWords[run.kind].toLowerCase()}?`}>
      <div className="flex flex-col gap-4">
        <p>
          <span className="font-semibold">{run.title}</span> goes with its settings and everything
          it came to. It cannot be brought back, only run again.
        </p>
        {remove.isError && (
          <p role="alert" className="text-down text-sm">
            {remove.error.message}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Keep it</Button>
          <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate(run)}>
            Delete
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
