import { ArrowUp } from "lucide-react";
import { formatCount } from "@/lib/format";
import { Button } from "./button";
import { classes } from "./classes";

interface NewerButtonProps {
  count: number;
  onShow: () => void;
  /** The list has heads of columns, which it leaves free. */
  isBelowHead?: boolean;
}

/** Says how many rows wait above, and goes there. Stands over the list that it is about. */
export function NewerButton({ count, onShow, isBelowHead = false }: NewerButtonProps) {
  return (
    <div
      aria-live="polite"
      className={classes(
        "pointer-events-none absolute inset-x-0 z-20 flex justify-center",
        isBelowHead ? "top-2 sm:top-10" : "top-2",
      )}
    >
      {count > 0 && (
        <Button
          look="primary"
          size="small"
          onClick={onShow}
          className="pointer-events-auto shadow-raised"
        >
          <ArrowUp size={14} aria-hidden="true" />
          {formatCount(count)} new
        </Button>
      )}
    </div>
  );
}
