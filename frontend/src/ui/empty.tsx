import type { ReactNode } from "react";

interface EmptyProps {
  title: string;
  /** What will appear here, and when. */
  children: ReactNode;
}

export function Empty({ title, children }: EmptyProps) {
  return (
    <div className="flex h-full min-h-24 flex-col items-center justify-center gap-1 px-6 py-6 text-center">
      <p className="font-medium text-muted">{title}</p>
      <p className="max-w-xs text-faint text-sm">{children}</p>
    </div>
  );
}
