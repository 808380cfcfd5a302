import { Check, HelpCircle, X } from "lucide-react";
import type { Replay } from "@/api/wire";
import { formatNumber } from "@/lib/format";
import { cleanText } from "@/lib/text";
import { formatFull, parseTime } from "@/lib/time";
import { Badge, type Tone } from "@/ui/badge";

const looks: Record<Replay["status"], { tone: Tone; Icon: typeof Check; text: string }> = {
  equal: { tone: "up", Icon: Check, text: "Recomputed = recorded" },
  different: { tone: "down", Icon: X, text: "Recomputed differs" },
  unchecked: { tone: "neutral", Icon: HelpCircle, text: "Not recomputed" },
};

const said = (value: number | string | null) => {
  if (value === null) return "nothing";
  return typeof value === "number" ? formatNumber(value) : cleanText(value, 60);
};

/** Whether the trade, run again on the prices that were seen, gives its record. */
export function ReplayBadge({ replay }: { replay: Replay }) {
  const { tone, Icon, text } = looks[replay.status];
  const at = replay.checked_at;
  return (
    <span className="inline-flex items-center gap-2">
      <Badge tone={tone}>
        <Icon size={12} aria-hidden="true" />
        <span title={at === null ? undefined : `Checked ${formatFull(parseTime(at))}`}>{text}</span>
      </Badge>
      {replay.reason !== null && replay.status !== "equal" && (
        <span className="text-muted text-sm">{cleanText(replay.reason, 160)}</span>
      )}
    </span>
  );
}

/** What a recomputation told otherwise, place by place. */
export function ReplayDifferences({ replay }: { replay: Replay }) {
  if (replay.differences.length === 0) return null;
  return (
    <section
      aria-label="What differs"
      className="rounded-lg border border-down bg-down-soft px-3 py-2 text-sm"
    >
      <h3 className="font-semibold text-down">The record and its recomputation differ</h3>
      <table className="mt-1 w-full">
        <thead>
          <tr className="text-left text-muted">
            {["Where", "Recorded", "Recomputed"].map((title) => (
              <th key={title} scope="col" className="pr-3 font-medium">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {replay.differences.map(({ field, recorded, replayed }) => (
            <tr key={field}>
              <th scope="row" className="pr-3 text-left font-normal">
                {cleanText(field, 60)}
              </th>
              <td className="num pr-3">{said(recorded)}</td>
              <td className="num">{said(replayed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
