import { type ReactNode, useId } from "react";
import { classes } from "./classes";

interface CardProps {
  title: ReactNode;
  /** Stands right of the title. */
  actions?: ReactNode;
  children: ReactNode;
  /** Takes the height that its column has left. */
  fill?: boolean;
  /** Its content can be longer than it: also the keyboard must be able to scroll. */
  scrolls?: boolean;
  /** For the body. */
  className?: string;
}

/** A panel's frame: a titled region that a screen reader can jump to. */
export function Card({
  title,
  actions,
  children,
  fill = false,
  scrolls = false,
  className,
}: CardProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className={classes(
        "flex min-h-0 min-w-0 flex-col overflow-clip rounded-lg border border-line bg-surface",
        fill && "flex-1",
      )}
    >
      <header className="flex min-h-10 shrink-0 items-center justify-between gap-2 border-line border-b px-3 py-1">
        <h2 id={id} className="min-w-0 truncate font-semibold text-base">
          {title}
        </h2>
        {actions}
      </header>
      <div
        tabIndex={scrolls ? 0 : undefined}
        className={classes(
          "min-h-0 flex-1 focus-visible:outline-offset-[-2px]",
          // What is hidden from sight must not stretch the page below.
          scrolls && "relative overflow-y-auto",
          className,
        )}
      >
        {children}
      </div>
    </section>
  );
}
