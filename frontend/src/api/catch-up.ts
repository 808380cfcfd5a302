/** What a broken link missed and was told afterwards. */
import type { Link } from "./socket";
import type { Frame } from "./wire";

export interface CaughtUp {
  /** Stored events that happened meanwhile. */
  events: number;
  /** False when there were too many: everything was loaded anew. */
  isWhole: boolean;
}

/** Missed events come before the link counts as live again. */
export class CatchUp {
  private hasBeenLive = false;
  private isLive = false;
  private events = 0;
  private isWhole = true;

  hear({ type }: Frame) {
    if (this.isLive) return;
    if (type === "EVENT") this.events += 1;
    if (type === "RESET") this.isWhole = false;
  }

  /** Answers what was caught up with when a link that broke is live again. */
  linked(link: Link): CaughtUp | null {
    const wasBroken = this.hasBeenLive && !this.isLive;
    const { events, isWhole } = this;
    this.isLive = link === "live";
    if (!this.isLive) return null;
    this.hasBeenLive = true;
    this.events = 0;
    this.isWhole = true;
    return wasBroken ? { events, isWhole } : null;
  }
}

/** "Caught up, 14 events". */
export function caughtUpInWords({ events, isWhole }: CaughtUp): string {
  if (!isWhole) return "Caught up: everything was loaded anew";
  if (events === 0) return "Caught up, nothing was missed";
  return `Caught up, ${events} ${events === 1 ? "event" : "events"}`;
}
