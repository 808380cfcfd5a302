/** How finely equity is drawn where nobody chose. Pure. */
import type { Resolution } from "@/api/queries";
import type { Within } from "@/lib/profile";
import { parseTime } from "@/lib/time";

const DAY = 86_400_000;
const FINE_DAYS = 3;
const HOURLY_DAYS = 120;

/** As fine as a few thousand points allow, over the time or else the wallet's life. */
export function usualResolution(within: Within, created: string | undefined, now: number) {
  const begun = within.from ?? created;
  const end = within.to === undefined ? now : Math.min(parseTime(within.to), now);
  const first = Math.max(
    begun === undefined ? now : parseTime(begun),
    created === undefined ? 0 : parseTime(created),
  );
  const days = (end - first) / DAY;
  const resolution: Resolution = days <= FINE_DAYS ? "1m" : days <= HOURLY_DAYS ? "1h" : "1d";
  return resolution;
}
