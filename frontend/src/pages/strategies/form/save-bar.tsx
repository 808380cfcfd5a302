import type { ReactNode } from "react";
import type { Difference } from "@/lib/settings/diff";
import { inShort } from "@/lib/settings/diff";
import { classes } from "@/ui/classes";

interface SaveBarProps {
  differences: Difference[];
  isFit: boolean;
  /** Said while nothing differs. */
  untouched: string;
  /** What no field can say. */
  problems: string[];
  /** In a dialog there is no navigation below it. */
  inDialog?: boolean;
  children: ReactNode;
}

/** Stays in sight at the foot of a form: how much is changed, and what to do with it. */
export function SaveBar(props: SaveBarProps) {
  const { differences, isFit, untouched, problems, inDialog = false, children } = props;
  const count = differences.length;
  return (
    <footer
      className={classes(
        "sticky z-20 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-b-lg border-line border-t bg-raised px-3 py-2 sm:px-4",
        inDialog ? "-bottom-3 sm:-bottom-4" : "bottom-14 md:bottom-0",
      )}
    >
      <div className="min-w-0 flex-1 basis-48">
        {problems.map((problem) => (
          <p key={problem} role="alert" className="font-medium text-down text-sm">
            {problem}
          </p>
        ))}
        <p aria-live="polite" className="text-sm">
          {!isFit && <span className="font-medium text-down">Mend the marked fields first. </span>}
          {count === 0 ? (
            <span className="text-muted">{untouched}</span>
          ) : (
            <>
              <span className="font-medium">{count === 1 ? "1 change" : `${count} changes`}</span>
              <span className="text-muted"> · {inShort(differences)}</span>
            </>
          )}
        </p>
      </div>
      <div className="flex gap-2">{children}</div>
    </footer>
  );
}
