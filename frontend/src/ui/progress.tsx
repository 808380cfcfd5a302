import { classes } from "./classes";

interface ProgressProps {
  label: string;
  /** 0 to 1; null while nobody knows. */
  share: number | null;
  className?: string;
}

export function Progress({ label, share, className }: ProgressProps) {
  const percent = share === null ? null : Math.round(100 * Math.min(Math.max(share, 0), 1));
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent ?? undefined}
      className={classes("h-1.5 w-full overflow-hidden rounded-full bg-hover", className)}
    >
      <div
        className={classes(
          "h-full rounded-full bg-accent transition-[width] duration-300",
          percent === null && "animate-pulse",
        )}
        style={{ width: `${percent ?? 100}%` }}
      />
    </div>
  );
}
