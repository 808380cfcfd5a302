import { useNow } from "@/lib/clock";
import { formatAge, formatFull } from "@/lib/time";

/** How long ago, with the moment itself on hover. `at` in Unix milliseconds. */
export function Ago({ at, className }: { at: number; className?: string }) {
  const age = formatAge(Math.max(0, useNow() - at));
  return (
    <time dateTime={new Date(at).toISOString()} title={formatFull(at)} className={className}>
      {age === "now" ? age : `${age} ago`}
    </time>
  );
}
