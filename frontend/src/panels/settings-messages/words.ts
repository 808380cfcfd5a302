/** What messages are about and what became of them, in words. Pure. */
import type { Delivery, NoticeKind } from "@/api/notifications";
import type { Tone } from "@/ui/badge";

export const kindNames: Record<NoticeKind, string> = {
  trade_opened: "A trade opened",
  part_sold: "A part was sold",
  trade_closed: "A trade closed",
  stop: "A stop was hit",
  risk_pause: "A limit paused trading",
  price_trouble: "Trouble with a price",
  engine_trouble: "Trouble with the engine",
  audit_fault: "The record is in doubt",
  account: "You paused, resumed or reset",
};

/** What most people want to hear of. */
export const chosenFirst: NoticeKind[] = [
  "trade_opened",
  "trade_closed",
  "risk_pause",
  "price_trouble",
  "engine_trouble",
  "audit_fault",
];

export const outcomes: Record<Delivery["status"], { tone: Tone; word: string }> = {
  sent: { tone: "up", word: "sent" },
  waiting: { tone: "neutral", word: "waits" },
  failed: { tone: "down", word: "failed" },
  skipped: { tone: "warn", word: "not sent" },
};

/** What a row of the log says beside its outcome. */
export function outcomeInWords({ status, attempts, error }: Delivery): string {
  const tries = attempts === 1 ? "1 try" : `${attempts} tries`;
  const why = error === null ? "" : `: ${error}`;
  if (status === "sent") return attempts > 1 ? `after ${tries}` : "";
  if (attempts === 0) return why.slice(2);
  return status === "waiting" ? `${tries}, again soon${why}` : `${tries}${why}`;
}

export function toggled(kinds: NoticeKind[], kind: NoticeKind): NoticeKind[] {
  return kinds.includes(kind) ? kinds.filter((it) => it !== kind) : [...kinds, kind];
}

export function kindsInWords(kinds: NoticeKind[]): string {
  if (kinds.length === 0) return "nothing yet";
  return kinds.map((kind) => kindNames[kind].replace(/^./, (it) => it.toLowerCase())).join(", ");
}
