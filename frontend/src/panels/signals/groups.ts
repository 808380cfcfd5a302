import type { Summary, SummaryStatus } from "@/api/wire";
import { parseTime } from "@/lib/time";

export interface Group {
  status: SummaryStatus;
  meaning: string;
  summaries: Summary[];
}

const order: [SummaryStatus, string][] = [
  ["Active", "Held now"],
  ["Monitoring", "Passed the screening; waiting for a strategy to confirm"],
  ["Pending", "Confirmed; a limit stands in the way"],
  ["Screening", "Just signalled; sentiment is being asked"],
  ["Finished", "Traded and sold"],
  ["Failed", "Ended before a trade"],
];

/** The signals by state, the most urgent state first, the newest signal first in each. */
export function groupsOf(summaries: Summary[]): Group[] {
  return order.map(([status, meaning]) => ({
    status,
    meaning,
    summaries: summaries
      .filter((summary) => summary.status === status)
      .sort((one, other) => parseTime(other.at) - parseTime(one.at)),
  }));
}

/** A token can be in the list once per trade: what tells a row from its neighbour. */
export function keyOf(summary: Summary): string {
  return `${summary.token.address}/${summary.trade_id ?? ""}/${summary.signal_id ?? summary.at}`;
}
