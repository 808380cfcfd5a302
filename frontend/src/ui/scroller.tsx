import type { ReactNode, Ref } from "react";
import { classes } from "./classes";

interface ScrollerProps {
  label: string;
  children: ReactNode;
  className?: string;
  ref?: Ref<HTMLElement>;
}

/** A region whose content scrolls inside it; the keyboard can, too. */
export function Scroller({ label, children, className, ref }: ScrollerProps) {
  return (
    <section
      ref={ref}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className={classes("relative overflow-auto focus-visible:outline-offset-[-2px]", className)}
    >
      {children}
    </section>
  );
}
