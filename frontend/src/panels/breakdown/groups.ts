/** What a group of trades is called, and which trades it holds. Pure. */
import type { Group, Grouping } from "@/api/analytics";
import type { ExportName } from "@/api/exports";
import { own } from "@/lib/own";
import type { TradeSearch } from "@/lib/profile";
import { inWords } from "@/lib/reasons";
import { cleanText } from "@/lib/text";

export const groupings: { value: Grouping; title: string; column: string }[] = [
  { value: "strategy", title: "Strategy", column: "Strategy" },
  { value: "source", title: "Led by", column: "Led by" },
  { value: "exit-reason", title: "Ended by", column: "Ended by" },
  { value: "hour", title: "Hour", column: "Hour of the end" },
  { value: "weekday", title: "Weekday", column: "Day of the end" },
];

export const exportOf = (by: Grouping): ExportName => `per-${by}`;

const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const sources: Record<string, string> = { signal: "A signal", named: "Settings by name" };

export function groupName(by: Grouping, { key }: Pick<Group, "key">): string {
  if (key === null) return "Not known";
  if (by === "hour") return `${key.padStart(2, "0")}:00`;
  if (by === "weekday") return weekdays[Number(key) - 1] ?? key;
  if (by === "source") return own(sources, key) ?? inWords(cleanText(key, 24));
  return inWords(cleanText(key, 24));
}

/** In the order of the clock or the week, otherwise by the words. */
export function groupOrder(by: Grouping, group: Group): string | number {
  return by === "hour" || by === "weekday" ? Number(group.key) : groupName(by, group);
}

/** The history's filters for a group; null where the history knows none. */
export function tradesIn(by: Grouping, { key }: Pick<Group, "key">): TradeSearch | null {
  if (key === null) return null;
  if (by === "strategy") return { strategy: key };
  if (by === "exit-reason") return { reason: key };
  if (by === "source" && (key === "signal" || key === "named")) return { source: key };
  return null;
}
