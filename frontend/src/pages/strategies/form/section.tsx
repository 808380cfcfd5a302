import type { ReactNode } from "react";

/** A part of the form under a heading that says what it is for. */
export function Section({
  title,
  about,
  children,
}: {
  title: string;
  about: string;
  children: ReactNode;
}) {
  return (
    <section
      aria-label={title}
      className="flex flex-col gap-3 border-line border-b px-3 py-4 last:border-b-0 sm:px-4"
    >
      <header>
        <h3 className="font-semibold text-lg">{title}</h3>
        <p className="text-muted text-sm">{about}</p>
      </header>
      {children}
    </section>
  );
}

/** What is wrong with several fields together. */
export function FaultLine({ text }: { text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <p role="alert" className="font-medium text-down text-sm">
      {text}
    </p>
  );
}
