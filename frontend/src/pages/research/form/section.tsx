import { type ReactNode, useId } from "react";

interface SectionProps {
  number: number;
  title: string;
  /** One line: what is decided here. */
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A step of the form. */
export function Section({ number, title, lead, actions, children }: SectionProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="min-w-0 rounded-lg border border-line bg-surface p-3 sm:p-4"
    >
      <header className="mb-3 flex flex-wrap items-start justify-between gap-2">
        <div className="min-w-0">
          <h2 id={id} className="flex items-center gap-2 font-semibold text-lg">
            <span
              aria-hidden="true"
              className="flex size-5 items-center justify-center rounded-full bg-accent-soft font-semibold text-accent text-xs"
            >
              {number}
            </span>
            {title}
          </h2>
          {lead && <p className="mt-0.5 max-w-3xl text-muted text-sm">{lead}</p>}
        </div>
        {actions}
      </header>
      {children}
    </section>
  );
}
