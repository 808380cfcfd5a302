import { useBlocker } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";

interface Place {
  pathname: string;
  search: object;
}

/** Only another page, tab or symbol would take the form away; a drawer above it does not. */
function leaves(current: Place, next: Place): boolean {
  const key = ({ pathname, search }: Place) => {
    const { symbol, tab } = search as { symbol?: string; tab?: string };
    return JSON.stringify([pathname, symbol, tab]);
  };
  return key(current) !== key(next);
}

/** Asks before unsaved changes are lost; returns the question, to be put on the page. */
export function useLeaveGuard(isDirty: boolean, what: string): ReactNode {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty && leaves(current, next),
    enableBeforeUnload: () => isDirty,
    withResolver: true,
  });
  if (blocker.status !== "blocked") return null;
  return (
    <Dialog open onClose={blocker.reset} title="Leave without saving?">
      <p className="mb-4 text-muted">{what} is not saved. It is lost when you leave.</p>
      <div className="flex justify-end gap-2">
        <Button look="danger" onClick={blocker.proceed}>
          Leave
        </Button>
        <Button look="primary" onClick={blocker.reset}>
          Stay
        </Button>
      </div>
    </Dialog>
  );
}
