/** What a wrong clock means; pure. */
import type { Status } from "@/api/status";
import type { Finding } from "./health";
import { formatDelay } from "./words";

/** The platform's time against what others' answers say, and a machine's clock that was set. */
export function clockFindings({ clock }: Status): Finding[] {
  const off = clock.off && clock.skew_ms !== null;
  const found: Finding[] = off
    ? [
        {
          level: "warn",
          what: `The platform's clock is ${formatDelay(Math.abs(clock.skew_ms ?? 0))} ${(clock.skew_ms ?? 0) > 0 ? "slow" : "fast"} by what other services say.`,
          since: null,
          means: "Longest holding times and days end by that much at another time.",
        },
      ]
    : [];
  if (Math.abs(clock.set_by_ms) > 1_000) {
    found.push({
      level: "warn",
      what: `The machine's clock was set by ${formatDelay(Math.abs(clock.set_by_ms))}; no other service agrees.`,
      since: null,
      means: "The platform goes on by its own time, so that no trade ends early or late.",
    });
  }
  return found;
}
