import { formatCount } from "@/lib/format";
import { stepInWords } from "@/lib/reasons";
import { Card } from "@/ui/card";

/** Entries that a strategy confirmed and a limit forbade. */
export function Refusals({ refusals }: { refusals: Record<string, number> }) {
  const rows = Object.entries(refusals).sort(([, one], [, other]) => other - one);
  if (rows.length === 0) return null;
  return (
    <Card title="Entries that limits forbade">
      <dl className="flex flex-col">
        {rows.map(([limit, count]) => (
          <div
            key={limit}
            className="flex justify-between gap-3 border-line border-b px-3 py-1.5 last:border-b-0"
          >
            <dt>{stepInWords(limit)}</dt>
            <dd className="num font-medium">{formatCount(count)}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
